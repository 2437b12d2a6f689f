// SPDX-License-Identifier: MIT
#include "app/files/files.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "app/files/draft.hpp"
#include "mailstate/engine/engine.hpp"
#include "unit/app/scratch_directory.hpp"

namespace mailstate {
namespace {

TEST(OutputFile, IsReadBackWhole)
{
    const ScratchDirectory scratch;
    const std::string content(300'000, 'x');
    ASSERT_TRUE(write_output_file(scratch.path("plan.json"), content).has_value());
    EXPECT_EQ(read_input_file(scratch.path("plan.json"), Stop{}).value_or(""), content);
}

TEST(OutputFile, ReplacesAnOlderOneAndLeavesNothingElse)
{
    const ScratchDirectory scratch;
    ASSERT_TRUE(write_output_file(scratch.path("plan.json"), "old").has_value());
    ASSERT_TRUE(write_output_file(scratch.path("plan.json"), "new").has_value());
    EXPECT_EQ(read_input_file(scratch.path("plan.json"), Stop{}).value_or(""), "new");
    const boost::filesystem::directory_iterator begin(scratch.path()), end;
    EXPECT_EQ(std::distance(begin, end), 1);
}

TEST(OutputFile, ReplacesADraftThatAKillHasLeft)
{
    const ScratchDirectory scratch;
    {
        Result<Draft> left = Draft::make(scratch.path("plan.json"));
        ASSERT_TRUE(left.has_value());
        ASSERT_EQ(::link(left->name().c_str(), scratch.path("kept").c_str()), 0);
    }
    ASSERT_EQ(::rename(scratch.path("kept").c_str(), scratch.path("plan.json.mailstate-new").c_str()), 0);
    ASSERT_TRUE(write_output_file(scratch.path("plan.json"), "new").has_value());
    EXPECT_EQ(read_input_file(scratch.path("plan.json"), Stop{}).value_or(""), "new");
    const boost::filesystem::directory_iterator begin(scratch.path()), end;
    EXPECT_EQ(std::distance(begin, end), 1);
}

TEST(OutputFile, WaitsForADraftThatSomebodyIsWriting)
{
    const ScratchDirectory scratch;
    const std::string path = scratch.path("plan.json");
    auto other = std::make_unique<Draft>(Draft::make(path).value());
    std::thread writer([&] { EXPECT_TRUE(write_output_file(path, "last").has_value()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_FALSE(boost::filesystem::exists(path));
    EXPECT_TRUE(boost::filesystem::exists(other->name()));
    EXPECT_TRUE(other->publish(path).has_value());
    other.reset();
    writer.join();
    EXPECT_EQ(read_input_file(path, Stop{}).value_or(""), "last");
}

TEST(OutputFile, DoesNotFollowALinkInTheDraftsPlace)
{
    const ScratchDirectory scratch;
    boost::filesystem::create_symlink("elsewhere", scratch.path("plan.json.mailstate-new"));
    EXPECT_TRUE(write_output_file(scratch.path("plan.json"), "x").has_value());
    EXPECT_FALSE(boost::filesystem::exists(scratch.path("elsewhere")));
    EXPECT_FALSE(boost::filesystem::is_symlink(scratch.path("plan.json")));
    EXPECT_FALSE(boost::filesystem::exists(boost::filesystem::symlink_status(scratch.path("plan.json.mailstate-new"))));
}

TEST(OutputFile, PublishesNoDraftOfAnother)
{
    const ScratchDirectory scratch;
    const std::string path = scratch.path("plan.json");
    Draft draft = Draft::make(path).value();
    boost::filesystem::remove(draft.name());
    std::ofstream(draft.name()) << "half of another's";
    EXPECT_EQ(draft.publish(path).error().number, EBUSY);
    EXPECT_FALSE(boost::filesystem::exists(path));
    EXPECT_TRUE(boost::filesystem::exists(path + ".mailstate-new"));
}

TEST(OutputFile, IsForItsOwnerOnly)
{
    const ScratchDirectory scratch;
    ASSERT_TRUE(write_output_file(scratch.path("plan.json"), "x").has_value());
    struct stat seen {};
    ASSERT_EQ(::stat(scratch.path("plan.json").c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 07777U, 0600U);
}

TEST(OutputFile, IsForOthersToReadWhereThatIsAsked)
{
    const ScratchDirectory scratch;
    const mode_t mask = ::umask(077);
    ASSERT_TRUE(write_output_file(scratch.path("run.prom"), "x", Mode{0644}).has_value());
    ::umask(mask);
    struct stat seen {};
    ASSERT_EQ(::stat(scratch.path("run.prom").c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 07777U, 0644U);
}

TEST(OutputFile, RefusesWhatIsNoRegularFile)
{
    const ScratchDirectory scratch;
    ASSERT_EQ(::mkfifo(scratch.path("fifo").c_str(), 0600), 0);
    boost::filesystem::create_symlink("elsewhere", scratch.path("link"));
    for (const char* const name : {"fifo", "link", "."})
        EXPECT_THAT(describe(write_output_file(scratch.path(name), "x").error()),
                    testing::HasSubstr("not a regular file"))
            << name;
    EXPECT_FALSE(boost::filesystem::exists(scratch.path("elsewhere")));
}

TEST(OutputFile, SaysWhichDirectoryIsNotThere)
{
    const ScratchDirectory scratch;
    const Result<> written = write_output_file(scratch.path("absent/plan.json"), "x");
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().number, ENOENT);
}

TEST(InputFile, SaysWhichFileIsNotThere)
{
    const ScratchDirectory scratch;
    const Result<std::string> text = read_input_file(scratch.path("absent"), Stop{});
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().number, ENOENT);
    EXPECT_EQ(text.error().subject, scratch.path("absent"));
}

TEST(InputFile, RefusesADirectory)
{
    const ScratchDirectory scratch;
    const Result<std::string> text = read_input_file(scratch.path(), Stop{});
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().number, EISDIR);
}

TEST(InputFile, MayBeAPipeWhoseWriterComesLater)
{
    const ScratchDirectory scratch;
    const std::string pipe = scratch.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::ofstream(pipe) << std::string(200'000, 'x');
    });
    const Result<std::string> text = read_input_file(pipe, Stop{});
    writer.join();
    ASSERT_TRUE(text.has_value()) << describe(text.error());
    EXPECT_EQ(text->size(), 200'000U);
}

TEST(InputFile, IsNotAwaitedAnyMoreOnceASignalCame)
{
    const ScratchDirectory scratch;
    const std::string pipe = scratch.path("pipe");
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    Stop stop;
    std::thread handler([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        stop.signal = SIGTERM;
    });
    const Result<std::string> text = read_input_file(pipe, stop);
    handler.join();
    ASSERT_FALSE(text.has_value());
    EXPECT_EQ(text.error().number, ECANCELED);
}

}  // namespace
}  // namespace mailstate
