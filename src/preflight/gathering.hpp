// SPDX-License-Identifier: MIT
// What gather() builds on: named files, mounts of a compose file as the host has them, who holds a volume.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "preflight/places.hpp"
#include "preflight/sources.hpp"

namespace mailstate {

// An absolute path on the reader's side. Links are followed, as for any file that an operator names. 64 MiB at most.
Result<std::string> read_named(const Reader& reader, const std::string& path);

// Of the compose file, as far as it is the system's: variables, mounts, and where its files are on the host.
void add_compose(Evidence& evidence, const Sources& sources, std::vector<MappedDirectory>& places,
                 std::map<std::string, std::string>& contents);

void add_versions(Evidence& evidence, const Sources& sources);

void take_problems(Evidence& evidence, const std::vector<Problem>& problems);
void take_settings(Evidence& evidence, const EnvFile& file);

// Is docker-mailserver's configuration folder here, and all of it? By what is mounted there, unless it was named.
void see_config_folder(Evidence& evidence, const Sources& sources);

inline constexpr std::string_view dms_config = "/tmp/docker-mailserver";

// With the host's path and filesystem type, as far as they can be known: those of named volumes are below
// /var/lib/docker/volumes, or in driver_opts.
MountFact mount_fact(const Sources& sources, const Compose& compose, const ComposeService& service,
                     const ComposeMount& mount);

// NAME_FILE overrides NAME: Mailu's variables that the rules ask for, from the files that hold them, as far as those
// are seen: in the live system, or on the host by way of the compose file's mounts and secrets. Else they are `unseen`.
void read_file_variables(Evidence& evidence, const Sources& sources);

// Accounts, aliases, quotas and relay files of the configuration folder, and the relay variables, into the evidence.
void read_mail_tables(Evidence& evidence);

// "pid 7 on host web-1 …": who holds the lock of a live volume now; empty: nobody.
std::string volume_holder(const Reader& reader, const std::string& state_dir);

}  // namespace mailstate
