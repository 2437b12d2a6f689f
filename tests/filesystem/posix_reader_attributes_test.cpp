// SPDX-License-Identifier: MIT
// CAUTION: tests with mounts need root; they make them in a mount namespace of their own.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <cstring>

#include "filesystem/reader_below.hpp"
#include "support/error_of.hpp"

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PosixReaderAttributes : public PosixReaderTest {
protected:
    [[nodiscard]] std::vector<std::string> attribute_names(const Name& item) const
    {
        const auto attributes = reader_->extended_attributes(item);
        EXPECT_TRUE(attributes) << describe(attributes.error());
        std::vector<std::string> names;
        for (const auto& attribute : *attributes) names.push_back(attribute.name);
        return names;
    }
    void set_attribute(const std::string& below, const char* name, const std::string& value) const
    {
        EXPECT_EQ(::lsetxattr(scratch_.path(below).c_str(), name, value.data(), value.size(), 0), 0)
            << name << " of " << below << ": " << std::strerror(errno);
    }
};

TEST_F(PosixReaderAttributes, ReadsExtendedAttributesSorted)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    set_attribute("t/file", "trusted.z", std::string("a\0b", 3));
    set_attribute("t/file", "trusted.empty", "");
    set_attribute("t/file", "security.a", std::string(5000, 'x'));
    const auto attributes = reader_->extended_attributes({open("/t"), "file"});
    ASSERT_TRUE(attributes);
    EXPECT_THAT(*attributes, ElementsAre(ExtendedAttribute{"security.a", std::string(5000, 'x')},
                                         ExtendedAttribute{"trusted.empty", ""},
                                         ExtendedAttribute{"trusted.z", std::string("a\0b", 3)}));
}

TEST_F(PosixReaderAttributes, ReadsALongListOfExtendedAttributes)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    for (int i = 100; i < 300; ++i) set_attribute("t/file", ("trusted.number" + std::to_string(i)).c_str(), "v");
    EXPECT_EQ(attribute_names({open("/t"), "file"}).size(), 200U);
}

TEST_F(PosixReaderAttributes, LeavesOutAttributesOfThePlace)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_file("t/file");
    set_attribute("t/file", "trusted.overlay.opaque", "y");
    set_attribute("t/file", "security.selinux", "system_u:object_r:mail_spool_t:s0");
    set_attribute("t/file", "trusted.overlaid", "kept");
    EXPECT_THAT(attribute_names({open("/t"), "file"}), ElementsAre("trusted.overlaid"));
}

TEST_F(PosixReaderAttributes, ReadsExtendedAttributesOfEveryKindWithoutFollowing)
{
    NEEDS_PRIVATE_MOUNTS();
    scratch_.make_directory("t");
    const TestMount tmpfs("none", scratch_.path("t"), "tmpfs", 0);
    scratch_.make_directory("t/directory");
    scratch_.make_link("t/link", "directory");
    ASSERT_EQ(::mkfifo(scratch_.path("t/fifo").c_str(), 0600), 0);
    set_attribute("t/directory", "trusted.of-directory", "1");
    set_attribute("t/link", "trusted.of-link", "1");
    set_attribute("t/fifo", "trusted.of-fifo", "1");
    const auto at = open("/t");
    EXPECT_THAT(attribute_names({at, "directory"}), ElementsAre("trusted.of-directory"));
    EXPECT_THAT(attribute_names({at, "link"}), ElementsAre("trusted.of-link"));
    EXPECT_THAT(attribute_names({at, "fifo"}), ElementsAre("trusted.of-fifo"));
    EXPECT_THAT(attribute_names({open("/t/directory"), "."}), ElementsAre("trusted.of-directory"));
    EXPECT_EQ(error_of(reader_->extended_attributes({at, "missing"})), ENOENT);
    EXPECT_EQ(error_of(reader_->extended_attributes({at, "../file"})), EINVAL);
}

TEST_F(PosixReaderAttributes, HasNoExtendedAttributesWhereTheFilesystemHasNone)
{
    const auto proc = reader_below("/");
    const auto directory = proc->open("/proc/self");
    ASSERT_TRUE(directory);
    const auto attributes = proc->extended_attributes({*directory, "status"});
    ASSERT_TRUE(attributes) << describe(attributes.error());
    EXPECT_THAT(*attributes, IsEmpty());
}

}  // namespace
}  // namespace mailstate
