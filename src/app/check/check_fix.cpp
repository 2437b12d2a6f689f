// SPDX-License-Identifier: MIT
#include "app/check/check_fix.hpp"

#include <array>
#include <ctime>

#include "app/files/files.hpp"
#include "engine/removal.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/sni.hpp"

namespace mailstate {

namespace {

Failure refuse(const std::string& subject, const std::string& why)
{
    return fail(text_error(subject, why));
}

Result<Place> look_at(const Session& session, const std::string& path)
{
    const Name name{TRY(session.reader->open(Path(parent_of(path)))), base_name(path)};
    const Attributes seen = TRY(session.reader->attributes(name));
    return Place{name, seen};
}

Result<std::string> remove_link(const Session& session, const Evidence&, const Finding& finding)
{
    const Place found = TRY(look_at(session, finding.subject));
    if (found.attributes.kind != Kind::symlink) return refuse(finding.subject, "is no longer a link");
    TRY(make_posix_writer()->remove_file(found, Removal::asked(found.attributes)));
    return std::string("the link was removed");
}

Result<std::string> remove_runtime(const Session& session, const Evidence&, const Finding& finding)
{
    const Place found = TRY(look_at(session, finding.subject));
    const std::optional<Proof> proof = TRY(Removal::stale(*session.reader, found));
    if (!proof) return refuse(finding.subject, "is in use, or does not hold the number of a process");
    TRY(make_posix_writer()->remove_file(found, *proof));
    return std::string(found.attributes.kind == Kind::socket ? "the dead socket" : "the pid file") + " was removed";
}

Result<std::string> open_to_others(const Session& session, const Evidence&, const Finding& finding)
{
    const DirectoryRef directory = TRY(session.reader->open(Path(finding.subject)));
    const Attributes seen = TRY(session.reader->attributes(directory));
    const Mode mode{seen.mode.bits | 1U};
    const Attributes now = TRY(make_posix_writer()->change_ownership(directory, seen, seen.owner, mode));
    if (now.mode.bits != mode.bits) return refuse(finding.subject, "the mode did not change");
    return "its mode was " + octal_mode(seen.mode.bits) + " and is now " + octal_mode(now.mode.bits);
}

// The copy is whole and durable before the original goes; what is there already stays as it is.
Result<std::string> move_getmail_state(const Session& session, const Evidence& evidence, const Finding&)
{
    const std::string origin = "/var/lib/getmail", from_path = evidence.config_dir + "/getmail";
    const Entry* const entry = entry_at(session.layout, origin);
    auto to = session.reader->open(Path(entry == nullptr ? origin : destination_path(session.layout, *entry)));
    if (!to) to = session.reader->open(Path(origin));
    if (!to) return refuse(origin, "does not exist");
    if (!session.options().config_dir.empty()) return refuse(from_path, "can be moved only from inside the container");
    const DirectoryRef from = TRY(session.reader->open(Path(from_path)));
    const std::unique_ptr<Writer> writer = make_posix_writer();
    std::uint64_t moved = 0;
    for (const std::string& name : evidence.files->names(from_path)) {
        const Attributes seen = TRY(session.reader->attributes({from, name}));
        if (!dms::is_getmail_state(name) || seen.kind != Kind::regular) continue;
        if (TRY(find(*session.reader, {*to, name}))) return refuse(name, "is already in " + to.value()->path().text());
        constexpr std::size_t largest = std::size_t{64} << 20U;
        TRY(writer->make_file({*to, name}, TRY(session.reader->read_file({from, name}, largest)), seen.mode));
        const Attributes made = TRY(session.reader->attributes({*to, name}));
        const std::optional<Proof> equal =
            TRY(Removal::equal(*session.reader, {{from, name}, seen}, {{*to, name}, made}));
        if (!equal) return refuse(name, "changed while it was copied");
        TRY(writer->remove_unchanged({from, name}, *equal));
        ++moved;
    }
    return human_count(moved, "file was", "files were") + " moved to " + to.value()->path().text();
}

Result<std::string> write_sni_map(const Session& session, const Evidence& evidence, const Finding&)
{
    if (session.options().root != "/" || evidence.home_dir.empty())
        return refuse("mailstate-sni.map", "is written only into a checkout that --config-dir or --compose names");
    const std::string host = value_of(evidence, "MAILCOW_HOSTNAME");
    const SniMap map = make_sni_map(evidence.certificates, host, "/etc/ssl/mail", std::time(nullptr));
    if (map.lines.empty()) return refuse("mailstate-sni.map", "would be empty: no certificate can be served");
    const std::string path = evidence.config_dir + "/postfix/mailstate-sni.map";
    TRY(write_output_file(path, postfix_text(map), Mode{0644}));
    return printable(path) + " was written with " + human_count(map.lines.size(), "line", "lines") +
           "; set tls_server_sni_maps = texthash:/opt/postfix/conf/mailstate-sni.map in extra.cf";
}

struct Repair {
    std::string_view code;
    Result<std::string> (*apply)(const Session& session, const Evidence& evidence, const Finding& finding) = nullptr;
    bool needs_live = true;
};

constexpr std::array<Repair, 5> repairs{{
    {"dms.nested-link", remove_link},
    {"dms.stale-runtime", remove_runtime},
    {"dms.state-traversal", open_to_others},
    {"dms.getmail-state", move_getmail_state},
    {"mailcow.sni-default", write_sni_map, false},
}};

void repair(const Session& session, const Evidence& evidence, const Repair& row, Finding& finding)
{
    const Result<std::string> done = row.needs_live && !evidence.live
                                         ? Result<std::string>(refuse("", "check must run inside the container"))
                                         : row.apply(session, evidence, finding);
    if (!done) {
        finding.message += "; not repaired: " + describe(done.error());
        return;
    }
    finding.severity = Severity::note;
    finding.message = "repaired: " + *done;
    finding.hint.clear();
}

}  // namespace

std::vector<Finding> fix_findings(const Session& session, const Evidence& evidence, std::vector<Finding> findings)
{
    for (Finding& finding : findings)
        for (const Repair& row : repairs)
            if (finding.code == row.code) repair(session, evidence, row, finding);
    return findings;
}

}  // namespace mailstate
