// SPDX-License-Identifier: MIT
// mailcow: which certificate belongs to a name, the map of Postfix that says so, and the hooks that write it.
#include <algorithm>
#include <array>
#include <optional>

#include "mailstate/base/text.hpp"
#include "model/main_cf.hpp"
#include "preflight/lines.hpp"
#include "preflight/mailcow_rules.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailcow {

namespace {

using enum Severity;

constexpr std::string_view container_conf = "/opt/postfix/conf/", container_ssl = "/etc/ssl/mail/";
constexpr std::string_view own_map = "/opt/postfix/conf/mailstate-sni.map";
const char* const in_container = "docker compose exec postfix-mailcow ";

bool names_host(const CertificateFolder& folder, const std::string& host)
{
    return std::ranges::find(folder.domains, host) != folder.domains.end();
}

// The map that mailstate sni wrote is in use, and has a line for the name.
bool map_has(const Evidence& evidence, const std::string& host)
{
    const auto extra = config_text(evidence, extra_cf), map = config_text(evidence, "postfix/mailstate-sni.map");
    if (!extra || !map || line_with(*extra, "mailstate-sni.map") == 0) return false;
    const TextLines lines = split_lines(*map);
    return std::ranges::any_of(lines.lines, [&](const TextLine& line) { return first_word(line.text) == host; });
}

// A table that tls_server_sni_maps names: "hash:/opt/postfix/conf/sni.map".
struct Table {
    std::string type, path;  // as the container sees it
    std::string where;       // "postfix/extra.cf:3"
    [[nodiscard]] std::string named() const { return type + ":" + path; }
};

struct IndexedType {
    std::string_view type, ending;  // of the file that postmap compiles
};
constexpr std::array<IndexedType, 4> indexed{{{"hash", ".db"}, {"btree", ".db"}, {"lmdb", ".lmdb"}, {"cdb", ".cdb"}}};

const IndexedType* indexed_type(const Table& table)
{
    const auto* const found = std::ranges::find(indexed, table.type, &IndexedType::type);
    return found == indexed.end() ? nullptr : found;
}

// Those in the folder that is looked at.
std::vector<Table> tables_of(const Evidence& evidence, const std::string& file)
{
    std::vector<Table> tables;
    const auto text = config_text(evidence, file);
    std::string value = text ? main_cf_value(*text, "tls_server_sni_maps").value_or("") : "";
    std::ranges::replace(value, ',', ' ');
    for (std::string_view rest = value; !first_word(rest).empty(); rest = rest_of(rest)) {
        const std::string_view word = first_word(rest);
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos || !word.substr(colon + 1).starts_with(container_conf)) continue;
        tables.push_back({std::string(word.substr(0, colon)), std::string(word.substr(colon + 1)),
                          place_of(file, line_with(*text, "tls_server_sni_maps"))});
    }
    return tables;
}

// What extra.cf says comes after main.cf and wins.
std::vector<Table> tables_in_use(const Evidence& evidence)
{
    const auto extra = config_text(evidence, extra_cf);
    const bool is_set = extra && main_cf_value(*extra, "tls_server_sni_maps");
    return tables_of(evidence, is_set ? extra_cf : "postfix/main.cf");
}

std::string seen_path(const Evidence& evidence, std::string_view path)
{
    if (path.starts_with(container_conf))
        return evidence.config_dir + "/postfix/" + std::string(path.substr(container_conf.size()));
    if (path.starts_with(container_ssl) && !evidence.home_dir.empty())
        return evidence.home_dir + "/data/assets/ssl/" + std::string(path.substr(container_ssl.size()));
    return std::string(path);
}

std::string writes_own_map(std::string_view option)
{
    return "Run " + std::string(in_container) + "mailstate sni --out " + std::string(own_map) + std::string(option);
}

const char* const restarts = "run docker compose restart postfix-mailcow";

// mailcow's start makes main.cf of extra.cf.
std::string names_own_map()
{
    return writes_own_map("") + ", set tls_server_sni_maps = texthash:" + std::string(own_map) + " in extra.cf, then " +
           restarts + ".";
}

// The stock container has no mailstate; the hook of scripts/mailcow brings it.
bool is_installed(const Evidence& evidence)
{
    return evidence.live || home_facts(evidence, "data/hooks/postfix/mailstate.sh").has_value();
}

// Where neither the hook writes the map nor somebody did, extra.cf must not name it.
std::string names_text(const Evidence& evidence, const Table& table)
{
    const bool is_written = is_installed(evidence);
    if (table.path != own_map || (!is_written && !evidence.files->facts(seen_path(evidence, table.path))))
        return "Remove the line from extra.cf, then " + std::string(restarts) + ".";
    return "Set tls_server_sni_maps = texthash:" + table.path + " in extra.cf, then " + restarts +
           (is_written ? ", whose hook writes the map." : ".");
}

// Of the files that the map's text names: the one that is newer than what was compiled of them.
std::optional<std::string> newer_than(const Evidence& evidence, const Table& table, std::int64_t compiled)
{
    const auto text = evidence.files->text(seen_path(evidence, table.path));
    if (!text) return std::nullopt;
    const TextLines lines = split_lines(*text);
    for (const TextLine& line : lines.lines)
        for (std::string_view rest = rest_of(line.text); !first_word(rest).empty(); rest = rest_of(rest)) {
            const std::string path(first_word(rest));
            const auto facts = evidence.files->facts(seen_path(evidence, path));
            if (facts && facts->modified > compiled) return path;
        }
    return std::nullopt;
}

std::string compiles_again(const Evidence& evidence, const Table& table)
{
    if (table.path == own_map && is_installed(evidence))
        return writes_own_map(" --postmap") + " && " + in_container + "postfix reload. With texthash:" + table.path +
               " in extra.cf a reload is enough.";
    if (table.where.starts_with(extra_cf))
        return "Run " + std::string(in_container) + "postmap -F " + table.named() + " && " + in_container +
               "postfix reload.";
    return "Run docker compose restart postfix-mailcow, which compiles it.";
}

void look_at_compiled(const Evidence& evidence, const Table& table, Sightings& seen)
{
    const IndexedType* const type = indexed_type(table);
    const std::string file = table.path + std::string(type == nullptr ? "" : type->ending);
    const auto facts = type == nullptr ? std::optional<FileFacts>() : evidence.files->facts(seen_path(evidence, file));
    if (!facts) return;
    const auto newer = newer_than(evidence, table, facts->modified);
    if (newer)
        seen.push_back(see(table.where,
                           {datum("file", file), " is older than ", datum("newer", *newer),
                            ": clients that send its name get the old certificate"},
                           compiles_again(evidence, table)));
    else if (table.path == own_map)
        seen.push_back(
            see(warning, table.where,
                {datum("file", file), " holds private keys in mailcow's git tree, and does not follow a renewal"},
                names_text(evidence, table)));
}

// Those of mailcow's containers that have hooks; from inside, this container's own.
std::vector<std::string> hook_folders(const Evidence& evidence)
{
    if (evidence.home_dir.empty())
        return evidence.live ? std::vector<std::string>{"/hooks"} : std::vector<std::string>();
    const std::string top = evidence.home_dir + "/data/hooks";
    std::vector<std::string> folders;
    for (const std::string& service : evidence.files->names(top)) folders.push_back(top + "/" + service);
    return folders;
}

// mailstate.sh is meant to run. Another script may have been switched off that way.
void look_at_hook(const std::string& folder, const std::string& name, const FileFacts& facts, Sightings& seen)
{
    constexpr std::uint32_t executable = 0111;
    if (!name.ends_with(".sh") || facts.kind != Kind::regular || (facts.mode.bits & executable) != 0) return;
    const bool is_live = folder == "/hooks";
    const std::string shown =
        is_live ? folder + "/" + printable(name) : "data/hooks/" + printable(base_name(folder)) + "/" + printable(name);
    const std::string service = is_live ? "" : " " + printable(base_name(folder)) + "-mailcow";
    seen.push_back(see(name == "mailstate.sh" ? error : warning, shown,
                       {"the hook is not executable (mode ", datum("mode", octal_mode(facts.mode.bits)),
                        "): the container's start does not run it"},
                       "Run chmod +x " + shown +
                           (is_live ? ", and restart the container." : " && docker compose restart" + service + ".")));
}

}  // namespace

Sightings sni_default(const Evidence& evidence)
{
    const std::string host = lower_case(value_of(evidence, "MAILCOW_HOSTNAME"));
    const bool has_default = std::ranges::any_of(evidence.certificates, &CertificateFolder::is_default);
    if (host.empty() || !has_default || map_has(evidence, host)) return {};
    for (const CertificateFolder& folder : evidence.certificates)
        if (names_host(folder, host) && folder.facts.problem.empty()) return {};
    const auto fallback = std::ranges::find_if(evidence.certificates, &CertificateFolder::is_default);
    const bool covered = fallback->facts.problem.empty() && covers(fallback->facts, host);
    return {see(covered ? note : warning, where_of(evidence, "MAILCOW_HOSTNAME"),
                {"no certificate folder names ", datum("host", host), ": TLS SNI ", datum("host", host),
                 " from … not matched, using default chain"},
                covered                  ? "No action is needed: the default certificate has the name."
                : is_installed(evidence) ? names_own_map()
                                         : "")};
}

Sightings sni_skip(const Evidence& evidence)
{
    const Setting* setting = nullptr;
    if (evidence.compose) {
        const ComposeService* const postfix = find_service(*evidence.compose, "postfix-mailcow");
        if (postfix == nullptr) return {};
        const auto found = postfix->environment.find("SKIP_LETS_ENCRYPT");
        if (found != postfix->environment.end()) setting = &found->second;
    } else if (evidence.live) {
        setting = find_setting(evidence, "SKIP_LETS_ENCRYPT");
    }
    if (setting == nullptr) return {};
    const std::string value = lower_case(setting->value);
    if (value != "y" && value != "yes") return {};
    return {see(setting->where.empty() ? "SKIP_LETS_ENCRYPT" : setting->where,
                {"SKIP_LETS_ENCRYPT=", datum("value", setting->value),
                 " is in the environment of Postfix: it gets an empty SNI map"})};
}

Sightings sni_stale(const Evidence& evidence)
{
    Few few;
    const auto fallback = std::ranges::find_if(evidence.certificates, &CertificateFolder::is_default);
    for (const CertificateFolder& folder : evidence.certificates) {
        if (folder.domains.empty()) continue;
        const std::string names = join(folder.domains);
        if (!folder.facts.problem.empty())
            few.add(folder.path,
                    {"the folder of ", datum("domains", names), ": ", datum("problem", folder.facts.problem)});
        else if (folder.facts.not_after < evidence.now)
            few.add(folder.path, {"the certificate of ", datum("domains", names), " expired on ",
                                  datum("expired", utc_text(folder.facts.not_after))});
        else if (fallback != evidence.certificates.end() && fallback->facts.problem.empty() &&
                 folder.facts.not_before < fallback->facts.not_before)
            for (const std::string& name : folder.domains)
                if (covers(fallback->facts, name))
                    few.add(folder.path, {"the certificate of ", datum("name", name),
                                          " is older than the default one, which has the same name"});
    }
    return few.take();
}

Sightings sni_map(const Evidence& evidence)
{
    Sightings seen;
    for (const Table& table : tables_of(evidence, extra_cf)) {
        const IndexedType* const type = indexed_type(table);
        if (type == nullptr && table.type != "texthash") continue;
        const std::string file = table.path + std::string(type == nullptr ? "" : type->ending);
        if (evidence.files->facts(seen_path(evidence, file))) continue;
        seen.push_back(see(table.where,
                           {datum("table", table.named()), " is named and ", datum("file", base_name(file)),
                            " does not exist: no client that sends a name gets a certificate"},
                           names_text(evidence, table)));
    }
    return seen;
}

Sightings sni_compiled(const Evidence& evidence)
{
    Sightings seen;
    for (const Table& table : tables_in_use(evidence)) look_at_compiled(evidence, table, seen);
    return seen;
}

Sightings hook_mode(const Evidence& evidence)
{
    Sightings seen;
    if (!evidence.files) return seen;
    for (const std::string& folder : hook_folders(evidence))
        for (const std::string& name : evidence.files->names(folder))
            if (const auto facts = evidence.files->facts(folder + "/" + name)) look_at_hook(folder, name, *facts, seen);
    return seen;
}

}  // namespace mailstate::mailcow
