// SPDX-License-Identifier: MIT
// Which mail systems a compose file, a set of variables or a configuration folder is of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/evidence.hpp"

namespace mailstate {

bool is_image_of(System system, std::string_view image);

struct MailSystem {
    System system = System::docker_mailserver;
    std::string service;  // docker-mailserver is one service; empty: all of the file's that are no other system's
};

struct RecognisedSystems {
    std::vector<MailSystem> systems;
    std::vector<std::string> doubtful;  // "the service mail has the image x/mailserver:1, which is not known here"
    std::vector<std::string> disabled;  // "the service mail is in a profile that is not active: backup"
};

RecognisedSystems recognise(const Compose& compose);
std::string unknown_image(const ComposeService& service);  // as in `doubtful`

bool follows_mailu_version(const ComposeService& service);  // its image is written with MAILU_VERSION

// By image, name, or what it mounts.
bool is_service_of(const Compose& compose, System system, const ComposeService& service);

// The services of the system in a file that is given as that system's (--system).
std::vector<const ComposeService*> services_of(const Compose& compose, System system);

std::optional<System> recognise(const SettingMap& settings);                         // by names that one of them has
std::optional<System> recognise(const Files& files, const std::string& config_dir);  // by files

Version parse_version(System system, std::string_view text);

// Is it a release of the system, or the name of a tag that moves along (latest, edge, master …).
bool is_version_of(System system, std::string_view text);
std::string_view example_version(System system);

// The release with which the rules on a system end, and whether one is later: what that one changes no rule knows.
std::string_view last_known_release(System system);
bool is_after_the_rules(System system, const Version& version);

}  // namespace mailstate
