// SPDX-License-Identifier: MIT
// Two runs on one volume whose lock excludes nobody: what the other one does is done from a hook, between two calls.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "unit/engine/engine_world.hpp"

namespace mailstate {

inline const std::string staging = "/var/mail-state/.mailstate/staging";
inline const std::string of_another = "redis.0123456789abcdef";

// Once, before the first call of this name on a path that holds a word.
struct Before {
    std::string_view call, word;
    std::function<void()> act;
    bool done = false;

    int operator()(std::string_view now, std::string_view path)
    {
        if (done || now != call || path.find(word) == std::string_view::npos) return 0;
        done = true;
        act();
        return 0;
    }
};

class TwoRuns : public ::testing::Test {
protected:
    // What the hook itself does with the filesystem is not asked about.
    void set_hook(FakeHook hook)
    {
        world.fake.set_hook([this, hook = std::move(hook)](std::string_view call, std::string_view path) {
            if (inside_ || !hook) return 0;
            inside_ = true;
            const int number = hook(call, path);
            inside_ = false;
            return number;
        });
    }
    // What another machine does behind our back.
    void rename(const std::string& from, const std::string& to)
    {
        const auto split = [](const std::string& path) {
            const std::size_t slash = path.rfind('/');
            return std::pair{path.substr(0, slash), path.substr(slash + 1)};
        };
        const auto [from_parent, name] = split(from);
        const auto [to_parent, to_name] = split(to);
        const Reader& reader = world.fake.reader();
        const auto done = world.fake.writer().rename({*reader.open(from_parent), name},
                                                     {*reader.open(to_parent), to_name}, Replace::no);
        EXPECT_TRUE(done) << describe(done.error());
    }
    std::string staged_copy()
    {
        if (!world.exists(staging)) return {};
        for (const auto& [name, content] : world.tree(staging))
            if (name.starts_with("redis.") && name.find('/') == name.size() - 1)
                return staging + "/" + name.substr(0, name.size() - 1);
        return {};
    }
    void expect_whole_origin()
    {
        EXPECT_EQ(world.read("/var/lib/redis/dump.rdb"), "precious");
        EXPECT_EQ(world.read("/var/lib/redis/sub/more"), "more of it");
    }
    [[nodiscard]] bool is_set_aside(const std::string& content) const
    {
        const auto kept = world.tree("/var/mail-state/.mailstate/displaced");
        return std::any_of(kept.begin(), kept.end(), [&](const auto& item) { return item.second == content; });
    }
    void leave_staging(const std::string& name, const std::string& file, const std::string& content)
    {
        if (!world.exists(staging + "/" + name)) world.make_directory(staging + "/" + name, Mode{0700}, {});
        world.write_file(staging + "/" + name + "/" + file, content);
    }
    // Without an exchange, as on NFS: the origin is emptied in steps.
    static int refuse_exchange(std::string_view call, std::string_view path)
    {
        return call == "renameat2" && path.ends_with("/.mailstate-redis") ? EINVAL : 0;
    }

    EngineWorld world;

private:
    bool inside_ = false;
};

}  // namespace mailstate
