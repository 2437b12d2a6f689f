// SPDX-License-Identifier: MIT
#include "engine/tree_walk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <thread>

#include "fake/fake_filesystem.hpp"

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
        (void)fake.writer().make_directory({root, "flat"}, Mode{0755}).value();
        fill("/flat", 300);
    }

    void fill(const std::string& directory, int names, const std::string& prefix = {})
    {
        const DirectoryRef at = *fake.reader().open(directory);
        for (int i = 0; i < names; ++i) fake.writer().make_link({at, prefix + std::to_string(i)}, "nowhere").value();
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

// Notes which directories are complete, and minds one that is complete before what stands in it.
class OrderVisitor final : public TreeVisitor<std::string> {
public:
    Result<Descend> visit(const Place& place, std::string& prefix) override
    {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        const std::lock_guard lock(mutex_);
        const bool has_ended = ended.contains(prefix);
        if (has_ended) ++late;
        if (place.attributes.kind == Kind::directory) open.insert(prefix + place.name + "/");
        return Descend::yes;
    }

    Result<std::string> enter(const Place& place, const std::string& parent, const DirectoryRef& /*opened*/) override
    {
        return parent + place.name + "/";
    }

    Result<> complete(std::string& prefix) override
    {
        const std::lock_guard lock(mutex_);
        ended.insert(prefix);
        open.erase(prefix);
        const auto below = open.lower_bound(prefix);
        if (below != open.end() && below->starts_with(prefix)) ++late;
        return {};
    }

    std::set<std::string> open, ended;
    int late = 0;

private:
    std::mutex mutex_;
};

TEST_F(Walk, CompletesADirectoryAfterAllThatIsBelowIt)
{
    for (const char* outer : {"/a", "/b", "/c", "/d"}) {
        const std::string top = outer;
        (void)fake.writer().make_directory({*fake.reader().open("/"), top.substr(1)}, Mode{0755}).value();
        for (int i = 0; i < 20; ++i) {
            (void)fake.writer().make_directory({*fake.reader().open(top), std::to_string(i)}, Mode{0755}).value();
            fill(top + "/" + std::to_string(i), 10);
        }
        fill(top, 40, "link");
    }
    OrderVisitor order;
    walk(fake.reader(), *fake.reader().open("/"), std::string(), order, {8}).value();
    EXPECT_EQ(order.late, 0);
    EXPECT_EQ(order.ended.size(), 1U + 1U + 4U * 21U);
    EXPECT_TRUE(order.open.empty());
}

}  // namespace
