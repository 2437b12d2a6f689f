// SPDX-License-Identifier: MIT
// The conformance suite on the filesystem in memory.
#include "fake/fake_filesystem.hpp"
#include "unit/fs/conformance/ground.hpp"

namespace mailstate {

namespace {

void expect_done(const Result<>& result)
{
    EXPECT_TRUE(result) << words_of(result);
}

class FakeGround final : public Ground {
public:
    [[nodiscard]] const Reader& reader() const override { return fake_.reader(); }
    Writer& writer() override { return fake_.writer(); }
    [[nodiscard]] Path top() const override { return "/"; }

    void bind(const Path& source, const Path& at) override { expect_done(fake_.bind(source, at)); }
    void write_at(const Path& file, std::uint64_t offset, std::string_view bytes) override
    {
        expect_done(fake_.write_at(file, offset, bytes));
    }
    void set_size(const Path& file, std::uint64_t size) override { expect_done(fake_.set_size(file, size)); }
    void set_attribute(const Path& file, const std::string& name, const std::string& value) override
    {
        expect_done(fake_.set_attribute(file, name, value));
    }
    void set_times(const Path& file, Timestamp atime, Timestamp mtime) override
    {
        expect_done(fake_.set_times(file, atime, mtime));
    }
    void make_socket(const Path& path) override { expect_done(fake_.make_socket(path)); }

private:
    FakeFilesystem fake_;
};

std::unique_ptr<Ground> make_fake(std::string&)
{
    return std::make_unique<FakeGround>();
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Memory, Filesystem, testing::Values(GroundKind{"fake", make_fake}), name_of_ground);

}  // namespace mailstate
