// SPDX-License-Identifier: MIT
#include "app/commands/choose_layout.hpp"

#include <gmock/gmock.h>

#include "app/files/files.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/layout_json.hpp"
#include "unit/app/scratch_directory.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

std::unique_ptr<Reader> reader_below(const ScratchDirectory& scratch)
{
    return make_posix_reader(Path(scratch.path())).value();
}

TEST(LayoutChoice, TellsFilesFromNames)
{
    EXPECT_TRUE(is_layout_file("./mine"));
    EXPECT_TRUE(is_layout_file("mine.json"));
    EXPECT_FALSE(is_layout_file("docker-mailserver"));
}

TEST(LayoutChoice, ListsWhatIsBuiltInForAnUnknownName)
{
    const Result<Layout> layout = load_layout("docker-mailsever", Stop{});
    ASSERT_FALSE(layout.has_value());
    EXPECT_THAT(layout.error().hint, HasSubstr("Did you mean 'docker-mailserver'? Built in: "));
}

TEST(LayoutChoice, LoadsEveryBuiltInLayout)
{
    EXPECT_THAT(built_in_layouts(), testing::Contains("docker-mailserver"));
    for (const std::string& name : built_in_layouts()) {
        const Result<Layout> layout = load_layout(name, Stop{});
        ASSERT_TRUE(layout.has_value()) << describe(layout.error());
        EXPECT_EQ(layout->name, name);
    }
}

TEST(LayoutChoice, LoadsAFile)
{
    const ScratchDirectory scratch;
    const std::string file = scratch.path("mine.json");
    ASSERT_TRUE(write_output_file(file, std::string(built_in_layout_text("docker-mailserver"))).has_value());
    EXPECT_EQ(load_layout(file, Stop{}).value().name, "docker-mailserver");
    EXPECT_THAT(describe(load_layout(scratch.path("absent.json"), Stop{}).error()),
                HasSubstr("absent.json: no such file"));
}

TEST(LayoutChoice, RecognisesDockerMailserverByItsFiles)
{
    const ScratchDirectory scratch;
    boost::filesystem::create_directory(scratch.path("etc"));
    ASSERT_TRUE(write_output_file(scratch.path("etc/dms-settings"), "").has_value());
    EXPECT_EQ(recognise_layout(*reader_below(scratch), {}).because, "/etc/dms-settings was found");
}

TEST(LayoutChoice, RecognisesDockerMailserverByItsEnvironment)
{
    const ScratchDirectory scratch;
    EXPECT_EQ(recognise_layout(*reader_below(scratch), {{"DMS_RELEASE", "v15"}}).because, "DMS_RELEASE was found");
    const Recognised unknown = recognise_layout(*reader_below(scratch), {});
    EXPECT_EQ(unknown.because, "");
    EXPECT_EQ(unknown.layout, "docker-mailserver");
}

TEST(LayoutChoice, RecognisesMailcowAndMailuInsideTheirContainers)
{
    const ScratchDirectory cow, mailu;
    EXPECT_EQ(recognise_layout(*reader_below(cow), {{"MAILCOW_HOSTNAME", "mail.example.org"}}).because, "");
    boost::filesystem::create_directories(cow.path("opt/postfix/conf"));
    EXPECT_EQ(recognise_layout(*reader_below(cow), {}).because, "");
    ASSERT_TRUE(write_output_file(cow.path("docker-entrypoint.sh"), "").has_value());
    EXPECT_EQ(recognise_layout(*reader_below(cow), {}).layout, "mailcow");

    ASSERT_TRUE(write_output_file(mailu.path("start.py"), "").has_value());
    EXPECT_EQ(recognise_layout(*reader_below(mailu), {}).because, "");
    boost::filesystem::create_directory(mailu.path("conf"));
    EXPECT_EQ(recognise_layout(*reader_below(mailu), {}).layout, "mailu");
}

TEST(LayoutChoice, PutsTheStateDirectoryInPlace)
{
    const ScratchDirectory scratch;
    Options options;
    EXPECT_EQ(choose_layout(options, *reader_below(scratch), {}, Stop{}).value().state_dir, "/var/mail-state");
    options.state_dir = "/srv/state";
    EXPECT_EQ(choose_layout(options, *reader_below(scratch), {}, Stop{}).value().state_dir, "/srv/state");
}

TEST(LayoutChoice, RefusesAnEntryThatTheLayoutDoesNotHave)
{
    const Layout layout = load_layout("docker-mailserver", Stop{}).value();
    Options options;
    options.plan.only = {"redis"};
    EXPECT_TRUE(check_only(options, layout).has_value());
    options.plan.only = {"redis", "rediss"};
    const Result<> checked = check_only(options, layout);
    ASSERT_FALSE(checked.has_value());
    EXPECT_THAT(describe(checked.error()), HasSubstr("rediss: --only: layout docker-mailserver has no entry"));
    EXPECT_THAT(checked.error().hint, HasSubstr("Did you mean 'redis'?"));
}

}  // namespace
}  // namespace mailstate
