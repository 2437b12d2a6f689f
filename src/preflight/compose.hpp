// SPDX-License-Identifier: MIT
// A compose file, as far as the rules ask: services with their images, variables, volumes, ports and rights.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/finding.hpp"
#include "mailstate/settings.hpp"
#include "preflight/env_file.hpp"

namespace mailstate {

struct ComposeMount {
    std::string source;  // a path as it is written, or a volume's name; empty: anonymous
    std::string target;
    std::string type;  // "bind", "volume", "tmpfs", "secret"
    bool read_only = false;
    std::string where;  // "docker-compose.yml:12"
};

struct ComposeService {
    std::string name, where;
    std::string image;          // interpolated
    std::string written_image;  // as it stands: "ghcr.io/mailu/admin:${MAILU_VERSION:-2024.06}"
    SettingMap environment;     // what "environment" sets; its quotes are part of the value
    std::vector<std::string> env_files;
    std::vector<ComposeMount> mounts;
    std::vector<std::string> ports;  // as written: "25:25", "127.0.0.1:587:587"
    std::vector<std::string> cap_add, cap_drop, security_opt;
    bool privileged = false;
};

struct ComposeVolume {
    std::string name, real_name;  // real_name: where "name" gives another
    std::string fs_type, device;  // driver_opts: "nfs", ":/export"
};

struct ComposeSecret {
    std::string name, file;  // file: as it is written; empty where the engine has it from elsewhere
};

struct Compose {
    std::string file, project;
    std::vector<ComposeService> services;
    std::vector<ComposeVolume> volumes;
    std::vector<ComposeSecret> secrets;
    bool empty_services = false;  // "services:" with nothing under it
    std::vector<Finding> problems;
};

// ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:?error}, $NAME and $$, as compose replaces them.
std::string interpolate(std::string_view text, const Variables& variables);

// Whatever the bytes; what is no compose file has a problem (code compose.unreadable, with file and line).
Compose parse_compose(std::string_view file_name, std::string_view text, const Variables& variables);

// The second file over the first, as compose does it for docker-compose.override.yml: lists grow, values are replaced.
void merge_compose(Compose& base, const Compose& over);

const ComposeService* find_service(const Compose& compose, std::string_view name);
const ComposeVolume* find_volume(const Compose& compose, std::string_view name);
const ComposeSecret* find_secret(const Compose& compose, std::string_view name);
std::string image_tag(std::string_view image);   // "13.3.1" of "ghcr.io/x/y:13.3.1@sha256:…"; empty: latest is meant
std::string image_name(std::string_view image);  // "ghcr.io/x/y"

}  // namespace mailstate
