// SPDX-License-Identifier: MIT
#include "engine/walk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "fs/fake_filesystem.hpp"

using namespace mailstate;

namespace {

struct Count {
    std::shared_ptr<std::atomic<int>> names = std::make_shared<std::atomic<int>>(0);
};

// As slow as a filesystem across a network.
class SlowVisitor final : public TreeVisitor<Count> {
public:
    Result<Descend> visit(const Place& place, Count& count) override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        ++*count.names;
        const std::lock_guard lock(mutex_);
        threads[place.at->path().text()].insert(std::this_thread::get_id());
        return Descend::yes;
    }

    Result<Count> enter(const Place& /*place*/, const Count& /*parent*/, const DirectoryRef& /*opened*/) override
    {
        return Count{};
    }

    Result<> leave(const DirectoryRef& directory, Count& count) override
    {
        const std::lock_guard lock(mutex_);
        left[directory->path().text()].push_back(*count.names);
        return {};
    }

    std::map<std::string, std::set<std::thread::id>> threads;
    std::map<std::string, std::vector<int>> left;  // by directory: names that were visited when it was left

private:
    std::mutex mutex_;
};

class Walk : public ::testing::Test {
protected:
    Walk()
    {
        const DirectoryRef root = *fake.reader().open("/");
        (void)fake.writer().make_directory(root, "flat", Mode{0755}).value();
        fill("/flat", 300);
    }

    void fill(const std::string& directory, int names)
    {
        const DirectoryRef at = *fake.reader().open(directory);
        for (int i = 0; i < names; ++i) fake.writer().make_link(at, std::to_string(i), "nowhere").value();
    }

    void walk_with(int jobs) { walk(fake.reader(), *fake.reader().open("/"), Count{}, visitor, {jobs}).value(); }

    FakeFilesystem fake;
    SlowVisitor visitor;
};

TEST_F(Walk, VisitsTheNamesOfOneDirectoryWithSeveralThreads)
{
    walk_with(8);
    EXPECT_GT(visitor.threads["/flat"].size(), 1U);
}

TEST_F(Walk, LeavesADirectoryOnceAndOnlyWhenAllItsNamesWereVisited)
{
    walk_with(8);
    EXPECT_EQ(visitor.left["/flat"], std::vector<int>{300});
    EXPECT_EQ(visitor.left["/"], std::vector<int>{1});
}

TEST_F(Walk, StaysInOneThreadWithOneJob)
{
    walk_with(1);
    EXPECT_EQ(visitor.threads["/flat"], std::set{std::this_thread::get_id()});
    EXPECT_EQ(visitor.left["/flat"], std::vector<int>{300});
}

}  // namespace
