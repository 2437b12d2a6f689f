// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <map>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

constexpr std::array<std::string_view, 9> tables{
    "postfix-accounts.cf", "postfix-virtual.cf", "postfix-relaymap.cf", "postfix-sasl-password.cf", "dovecot-quotas.cf",
    "dovecot-masters.cf",  "postfix-aliases.cf", "postfix-regexp.cf",   "postfix-send-access.cf"};

// A word in a file of the configuration folder, where it is not in a comment.
void look_for(const Evidence& evidence, std::string_view file, std::string_view word, const char* what, Sightings& seen)
{
    const auto text = config_text(evidence, file);
    const int line = text ? line_with(*text, word) : 0;
    if (line > 0) seen.push_back(see(place_of(file, line), {datum("word", word), " ", what}));
}

// Keys twice in one table: the second line is not read. The key is the text before `end`; it is not repeated,
// since in a line that is broken it may be a secret.
void look_for_twins(std::string_view file, const TextLines& lines, char end, Few& few)
{
    std::map<std::string, int> keys;
    for (const TextLine& line : lines.lines) {
        if (is_comment(line.text) || line.text.front() == ' ' || line.text.front() == '\t') continue;
        const std::string_view key = end == ' ' ? first_word(line.text) : line.text.substr(0, line.text.find(end));
        const auto [first, is_new] = keys.emplace(lower_case(trim(key)), line.number);
        if (!is_new)
            few.add(place_of(file, line.number),
                    {"the key of line ", datum("line", std::to_string(first->second)), " is repeated here"},
                    "Keep one of the two lines.");
    }
}

void look_for_upper_case(const Evidence& evidence, Few& few)
{
    if (at_least(evidence.to, "14.0.0") == Certainty::no) return;
    for (const Account& account : evidence.accounts)
        if (lower_case(account.address) != account.address)
            few.add(place_of("postfix-accounts.cf", account.line),
                    {datum("account", account.address), " has upper-case letters, which v14 and later do not find"},
                    "Write " + printable(lower_case(account.address)) + "; rename its mail directory too.");
}

}  // namespace

Sightings rspamd_modules(const Evidence& evidence)
{
    if (!config_text(evidence, "rspamd-modules.conf")) return {};
    const bool ignored = at_least(evidence.to, "15.0.0") == Certainty::yes;
    return {see("rspamd-modules.conf",
                ignored ? "v15 and later no longer read it" : "v13 and v14 refuse to start while it exists")};
}

namespace {

// v14 and later repair line ends of files that they may write to (#3819); earlier ones do not.
bool repairs_lines(const Evidence& evidence)
{
    const MountFact* const mount = mount_at(evidence, evidence.config_dir);
    const bool read_only = mount != nullptr && ("," + mount->options + ",").find(",ro,") != std::string::npos;
    return at_least(evidence.to, "14.0.0") != Certainty::no && !read_only;
}

}  // namespace

Sightings cf_lines(const Evidence& evidence)
{
    Few few;
    const bool repaired = repairs_lines(evidence);
    for (const std::string_view file : tables) {
        const auto text = config_text(evidence, file);
        if (!text) continue;
        const TextLines lines = split_lines(*text);
        if (lines.carriage_returns > 0 && !repaired)
            few.add(place_of(file, lines.first_carriage_return),
                    {counted("lines", static_cast<std::uint64_t>(lines.carriage_returns), "line ends", "lines end"),
                     " in CRLF: the CR becomes part of the value"},
                    "Save it with Unix line ends (sed -i 's/\\r$//' FILE).");
        if (lines.byte_order_mark)
            few.add(place_of(file, 1), "a byte order mark precedes the first line",
                    "Save it without a byte order mark.");
        if (!lines.final_newline && !repaired)
            few.add(place_of(file, lines.lines.back().number), "the last line has no newline, and may not be read",
                    "End the file with a newline.");
        const bool is_list = file == "postfix-regexp.cf" || file == "postfix-aliases.cf";
        if (!is_list)
            look_for_twins(file, lines,
                           file == "postfix-accounts.cf" || file == "dovecot-masters.cf" ? '|'
                           : file == "dovecot-quotas.cf"                                 ? ':'
                                                                                         : ' ',
                           few);
    }
    look_for_upper_case(evidence, few);
    return few.take();
}

Sightings sasl_socket(const Evidence& evidence)
{
    Sightings seen;
    for (const char* file : {"postfix-main.cf", "postfix-master.cf", "dovecot.cf"})
        look_for(evidence, file, "private/auth", "is the old socket; the new one is /dev/shm/sasl-auth.sock", seen);
    for (const char* target : {"/etc/postfix/main.cf", "/etc/dovecot/conf.d/10-master.conf"})
        if (const MountFact* mount = mount_at(evidence, target))
            seen.push_back(see(
                mount->where, {datum("mount", said(*mount)), " hides the image's own file, which names the new socket"},
                "Remove the mount; put your changes into postfix-main.cf or dovecot.cf."));
    return seen;
}

Sightings smtps_name(const Evidence& evidence)
{
    Sightings seen;
    const auto text = config_text(evidence, "postfix-master.cf");
    if (!text) return seen;
    const TextLines lines = split_lines(*text);
    for (const TextLine& line : lines.lines)
        if (const std::string_view word = first_word(line.text);
            word == "smtps" || word.starts_with("smtps/") || word.starts_with("smtps="))
            seen.push_back(see(place_of("postfix-master.cf", line.number), "smtps is now named submissions"));
    return seen;
}

Sightings solr(const Evidence& evidence)
{
    Sightings seen;
    look_for(evidence, "dovecot.cf", "fts_solr", "is no longer in the image", seen);
    for (const MountFact& mount : evidence.mounts) {
        if (!is_at_or_below("/etc/dovecot", mount.target) || !evidence.files) continue;
        const auto text = evidence.files->text(mount.target);
        const int line = text ? line_with(*text, "fts_solr") : 0;
        if (line > 0) seen.push_back(see(place_of(mount.target, line), "fts_solr is no longer in the image"));
    }
    return seen;
}

Sightings quota_field(const Evidence& evidence)
{
    Few few;
    for (const Account& account : evidence.accounts)
        if (account.attributes.find("userdb_quota_rule") != std::string::npos)
            few.add(place_of("postfix-accounts.cf", account.line),
                    {datum("account", account.address), " has userdb_quota_rule, which Dovecot 2.4 does not support"});
    return few.take();
}

}  // namespace mailstate::dms
