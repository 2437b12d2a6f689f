// SPDX-License-Identifier: MIT
#include "engine/hard_links.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

using namespace mailstate;

namespace {

Attributes inode(std::uint64_t number, std::uint32_t links)
{
    Attributes attributes;
    attributes.inode = number;
    attributes.links = links;
    return attributes;
}

TEST(HardLinks, LetsTheFirstNameBeCopiedAndTheOthersBeLinked)
{
    HardLinks links;
    EXPECT_FALSE(links.first_copy(inode(1, 3)));
    links.made(inode(1, 3), "a/first");
    EXPECT_EQ(links.first_copy(inode(1, 3)), "a/first");
    EXPECT_EQ(links.first_copy(inode(1, 3)), "a/first");
}

TEST(HardLinks, ForgetsAnInodeWhoseNamesWereAllSeen)
{
    HardLinks links;
    EXPECT_FALSE(links.first_copy(inode(1, 2)));
    links.made(inode(1, 2), "first");
    EXPECT_EQ(links.first_copy(inode(1, 2)), "first");
    EXPECT_FALSE(links.first_copy(inode(1, 2)));  // the number is used anew
}

TEST(HardLinks, GivesTheFirstCopyToAnotherThreadAfterAFailure)
{
    HardLinks links;
    EXPECT_FALSE(links.first_copy(inode(1, 2)));
    links.failed(inode(1, 2));
    EXPECT_FALSE(links.first_copy(inode(1, 2)));
}

TEST(HardLinks, MakesOneCopyWhenManyThreadsComeAtOnce)
{
    HardLinks links;
    std::atomic<int> copies{0}, linked{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            if (links.first_copy(inode(7, 8))) {
                ++linked;
                return;
            }
            ++copies;
            links.made(inode(7, 8), "copy");
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(copies, 1);
    EXPECT_EQ(linked, 7);
}

}  // namespace
