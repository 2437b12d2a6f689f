// SPDX-License-Identifier: MIT
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr std::size_t longest_socket_path = 107;  // unix(7): sun_path has 108 bytes, one of them for the NUL

std::vector<std::string> names(const Evidence& evidence, const std::string& directory)
{
    return evidence.files ? evidence.files->names(directory) : std::vector<std::string>();
}

std::optional<FileFacts> facts(const Evidence& evidence, const std::string& path)
{
    return evidence.files ? evidence.files->facts(path) : std::nullopt;
}

bool is_kind(const Evidence& evidence, const std::string& path, Kind kind)
{
    const auto found = facts(evidence, path);
    return found && found->kind == kind;
}

std::vector<Entry> entries(const Evidence& evidence)
{
    return evidence.layout == nullptr ? std::vector<Entry>() : evidence.layout->entries;
}

std::string destination(const Evidence& evidence, const Entry& entry)
{
    return state_dir(evidence) + "/" + entry.destination;
}

bool is_recorded(const Evidence& evidence, const Entry& entry)
{
    return evidence.survey != nullptr && evidence.survey->ledger &&
           evidence.survey->ledger->entries.contains(entry.name);
}

bool is_switched_off(const Evidence& evidence, const Entry& entry)
{
    if (evidence.survey == nullptr) return false;
    const auto gate = evidence.survey->gates.find(entry.name);
    return gate != evidence.survey->gates.end() && !gate->second.open;
}

}  // namespace

namespace {

const ForeignCopy* compared(const Evidence& evidence, const Entry& entry)
{
    if (evidence.survey == nullptr) return nullptr;
    const auto seen = evidence.survey->entries.find(entry.name);
    return seen == evidence.survey->entries.end() || !seen->second.foreign_copy ? nullptr : &*seen->second.foreign_copy;
}

// As apply sees it, by content.
void see_foreign_copy(const Evidence& evidence, const Entry& entry, const ForeignCopy& copy, Sightings& seen)
{
    const std::string there = destination(evidence, entry);
    const auto what = [&] { return describe_foreign_copy(evidence.survey->entries.at(entry.name)); };
    if (copy.likeness == Likeness::interrupted)
        seen.push_back(see(there, {datum("comparison", what()), "; ", datum("evidence", copy.evidence)},
                           "Run mailstate apply: it moves the origin, and sets the interrupted copy aside."));
    if (copy.likeness == Likeness::partial || copy.likeness == Likeness::smaller)
        seen.push_back(see(Severity::error, there,
                           {datum("comparison", what()), "; it is unclear whether a copy was interrupted"},
                           "If one was, move " + there +
                               " away and run mailstate apply. Otherwise mailstate apply uses it as it is, and sets "
                               "aside the content that it lacks."));
}

}  // namespace

Sightings partial_destination(const Evidence& evidence)
{
    Sightings seen;
    for (const Entry& entry : entries(evidence)) {
        const std::string there = destination(evidence, entry);
        if (const ForeignCopy* const copy = compared(evidence, entry)) {
            see_foreign_copy(evidence, entry, *copy, seen);
            continue;
        }
        if (is_recorded(evidence, entry) || !is_kind(evidence, entry.origin, Kind::directory) ||
            !is_kind(evidence, there, Kind::directory))
            continue;
        const std::vector<std::string> have = names(evidence, there);
        std::vector<std::string> missing;
        for (const std::string& name : names(evidence, entry.origin))
            if (!std::ranges::binary_search(have, name)) missing.push_back(printable(name));
        if (have.empty() || missing.empty()) continue;
        seen.push_back(see(there, {"it exists but the ledger does not list it, and ", datum("origin", entry.origin),
                                   " has ", counted("missing", missing.size(), "name", "names"), " that it lacks: ",
                                   datum("first", missing.front()), missing.size() > 1 ? " …" : ""}));
    }
    return seen;
}

Sightings nested_link(const Evidence& evidence)
{
    Sightings seen;
    for (const Entry& entry : entries(evidence))
        for (const std::string& inside : {entry.origin, destination(evidence, entry)}) {
            if (!is_kind(evidence, inside, Kind::directory)) continue;
            const std::string link = inside + "/" + base_name(entry.destination);
            const auto found = facts(evidence, link);
            if (found && found->kind == Kind::symlink && found->link_text == destination(evidence, entry))
                seen.push_back(see(link, {"a link to ", datum("link", found->link_text),
                                          " is inside the directory that it was meant to replace"}));
        }
    return seen;
}

Sightings orphan(const Evidence& evidence)
{
    Sightings seen;
    const std::string state = state_dir(evidence);
    for (const std::string& name : names(evidence, state)) {
        if (name == "lib-spamassasin" || name == "lib-shared")
            seen.push_back(see(state + "/" + name, "a directory of an old version, which nothing reads any longer"));
        for (const Entry& entry : entries(evidence))
            if (entry.destination == name && is_switched_off(evidence, entry))
                seen.push_back(
                    see(state + "/" + name,
                        {"its service is disabled: ", datum("reason", evidence.survey->gates.at(entry.name).reason)}));
    }
    return seen;
}

Sightings socket_path(const Evidence& evidence)
{
    Few few;
    const std::string spool = destination_of(evidence, postfix_spool);
    if (spool.empty()) return {};
    for (const std::string directory : {"private", "public"})
        for (const std::string& name : names(evidence, spool + "/" + directory)) {
            const std::string path = spool + "/" + directory + "/" + name;
            if (path.size() > longest_socket_path && is_kind(evidence, path, Kind::socket))
                few.add(path, {"the path of this socket has ", datum("bytes", std::to_string(path.size())),
                               " bytes, more than ", datum("limit", std::to_string(longest_socket_path))});
        }
    return few.take();
}

Sightings stale_runtime(const Evidence& evidence)
{
    Few few;
    std::vector<std::string> places;
    if (const std::string spool = destination_of(evidence, postfix_spool); !spool.empty())
        places.push_back(spool + "/pid");
    for (const Entry& entry : entries(evidence)) places.push_back(destination(evidence, entry));
    for (const std::string& place : places)
        for (const std::string& name : names(evidence, place)) {
            const bool is_pid = name.ends_with(".pid"), is_socket = is_kind(evidence, place + "/" + name, Kind::socket);
            if (!is_pid && !is_socket) continue;
            few.add(place + "/" + name, is_pid ? "the state contains a pid file: the service may refuse to start"
                                               : "the state contains a socket: nobody listens on it after a restart");
        }
    return few.take();
}

Sightings chroot_remains(const Evidence& evidence)
{
    std::vector<std::string> found;
    const std::string spool = destination_of(evidence, postfix_spool);
    if (spool.empty()) return {};
    for (const char* name : {"dev", "etc", "lib", "usr"})
        if (facts(evidence, spool + "/" + name)) found.emplace_back(name);
    if (found.empty()) return {};
    return {see(spool, {"the chroot of v11.3 and older still exists: ", datum("names", join(found))})};
}

// getmailrc files are configuration; getmail wrote the other files beside them.
bool is_getmail_state(std::string_view name)
{
    return !name.ends_with(".cf") && !name.starts_with("getmailrc");
}

Sightings getmail_state(const Evidence& evidence)
{
    std::vector<std::string> found;
    if (evidence.config_known)
        for (const std::string& name : names(evidence, evidence.config_dir + "/getmail"))
            if (is_getmail_state(name)) found.push_back(printable(name));
    if (found.empty()) return {};
    return {see("getmail/", {"v14 keeps getmail's state in the configuration folder: ", datum("first", found.front()),
                             datum("more", std::to_string(found.size() - 1),
                                   found.size() > 1 ? " and " + std::to_string(found.size() - 1) + " more" : "")})};
}

Sightings getmail_config(const Evidence& evidence)
{
    Sightings seen;
    if (evidence.config_known)
        for (const std::string& name : names(evidence, evidence.config_dir))
            if (name.starts_with("getmail-") && name.ends_with(".cf"))
                seen.push_back(see(name, "v15 and later look for it in getmail/",
                                   "Move it: mkdir -p getmail && mv " + printable(name) + " getmail/."));
    if (const MountFact* mount = mount_at(evidence, "/etc/getmailrc_general"))
        seen.push_back(see(mount->where, {datum("mount", said(*mount)), " is no longer read"},
                           "Put the file into the configuration folder as getmail/getmailrc_general.cf."));
    return seen;
}

}  // namespace mailstate::dms
