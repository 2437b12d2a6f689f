// SPDX-License-Identifier: MIT
// The lock of a volume, and what its holder writes into it.
#include "posix/lock.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>

#include "posix/holder_text.hpp"
#include "support/scratch.hpp"

namespace mailstate {

using std::chrono::milliseconds;
using testing::HasSubstr;

// Nothing keeps anybody out there, so nobody waits either.
TEST(Lock, ExcludesNobodyWhereTheFilesystemHasNone)
{
    const Scratch scratch;
    const TreePath path{scratch.path().native()};
    const Fd fd{::open(scratch.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    const At at{fd.get(), path};
    LockPace pace{milliseconds(10), {}};
    for (const int number : {ENOLCK, EOPNOTSUPP, ENOSYS, EINVAL}) {
        pace.set_lock = [number](int) { return number; };
        const auto lock = take_lock(at, milliseconds(0), pace);
        ASSERT_TRUE(lock) << describe(lock.error());
        EXPECT_TRUE(take_lock(at, milliseconds(30), pace));
    }
    pace.set_lock = [](int) { return EIO; };
    EXPECT_EQ(take_lock(at, milliseconds(0), pace).error().number, EIO);
}

TEST(HolderText, ReadsBackWhatItWrites)
{
    const Holder odd{"a\"b\\c\n\xff", "\x01", "", "{}:,", 1};
    EXPECT_EQ(holder_from_line(to_line(odd)), odd);
    EXPECT_EQ(to_line(odd).find('\n'), to_line(odd).size() - 1);
    EXPECT_EQ(holder_from_line(to_line(this_holder())), this_holder());
}

TEST(HolderText, TakesNoTornLine)
{
    const std::string line = to_line(this_holder());
    for (std::size_t length = 0; length + 2 < line.size(); ++length) {
        EXPECT_EQ(holder_from_line(line.substr(0, length)), std::nullopt) << length;
    }
    EXPECT_THAT(describe(held_by_another("fcntl", "/v/lock", "")), HasSubstr("an unknown process"));
}

}  // namespace mailstate
