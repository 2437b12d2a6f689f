// SPDX-License-Identifier: MIT
#include "fs/remove_unchanged.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <ctime>

#include "fs/copy_file.hpp"
#include "mailstate/fs/proof.hpp"

namespace mailstate {

namespace {

Failure changed(const Name& item)
{
    return fail({EBUSY, "unlinkat", item.path(), "the file changed in the moment it was to be removed",
                 "Stop the service that writes it."});
}

// A read lease is refused while somebody has the file open for writing, and holds up whoever opens it then. It wants
// the file's owner or CAP_LEASE; without, the look after the removal has to do. Source: fcntl(2), "Leases". A broken
// lease sends SIGIO, which the program ignores.
enum class Lease { held, refused, none };

Lease take_lease(int file)
{
    if (::fcntl(file, F_SETLEASE, F_RDLCK) == 0) return Lease::held;
    return errno == EAGAIN ? Lease::refused : Lease::none;
}

// Whoever was held up goes on with a file that has no name now: waits until it is written and closed.
void let_writer_finish(int file)
{
    if (::fcntl(file, F_GETLEASE) == F_RDLCK) return;
    constexpr timespec pause{0, 2'000'000};
    constexpr int longest = 1000;  // two seconds
    (void)::fcntl(file, F_SETLEASE, F_UNLCK);
    ::nanosleep(&pause, nullptr);
    for (int i = 0; i < longest && take_lease(file) == Lease::refused; ++i) ::nanosleep(&pause, nullptr);
}

// Where the service has made the file anew by now, that one is newer still, and both are kept.
Result<> put_back(const Name& item, int file, const Attributes& now, DataMethods& methods)
{
    const std::function<bool(std::uint64_t)> go_on;
    Result<> back = copy_opened({item, item, Durable::yes, go_on}, file, now, methods);
    if (back || back.error().number != EEXIST) return back;
    return copy_opened({item, {item.at, item.name + ".mailstate-kept"}, Durable::yes, go_on}, file, now, methods);
}

}  // namespace

// The descriptor outlives the name: what is written between the look and the removal shows in it.
Result<> remove_unchanged(const Name& item, const Attributes& seen, DataMethods& methods)
{
    const std::string text = TRY(checked_name("unlinkat", at_of(item.at), item.name));
    const Fd file = TRY(open_file_at(at_of(item.at), item.name, seen));
    const Lease lease = take_lease(file.get());
    if (lease == Lease::refused) return changed(item);
    const Attributes opened = TRY(stat_fd(file.get(), item.path()));
    if (!holds_the_same(seen, opened)) return changed(item);  // the ctime moves with a removed hard link
    if (::unlinkat(fd_of(item.at), text.c_str(), 0) == -1) return fail(system_error("unlinkat", item.path()));
    if (lease == Lease::held) let_writer_finish(file.get());
    const Attributes now = TRY(stat_fd(file.get(), item.path()));
    if (holds_the_same(seen, now)) return {};
    TRY(put_back({item.at, text}, file.get(), now, methods));
    return changed(item);
}

}  // namespace mailstate
