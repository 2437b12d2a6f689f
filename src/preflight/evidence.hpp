// SPDX-License-Identifier: MIT
// Evidence: all that the rules may look at, as plain data; and the files of the mail system by a narrow interface, so
// that a test can give a rule a world of a few lines.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/base/types.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/model/finding.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/settings.hpp"
#include "mailstate/model/survey.hpp"
#include "mailstate/posix/process.hpp"
#include "posix/below.hpp"
#include "preflight/certificate.hpp"
#include "preflight/compose.hpp"
#include "preflight/delivery.hpp"
#include "preflight/env_file.hpp"
#include "preflight/file_paths.hpp"
#include "preflight/relay.hpp"
#include "preflight/version.hpp"

namespace mailstate {

enum class System { docker_mailserver, mailu, mailcow };
std::string_view name_of(System system);
std::optional<System> system_named(std::string_view name);

struct FileFacts {
    Kind kind = Kind::regular;
    Mode mode;
    Owner owner;
    std::uint64_t size = 0;
    std::string link_text;      // of a link
    std::int64_t modified = 0;  // seconds since 1970
};

// Reads and nothing else. Paths are absolute, as the rules name them.
class Files : NonCopyable {
public:
    virtual ~Files() = default;
    [[nodiscard]] virtual std::optional<std::string> text(const std::string& path) const = 0;      // follows links
    [[nodiscard]] virtual std::vector<std::string> names(const std::string& directory) const = 0;  // sorted
    [[nodiscard]] virtual std::optional<FileFacts> facts(const std::string& path) const = 0;       // follows none
    [[nodiscard]] virtual bool is_visible(const std::string& path) const = 0;   // what is there would be seen
    [[nodiscard]] virtual bool is_readable(const std::string& path) const = 0;  // it is there: its text, or its names
    [[nodiscard]] virtual std::set<std::string> texts_read() const { return {}; }  // paths; not of `contents`
};

struct MountFact {
    std::string target, source, fs_type;  // fs_type: empty where it is not known
    std::string options;                  // of the mount table, or of a volume in the compose file: "addr=nas,nolock"
    std::string service;                  // of a compose file
    std::string where;                    // "docker-compose.yml:12", or "the mount table"
    bool bind = false;                    // a path of the host, not a volume of the engine's
    std::string host_path;                // of a bind mount: absolute; empty where it is not known
    std::string options_where = {};       // where the options stand; empty: at `where`
    bool anonymous = false;               // a volume of the engine's without a name
    std::vector<ComposeItem> option_places = {};  // where each option is written, where that is known
};

struct Evidence {
    System system = System::docker_mailserver;
    std::string service;                  // of the compose file: the one that is judged; empty: all of the system
    std::set<std::string> mail_services;  // of the compose file: those that are the mail system
    Version from, to;                     // to: what is judged; from: what ran before. Either may be unknown

    SettingMap settings;
    bool settings_known = false;   // an env file or a compose file was read, or this is the container
    std::string settings_missing;  // why some were not seen: what is not set may be set there
    bool live = false;  // looked at from inside, or below --root: mounts, volume, passwd are the system's own

    std::vector<MountFact> mounts;
    bool mounts_known = false;
    std::string mounts_missing;  // why some were not seen: what nothing is mounted at may be mounted there
    std::optional<Compose> compose;
    std::map<std::string, TextPlace> content_places;  // by path in the container: of files that the project has
    std::vector<std::string> files_read;              // as they are named to people

    std::string config_dir;        // docker-mailserver: the configuration folder; mailcow: data/conf; Mailu: its root
    std::string shown_config_dir;  // as the operator named it; empty: not named
    std::string home_dir;          // mailcow: its checkout
    bool config_known = false;     // of the folder, or of a part
    std::string config_missing;    // what of it was not seen, and why: what is not found may be there
    std::string directory;         // of this process, absolute
    std::shared_ptr<const Reader> host;  // what the files read by, where they must keep it
    std::shared_ptr<const Files> files;

    const Survey* survey = nullptr;  // of a live system with a layout
    const Layout* layout = nullptr;
    std::optional<ProcessFacts> process;  // of a live system that this process is in
    std::optional<Identities> identities;
    std::string lock_holder;  // another that holds the volume's lock now; empty: nobody

    // docker-mailserver's tables, parsed once.
    MailMap mail;
    std::vector<Account> accounts;
    std::vector<Alias> aliases;
    std::vector<Quota> quotas;
    RelayFiles relay;
    RelayVariables relay_variables;
    std::vector<Problem> problems;  // of parsers

    // mailcow's certificates: the default first, then the folders. Mailu's alembic_version. What the host is.
    std::vector<CertificateFolder> certificates;
    std::string database_revision;
    std::optional<std::string> cpu_flags;  // of /proc/cpuinfo; nothing where it is another machine
    bool host_has_ipv6 = false;
    std::int64_t now = 0;  // seconds since 1970
};

const Setting* find_setting(const Evidence& evidence, std::string_view name);
std::string value_of(const Evidence& evidence, std::string_view name);  // empty where it is unset
bool is_set(const Evidence& evidence, std::string_view name);           // to something, be it not seen (a Secret's)
std::string where_of(const Evidence& evidence, std::string_view name);  // "mailserver.env:3", else the name

Variables variables_of(const Evidence& evidence);

// The layout in use; docker-mailserver's where there is none.
const Layout& layout_of(const Evidence& evidence);

// Of docker-mailserver: its switches, which the layout has defaults of; and [[ $NAME -eq 1 ]] with these.
bool is_switch(const Evidence& evidence, const std::string& name);
bool gate(const Evidence& evidence, std::string_view name);

bool is_network_type(std::string_view fs_type);  // nfs, cifs, 9p, fuse.sshfs, ceph …

}  // namespace mailstate
