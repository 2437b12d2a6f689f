// SPDX-License-Identifier: MIT
// The format of layouts, key by key; tests/system/test_man.py compares the keys with those of layout.schema.json.
#include <array>
#include <span>

#include "app/cli/man_page.hpp"
#include "app/cli/roff.hpp"

namespace mailstate {

namespace {

struct Key {
    std::string_view name, value, meaning;
};

constexpr std::array<Key, 8> of_layout{{
    {"name", "TEXT", "letters, digits, '_', '.' and '-', up to 64. Required."},
    {"version", "NUMBER", "the layout's version, 1 or more. Required."},
    {"state_dir", "PATH", "where the volume is mounted. Required."},
    {"entries", "LIST", "see ENTRIES. Required."},
    {"defaults", "OBJECT", "values of variables that are unset or empty; ${OTHER} is the value of another variable."},
    {"binaries", "LIST", "see BINARIES."},
    {"comment", "TEXT", "an explanation for readers; mailstate ignores it."},
    {"storage_names", "LIST",
     "further names that the storage creates in the root of a volume; a '*' at the end stands for any ending. A "
     "directory with only such names, like lost+found, .snapshot and @eaDir, counts as empty."},
}};

constexpr std::array<Key, 14> of_entry{{
    {"name", "TEXT", "the entry's name, for --only. Required."},
    {"origin", "PATH", "where the service looks for its state. Required."},
    {"destination", "PATH", "where the state is, below state_dir. Required."},
    {"kind", "directory | file", "what it is (default: directory)."},
    {"enabled", "CONDITION | LIST",
     "conditions that must all hold: an object with env (a variable) and either is or is_not (an integer). Without a "
     "condition the entry is always enabled."},
    {"ownership", "LIST", "see OWNERSHIP RULES."},
    {"needs", "LIST",
     "what the volume must support for this entry: create, chown, sgid, symlink, hardlink, rename, noreplace, "
     "exchange, fifo, socket, xattr, acl, fsync, syncfs, lock, mtime-ns, case-sensitive."},
    {"weight", "NUMBER",
     "-100 to 100 (default: 0). Where the volume is too small for all, heavier entries are moved and lighter ones "
     "wait."},
    {"stale", "GLOBS",
     "pid files and sockets to remove from the destination once their process is dead or nobody listens. Anything else "
     "that matches stays."},
    {"disposable", "GLOBS", "content that an origin may lose when the destination is populated."},
    {"disposable_if_equal_to_root", "GLOBS",
     "the same, but only for files that equal the image's file of that path: etc/hosts in the chroot of Postfix, as "
     "long as it equals /etc/hosts."},
    {"spare", "GLOBS", "files that belong to other programs: mailstate ignores their owners and modes."},
    {"comment", "TEXT", "an explanation for readers; mailstate ignores it."},
    {"in_place", "true | false", "set owners and modes even if the origin is a mount (default: false)."},
}};

constexpr std::array<Key, 5> of_rule{{
    {"match", "GLOB", "the files that the rule is for. Required."},
    {"owner", "NAME", "a user name from passwd, not a number."},
    {"group", "NAME", "a group name from group, not a number."},
    {"mode", "OCTAL", "four digits are exact; with three, a directory keeps its SUID and SGID bits."},
    {"kind", "KIND", "only files of this kind: file, directory, link, fifo, socket, character device, block device."},
}};

constexpr std::array<Key, 4> of_binary{{
    {"path", "PATH", "the program's path in the image. Required."},
    {"owner", "NAME", "as in an ownership rule."},
    {"group", "NAME", "as in an ownership rule."},
    {"mode", "OCTAL", "as in an ownership rule."},
}};

constexpr std::array<std::string_view, 9> example{{
    R"({ "name": "mine", "version": 1, "state_dir": "/var/mail-state",)",
    R"(  "defaults": { "ENABLE_REDIS": "1" },)",
    R"(  "entries": [)",
    R"(    { "name": "redis",)",
    R"(      "origin": "/var/lib/redis", "destination": "lib-redis",)",
    R"(      "enabled": { "env": "ENABLE_REDIS", "is": 1 },)",
    R"(      "ownership": [ { "match": "**", "owner": "redis" } ],)",
    R"(      "stale": [ "*.pid" ] } ])",
    R"(})",
}};

std::string keys(std::string_view title, std::string_view introduction, std::span<const Key> table)
{
    std::string section = ".SH " + std::string(title) + "\n" + roff::text(introduction);
    for (const Key& key : table)
        section += roff::tagged(roff::bold(key.name) + ": " + roff::italic(key.value), key.meaning);
    return section;
}

std::string example_section()
{
    std::string section = ".SH EXAMPLES\n.EX\n";
    for (const std::string_view each : example) section += roff::line(each);
    return section + ".EE\n";
}

}  // namespace

std::string man_page_of_layouts()
{
    return roff::beginning("mailstate-layout", "5", "File Formats",
                           "where a mail system keeps its state, and who owns it") +
           ".SH DESCRIPTION\n" +
           roff::text(
               "A layout is a JSON file. 'mailstate layout show NAME' prints one that is built in, 'mailstate "
               "layout validate FILE' checks one of your own, and '--layout FILE' uses it. Its schema is "
               "/usr/share/mailstate/layout.schema.json. Bytes that are not UTF-8 are written as \\xNN, a "
               "backslash as \\x5c.") +
           keys("LAYOUT", "The file is one object:", of_layout) +
           keys("ENTRIES", "Each entry is an object:", of_entry) +
           keys("OWNERSHIP RULES",
                "Of the rules that match a file the last one wins, for each of owner, group and mode; each rule has at "
                "least one of the three:",
                of_rule) +
           keys("BINARIES",
                "Files of the image that need an owner or special bits. A symbolic link, or a file with other names "
                "(hard links), is left alone and reported:",
                of_binary) +
           ".SH GLOBS\n" +
           roff::text(
               "A glob is relative to the entry: '.' is the entry itself, '*' stays in one directory, '**' does not, "
               "'{a,b}' matches either. A layout whose stale or disposable globs match everything is refused.") +
           example_section() + roff::see_also({"mailstate(1)", "mailstate-findings(7)"});
}

}  // namespace mailstate
