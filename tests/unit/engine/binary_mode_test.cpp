// SPDX-License-Identifier: MIT
// Programs of the image that need SGID, under one name, several names, or behind a link.
#include "engine/binary_mode.hpp"

#include <gtest/gtest.h>

#include "unit/engine/engine_world.hpp"

using namespace mailstate;

namespace {

class Binaries : public ::testing::Test {
protected:
    Binaries()
    {
        for (const char* path : {"/usr", "/usr/sbin", "/opt"}) world.make_directory(path, Mode{0755}, {});
        world.set_user("postdrop", 108);
        world.layout.binaries = {{"/usr/sbin/postdrop", "", "postdrop", Mode{02755}}};
    }
    void make_program(const std::string& path, Mode mode = Mode{0755}, Owner owner = {})
    {
        world.write_file(path, "program");
        world.own(path, owner, mode);
    }
    [[nodiscard]] static bool is_reported(const std::vector<Finding>& findings)
    {
        return has_finding(findings, "binary.other-names");
    }

    const Owner postdrop{Uid{0}, Gid{108}};
    EngineWorld world;
};

TEST_F(Binaries, GetTheirGroupAndSgid)
{
    make_program("/usr/sbin/postdrop");
    EXPECT_FALSE(is_reported(world.apply().findings));
    EXPECT_EQ(world.attributes("/usr/sbin/postdrop").mode, Mode{02755});
    EXPECT_EQ(world.attributes("/usr/sbin/postdrop").owner, postdrop);
}

TEST_F(Binaries, AreLeftAndReportedWhereTheirFileHasOtherNames)
{
    make_program("/opt/box");
    world.make_hard_link("/usr/sbin/postdrop", "/opt/box");
    EXPECT_TRUE(is_reported(world.apply().findings));
    EXPECT_EQ(world.attributes("/opt/box").mode, Mode{0755});
    EXPECT_EQ(world.attributes("/opt/box").owner, Owner{});
    EXPECT_TRUE(is_reported(world.verify()));
    EXPECT_FALSE(has_finding(world.verify(), "binary.sgid"));
}

TEST_F(Binaries, AreNotReportedWhereNothingIsToBeChanged)
{
    make_program("/opt/box", Mode{02755}, postdrop);
    world.make_hard_link("/usr/sbin/postdrop", "/opt/box");
    EXPECT_FALSE(is_reported(world.apply().findings));
}

TEST_F(Binaries, AreLeftAndReportedBehindALink)
{
    make_program("/opt/box");
    for (const char* text : {"/opt/box", "../../opt/box"}) {
        SCOPED_TRACE(text);
        world.remove("/usr/sbin/postdrop");
        world.make_link("/usr/sbin/postdrop", text);
        EXPECT_TRUE(is_reported(world.apply().findings));
        EXPECT_EQ(world.attributes("/opt/box").mode, Mode{0755});
        EXPECT_EQ(world.read_link("/usr/sbin/postdrop"), text);
    }
    world.own("/opt/box", postdrop, Mode{02755});
    EXPECT_FALSE(is_reported(world.apply().findings));
}

TEST_F(Binaries, AreNotMissedWhereTheImageHasNone)
{
    EXPECT_FALSE(is_reported(world.apply().findings));
    world.make_link("/usr/sbin/postdrop", "nowhere");
    EXPECT_FALSE(is_reported(world.apply().findings));
}

}  // namespace
