// SPDX-License-Identifier: MIT
// Where the evidence comes from.
#pragma once

#include <optional>
#include <string>

#include "mailstate/fs/reader.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

struct Sources {
    System system = System::docker_mailserver;
    std::string service;   // of the compose file: the only one to look at; empty: all of the system
    std::string from, to;  // as given; empty: detected
    // As given and as absolute paths of this machine; empty: not given.
    std::string config_dir, env_file, compose_file;
    std::string shown_config_dir, shown_env_file, shown_compose_file;  // as given
    std::optional<std::string> input;                                  // compose_file "-": what standard input had
    std::string directory;                                             // the same: of this process
    bool is_manifest = false;  // the compose file is one of Kubernetes, or a directory of them
    std::string root = "/";
    bool live = false;                       // below `inside` is the mail system itself
    const Variables* environment = nullptr;  // of this process
    const Variables* settings = nullptr;     // of a live system: what --settings and the environment say
    const Reader* inside = nullptr;          // below --root
    const Reader* host = nullptr;            // this machine, for the files that the operator named
    const Survey* survey = nullptr;
    const Layout* layout = nullptr;
};

}  // namespace mailstate
