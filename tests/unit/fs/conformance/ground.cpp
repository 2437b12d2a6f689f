// SPDX-License-Identifier: MIT
#include "unit/fs/conformance/ground.hpp"

#include <random>

namespace mailstate {

void Filesystem::SetUp()
{
    std::string reason;
    ground_ = GetParam().make(reason);
    if (!ground_) GTEST_SKIP() << "left out: " << reason;
    auto opened = ground_->reader().open(ground_->top());
    ASSERT_TRUE(opened) << words_of(opened);
    top_ = *opened;
}

DirectoryRef Filesystem::make_directory(const std::string& name, Mode mode)
{
    auto made = writer().make_directory({top_, name}, mode);
    EXPECT_TRUE(made) << words_of(made);
    return made.value_or(nullptr);
}

void Filesystem::make_file(const std::string& name, std::string_view content, Mode mode)
{
    const auto made = writer().replace_file({top_, name}, content, mode, any_proof());
    ASSERT_TRUE(made) << words_of(made);
}

void Filesystem::make_owned(const std::string& name, Owner owner, Mode mode)
{
    make_file(name, "content", mode);
    const auto changed = writer().change_ownership({top_, name}, attributes_of(name), owner, mode);
    ASSERT_TRUE(changed) << words_of(changed);
}

Result<Copied> Filesystem::copy(const std::string& name, const Attributes& seen, const std::string& to_name)
{
    return writer().copy_file({top_, name}, seen, {top_, to_name}, Durable::no, {});
}

Attributes Filesystem::attributes_of(const std::string& name) const
{
    const auto found = reader().attributes({top_, name});
    EXPECT_TRUE(found) << words_of(found);
    return found.value_or(Attributes{});
}

std::string Filesystem::content_of(const std::string& name) const
{
    constexpr std::size_t limit = std::size_t{64} << 20U;
    const auto content = reader().read_file({top_, name}, limit);
    EXPECT_TRUE(content) << words_of(content);
    return content.value_or("");
}

std::vector<ExtendedAttribute> Filesystem::extended_of(const std::string& name) const
{
    const auto found = reader().extended_attributes({top_, name});
    EXPECT_TRUE(found) << words_of(found);
    return found.value_or({});
}

std::vector<std::string> Filesystem::names(const DirectoryRef& directory) const
{
    std::vector<std::string> all, batch;
    auto listing = reader().list(directory);
    EXPECT_TRUE(listing) << words_of(listing);
    if (!listing) return all;
    for (;;) {
        const auto read = (*listing)->next(batch);
        EXPECT_TRUE(read) << words_of(read);
        if (!read || batch.empty()) break;
        all.insert(all.end(), batch.begin(), batch.end());
    }
    std::ranges::sort(all);
    return all;
}

std::string noise(std::size_t size, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::string bytes(size, '\0');
    std::ranges::generate(bytes, [&] { return static_cast<char>(random() & 0xffU); });
    return bytes;
}

}  // namespace mailstate
