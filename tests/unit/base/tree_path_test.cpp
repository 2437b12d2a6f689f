// SPDX-License-Identifier: MIT
#include "mailstate/base/tree_path.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace mailstate {
namespace {

TEST(TreePath, OfTheRootDirectoryHasOneSlash)
{
    const TreePath root;
    EXPECT_EQ(root.text(), "/");
    EXPECT_EQ(root.text("var"), "/var");
    EXPECT_EQ(root.child("var").text(), "/var");
    EXPECT_EQ(root.child("var").child("lib").text("redis"), "/var/lib/redis");
}

TEST(TreePath, StartsAtARootOfSeveralNames)
{
    const auto path = TreePath("/var/lib/redis").child("a");
    EXPECT_EQ(path.text(), "/var/lib/redis/a");
    EXPECT_EQ(path.text("b"), "/var/lib/redis/a/b");
}

TEST(TreePath, DropsTrailingSlashesOfTheRoot)
{
    EXPECT_EQ(TreePath("/var/lib//").child("a").text(), "/var/lib/a");
    EXPECT_EQ(TreePath("//").text("a"), "/a");
}

TEST(TreePath, IsRelativeWithoutTheRoot)
{
    const TreePath root("/var/lib");
    EXPECT_EQ(root.relative(), "");
    EXPECT_EQ(root.relative("a"), "a");
    EXPECT_EQ(root.child("a").child("b").relative(), "a/b");
    EXPECT_EQ(root.child("a").relative("b"), "a/b");
}

TEST(TreePath, CountsItsDepth)
{
    const TreePath root("/var/lib");
    EXPECT_EQ(root.depth(), 0);
    EXPECT_EQ(root.child("a").child("b").depth(), 2);
}

TEST(TreePath, OutlivesTheDirectoriesAbove)
{
    const auto path = [] { return TreePath("/a").child("b").child("c"); }();
    EXPECT_EQ(path.text(), "/a/b/c");
}

TEST(TreePath, KeepsAnyBytes)
{
    EXPECT_EQ(TreePath("/a").child("b\n\xff").text("c\\"), "/a/b\n\xff/c\\");
}

TEST(TreePath, IsSaidFarBeyondTheKernelsLimit)
{
    TreePath path("/deep");
    std::string expected = "/deep";
    for (int level = 0; level < 5000; ++level) {
        path = path.child("level");
        expected += "/level";
    }
    EXPECT_EQ(path.depth(), 5000);
    EXPECT_EQ(path.text(), expected);
    EXPECT_EQ(path.relative(), expected.substr(6));
}

TEST(TreePath, OfAMillionLevelsIsDestroyedWithoutRecursion)
{
    TreePath path;
    for (int level = 0; level < 1'000'000; ++level) path = path.child("d");
    EXPECT_EQ(path.depth(), 1'000'000);
}

TEST(TreePath, SharesItsDirectoriesAmongThreads)
{
    auto above = TreePath("/a").child("b");
    for (int level = 0; level < 1000; ++level) above = above.child("d");
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([below = above.child(std::to_string(number)), number] {
            for (int round = 0; round < 100; ++round) {
                const auto name = std::to_string(round);
                EXPECT_EQ(below.child(name).relative().size(), 1 + 2000 + 2 + 1 + name.size()) << number;
            }
        });
    }
    above = TreePath();
    for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace mailstate
