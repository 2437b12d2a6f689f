// SPDX-License-Identifier: MIT
// A small mail container in memory: two services, a volume, and the verbs run over it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fake/fake_filesystem.hpp"
#include "mailstate/engine/rollback.hpp"

namespace mailstate {

inline constexpr const char* displaced_folder = "/var/mail-state/.mailstate/displaced";

bool has_finding(const std::vector<Finding>& findings, const std::string& code);

class EngineWorld {
public:
    explicit EngineWorld(std::uint32_t machine = 0);  // see FakeFilesystem

    void write_file(const std::string& path, const std::string& content);
    void make_directory(const std::string& path, Mode mode = Mode{0750}, Owner owner = {Uid{101}, Gid{104}});
    void make_link(const std::string& path, const std::string& text);
    void make_hard_link(const std::string& path, const std::string& first);
    void remove(const std::string& path);  // with all below it; nothing where it is absent
    void make_image_layer();               // the origins as the image has them
    void put_volume_on_root();             // a directory of the root's filesystem, as on bare metal and in LXC
    void own(const std::string& path, Owner owner, Mode mode);
    void set_user(const std::string& name, std::uint32_t uid);  // and the group of that name

    Report apply(ApplyOptions options = {});
    Plan plan(const PlanOptions& wanted = {});
    Report roll_back(RollbackOptions options = {});
    std::vector<Finding> verify();

    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] Attributes attributes(const std::string& path) const;
    [[nodiscard]] std::string read(const std::string& path) const;
    [[nodiscard]] std::string read_link(const std::string& path) const;
    [[nodiscard]] std::string newest_ledger() const;  // its content; empty where there is none
    // Every file below a directory with its content; a link says where it goes, a directory ends in a slash.
    [[nodiscard]] std::map<std::string, std::string> tree(const std::string& path) const;

    FakeFilesystem fake;
    Layout layout;
    Settings settings;
    Stop stop;
    int jobs = 1;

    // For verbs that have no short form above.
    template <class Verb>
    auto with_world(Verb verb)
    {
        Progress progress;
        return verb(world(progress));
    }

private:
    World world(Progress& progress);
    [[nodiscard]] DirectoryRef parent_of(const std::string& path, std::string& name) const;
    void write_accounts();

    std::map<std::string, std::uint32_t> users_;
    bool is_on_root_ = false;
};

}  // namespace mailstate
