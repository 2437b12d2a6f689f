// SPDX-License-Identifier: MIT
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

const char* const arc_file = "rspamd/override.d/arc.conf";
const char* const dkim_file = "rspamd/override.d/dkim_signing.conf";

// The first alias that leads outside; where it leads.
struct Forward {
    std::string where, alias, target;
    std::size_t count = 0;
};

Forward forwards(const Evidence& evidence)
{
    Forward forward;
    for (const auto& [key, alias] : evidence.mail.aliases)
        for (const std::string& target : alias.targets) {
            const std::string domain = domain_of(lower_case(target));
            if (domain.empty() || evidence.mail.domains.contains(domain)) continue;
            if (forward.count++ == 0) forward = {place_of("postfix-virtual.cf", alias.line), alias.address, target, 1};
        }
    return forward;
}

struct KeyPath {
    std::string path, where;
};

// "/x"; 'x' # why; /x; the text between the quotes, else up to a semicolon, a comment or white space.
std::string_view ucl_value(std::string_view text)
{
    text = trim(text);
    const char quote = text.empty() ? '\0' : text.front();
    if (quote != '"' && quote != '\'') return text.substr(0, text.find_first_of("; \t#"));
    return text.substr(1, text.find(quote, 1) - 1);
}

// path = "/tmp/docker-mailserver/rspamd/dkim/rsa.key"; paths with $domain or $selector name no one file.
std::vector<KeyPath> key_paths(const Evidence& evidence, const char* file)
{
    std::vector<KeyPath> paths;
    const auto text = config_text(evidence, file);
    if (!text) return paths;
    const TextLines lines = split_lines(*text);
    for (const TextLine& line : lines.lines) {
        const std::string_view row = trim(line.text);
        const std::size_t equals = row.find_first_of("=:");
        if (is_comment(row) || equals == std::string_view::npos || trim(row.substr(0, equals)) != "path") continue;
        const std::string_view value = ucl_value(row.substr(equals + 1));
        if (value.starts_with('/') && value.find('$') == std::string_view::npos)
            paths.push_back({std::string(value), place_of(file, line.number)});
    }
    return paths;
}

// The other groups of _rspamd are not known: a file that only they could read is reported as unreadable.
bool can_read(const FileFacts& facts, Uid uid, Gid gid)
{
    if (facts.owner.uid == uid) return (facts.mode.bits & 0400U) != 0;
    if (facts.owner.gid == gid) return (facts.mode.bits & 0040U) != 0;
    return (facts.mode.bits & 0004U) != 0;
}

}  // namespace

Sightings forward_no_srs(const Evidence& evidence)
{
    const Forward forward = forwards(evidence);
    if (forward.count == 0 || gate(evidence, "ENABLE_SRS") || !evidence.settings_known) return {};
    return {unless_settings_are_seen(
        evidence, see(forward.where, {counted("forwards", forward.count, "forward leads", "forwards lead"),
                                      " to another server, such as ", datum("alias", forward.alias), " → ",
                                      datum("target", forward.target), ": SPF of the original sender fails there"}))};
}

Sightings forward_no_arc(const Evidence& evidence)
{
    const Forward forward = forwards(evidence);
    if (forward.count == 0 || !gate(evidence, "ENABLE_RSPAMD") || config_text(evidence, arc_file)) return {};
    return {unless_config_is_seen(
        evidence,
        see(forward.where, {counted("forwards", forward.count, "forward leads", "forwards lead"),
                            " to another server, such as ", datum("alias", forward.alias), " → ",
                            datum("target", forward.target), ", without ARC: it may be marked as spam there"}))};
}

Sightings arc_key(const Evidence& evidence)
{
    Sightings seen;
    const auto uid = evidence.identities ? find_user(*evidence.identities, "_rspamd") : std::nullopt;
    const auto gid = evidence.identities ? find_group(*evidence.identities, "_rspamd") : std::nullopt;
    for (const char* file : {arc_file, dkim_file})
        for (const KeyPath& key : key_paths(evidence, file)) {
            const auto facts = evidence.files->facts(key.path);
            if (!facts && !evidence.files->is_visible(key.path))
                seen.push_back(unless_known(see(key.where, {"the key ", datum("key", key.path), " may not exist"}),
                                            "no volume maps it to a path that check can see",
                                            "Run ls -l " + printable(key.path) + " in the container."));
            else if (!facts)
                seen.push_back(see(key.where, {"the key ", datum("key", key.path), " does not exist"},
                                   "Create it with 'setup config dkim', or correct the path."));
            else if (facts->kind == Kind::regular && uid && gid && !can_read(*facts, *uid, *gid))
                seen.push_back(see(key.where,
                                   {"_rspamd cannot read the key ", datum("key", key.path), " (",
                                    datum("owner", owner_name(*evidence.identities, facts->owner)), ", mode ",
                                    datum("mode", octal_mode(facts->mode.bits)), ")"},
                                   "Run chown _rspamd:_rspamd " + printable(key.path) + "."));
        }
    return seen;
}

Sightings arc_authenticated(const Evidence& evidence)
{
    const std::string value = value_of(evidence, "RSPAMD_CHECK_AUTHENTICATED");
    if (value.empty() || gate(evidence, "RSPAMD_CHECK_AUTHENTICATED") || !config_text(evidence, arc_file)) return {};
    return {see(where_of(evidence, "RSPAMD_CHECK_AUTHENTICATED"),
                {"RSPAMD_CHECK_AUTHENTICATED=", datum("value", value),
                 ": mail from authenticated users might not be ARC-sealed"})};
}

}  // namespace mailstate::dms
