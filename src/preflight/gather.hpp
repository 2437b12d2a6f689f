// SPDX-License-Identifier: MIT
// Collects the evidence: from files that the operator names, or from the running container. Only reads.
#pragma once

#include <string>

#include "mailstate/reader.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

struct Sources {
    System system = System::docker_mailserver;
    std::string from, to;  // as given; empty: found out
    // As given and as absolute paths of this machine; empty: not given.
    std::string config_dir, env_file, compose_file;
    std::string root = "/";
    bool live = false;                       // below `inside` is the mail system itself
    const Variables* environment = nullptr;  // of this process
    const Variables* settings = nullptr;     // of a live system: what --settings and the environment say
    const Reader* inside = nullptr;          // below --root
    const Reader* host = nullptr;            // this machine, for the files that the operator named
    const Survey* survey = nullptr;
    const Layout* layout = nullptr;
};

// Error: a file that was named cannot be read.
Result<Evidence> gather(const Sources& sources);

}  // namespace mailstate
