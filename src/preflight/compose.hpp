// SPDX-License-Identifier: MIT
// A compose project, as far as the rules ask: services with their images, variables, volumes, ports and rights. Pods of
// Kubernetes take the same form (kubernetes.hpp).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/result.hpp"
#include "mailstate/model/settings.hpp"
#include "preflight/env_file.hpp"
#include "preflight/message.hpp"

namespace mailstate {

struct ComposeItem {  // of a list: its text and its line
    std::string text, where;
};

struct TextPlace {  // of a file's text that is written in another file
    std::string file;
    int line = 1;       // of its key
    int text_line = 0;  // of its first line; 0: its lines are not those of the file
};

struct ComposeMount {
    std::string source;  // a path as it is written, or a volume's name; empty: anonymous
    std::string target;
    std::string type;  // "bind", "volume", "tmpfs", "secret", "config"
    bool read_only = false;
    std::string where;                            // "docker-compose.yml:12"
    std::string directory;                        // absolute: what a relative source is relative to
    std::optional<std::string> content = {};      // of a ConfigMap's key, or of configs: what the file has in it
    TextPlace content_place = {};                 // of the content
    std::string fs_type = {}, options = {};       // of a volume of Kubernetes: "nfs"
    std::string options_where = {};               // where the options stand
    std::vector<ComposeItem> option_places = {};  // of a list: where each of them does
    bool is_of_each = false;                      // of a claim template: every replica has its own
    // Of Kubernetes: the same for what is the same volume, whatever pods call it; empty: of each pod alone.
    std::optional<std::string> volume = {};
};

struct ComposeEnvFile {
    std::string path;       // as it is written
    std::string directory;  // absolute: what it is relative to
    std::string where;
    bool required = true;
    bool raw = false;  // format: raw
};

struct ComposeService {
    std::string name, where;
    std::string image;          // interpolated
    std::string written_image;  // as written: "ghcr.io/mailu/admin:${MAILU_VERSION:-2024.06}"
    std::string image_where;
    SettingMap environment;                // what "environment" sets; its quotes are part of the value
    std::string environment_missing = {};  // of Kubernetes: why some of its variables are not known
    std::vector<ComposeEnvFile> env_files;
    std::vector<ComposeMount> mounts;
    std::vector<ComposeItem> volumes_from;
    std::string mounts_missing;      // volumes that another container has: "compose.yml:5: …"; empty: all are known
    std::vector<ComposeItem> ports;  // as written: "25:25", "127.0.0.1:587:587"
    std::vector<ComposeItem> cap_add, cap_drop, security_opt;
    std::vector<ComposeItem> dns;
    ComposeItem replicas;  // "2": of deploy: or scale: as well
    ComposeItem fs_group;  // the same: "5000", "5000 once" where it is only set on a new volume
    std::vector<std::string> profiles;
    bool enabled = true;  // by COMPOSE_PROFILES
    bool privileged = false;
    bool has_build = false;
};

struct ComposeVolume {
    std::string name, real_name;  // real_name: where "name" gives another
    std::string fs_type, device;  // driver_opts: "nfs", ":/export"
    std::string options, where;   // driver_opts "o": "addr=nas,nolock", and its line
};

struct ComposeSecret {
    std::string name, file;  // file: as it is written; empty where the engine has it from elsewhere
    std::string directory;   // absolute: what it is relative to
};

struct ComposeOverride {  // a service in an override file
    std::string name, where;
    bool has_image = false;  // or a build, or a service that it extends: it needs no other file's
};

struct Compose {
    std::string file, project;  // file: as it is named to people
    std::string path;           // the same file, absolute; empty: of standard input
    std::string directory;      // of the project, absolute
    bool is_manifest = false;   // of Kubernetes
    std::vector<ComposeService> services;
    std::vector<ComposeVolume> volumes;
    std::vector<ComposeSecret> secrets;
    std::vector<ComposeOverride> override_services;
    bool override_ends_ipv6 = false;  // one says enable_ipv6: false of a network
    std::string override_empty;       // where an override has "services:" with nothing under it
    Variables variables;              // of the project: .env, and the environment over it
    std::vector<std::string> files;   // that were read, as they are named to people
    std::vector<Problem> problems;
    std::vector<ComposeItem> without_value;  // variables that are nothing where they are used
    std::vector<std::string> not_followed;   // what was not read, each with the reason
};

using ReadFile = std::function<Result<std::string>(const std::string& path)>;  // absolute

struct ComposeRequest {
    std::string file;                 // absolute; empty: `text` is all
    std::string shown;                // the same as the operator named it
    bool is_directory = false;        // `file` is one: its project is found as compose finds it
    std::optional<std::string> text;  // of standard input: what docker compose config prints
    std::string directory;            // of this process: what standard input and COMPOSE_ENV_FILES are relative to
    const Variables* environment = nullptr;
    ReadFile read;
};

const ComposeService* find_service(const Compose& compose, std::string_view name);
const ComposeVolume* find_volume(const Compose& compose, std::string_view name);
const ComposeSecret* find_secret(const Compose& compose, std::string_view name);
// The variable without a value in this line; empty: there is none.
std::string variable_without_value(const Compose& compose, std::string_view where);
std::string image_tag(std::string_view image);   // "13.3.1" of "ghcr.io/x/y:13.3.1@sha256:…"; empty: latest is meant
std::string image_name(std::string_view image);  // "ghcr.io/x/y"

}  // namespace mailstate
