// SPDX-License-Identifier: MIT
#include "preflight/mail_tables.hpp"

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"
#include "preflight/rule_finding.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_table_problems = 20;

template <class Row>
void complain(Table<Row>& table, std::string_view file, int line, const char* message, const char* hint)
{
    if (table.problems.size() >= most_table_problems) return;
    table.problems.push_back({finding_of_rule("dms.cf-lines", place_of(file, line), message, hint), {}});
}

// "userdb_quota_rule=*:bytes=5G userdb_x=1" into "userdb_quota_rule userdb_x": names say all that rules ask.
std::string names_of(std::string_view attributes)
{
    std::string names;
    for (const std::string& part : split_list(attributes, ' '))
        names += (names.empty() ? "" : " ") + part.substr(0, part.find('='));
    return names;
}

// The lines that say something.
std::vector<TextLine> rows_of(std::string_view text)
{
    std::vector<TextLine> rows = split_lines(text).lines;
    std::erase_if(rows, [](const TextLine& line) { return is_comment(line.text); });
    return rows;
}

// Targets are separated by commas, by blanks, or by both: postfix virtual(5).
void add_targets(Alias& alias, std::string_view text)
{
    for (const std::string& part : split_list(text, ','))
        for (std::string_view rest = part; !trim(rest).empty(); rest = rest_of(rest))
            alias.targets.emplace_back(first_word(rest));
}

// A host name, an address in brackets, or either with a port.
bool is_host(std::string_view text)
{
    const std::size_t colon = text.rfind(':');
    const bool has_port = colon != std::string_view::npos && !text.ends_with(']');
    const std::string_view host = text.substr(0, has_port ? colon : std::string_view::npos);
    if (has_port && !parse_decimal(text.substr(colon + 1))) return false;
    return host.starts_with('[') ? host.ends_with(']') : host.find_first_of(":/@") == std::string_view::npos;
}

// An address, or a host that looks like one: what else there is may be a password in the wrong place.
bool is_credential_key(std::string_view key)
{
    if (key.find('@') != std::string_view::npos) return key.find(':') == std::string_view::npos;
    return key.find_first_of("[.") != std::string_view::npos && is_host(key);
}

bool is_login(std::string_view text)
{
    return text.find(':') != std::string_view::npos && !text.starts_with('[') && !text.starts_with('@');
}

}  // namespace

std::string domain_of(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? "" : std::string(address.substr(at + 1));
}

Table<Account> parse_accounts(std::string_view file, std::string_view text)
{
    Table<Account> table;
    for (const TextLine& line : rows_of(text)) {
        const std::string_view row = trim(line.text);
        const std::size_t bar = row.find('|');
        const std::string_view address = trim(row.substr(0, bar));
        // With blanks or a scheme in it there is a hash in the address's place.
        const bool is_address =
            address.find('@') != std::string_view::npos && address.find_first_of(" \t{$:") == std::string_view::npos;
        if (bar == std::string_view::npos || !is_address) {
            complain(table, file, line.number, "this line is not an account: expected user@domain|{SCHEME}hash",
                     "Correct or remove the line; setup email add writes one.");
            continue;
        }
        const std::size_t second = row.find('|', bar + 1);
        const std::string_view attributes = second == std::string_view::npos ? "" : row.substr(second + 1);
        table.rows.push_back({std::string(address), names_of(attributes), line.number});
    }
    return table;
}

// A line that begins with a blank continues the one before: postmap(1).
Table<Alias> parse_aliases(std::string_view file, std::string_view text)
{
    Table<Alias> table;
    bool continues = false;
    for (const TextLine& line : rows_of(text)) {
        const bool indented = line.text.front() == ' ' || line.text.front() == '\t';
        if (indented && continues) {
            add_targets(table.rows.back(), line.text);
            continue;
        }
        Alias alias{std::string(first_word(line.text)), {}, line.number};
        add_targets(alias, rest_of(line.text));
        continues = !alias.targets.empty();
        if (continues)
            table.rows.push_back(std::move(alias));
        else
            complain(table, file, line.number, "this alias has no target",
                     "Write alias@domain, blanks, and the addresses that it forwards to.");
    }
    return table;
}

Table<Quota> parse_quotas(std::string_view file, std::string_view text)
{
    Table<Quota> table;
    for (const TextLine& line : rows_of(text)) {
        const std::string_view row = trim(line.text);
        const std::size_t colon = row.rfind(':');
        if (colon == std::string_view::npos || row.find('@') == std::string_view::npos)
            complain(table, file, line.number, "this line is not a quota: expected user@domain:5G",
                     "Correct or remove the line; setup quota set writes one.");
        else
            table.rows.push_back({std::string(row.substr(0, colon)), std::string(row.substr(colon + 1)), line.number});
    }
    return table;
}

Table<RelayLine> parse_relay_map(std::string_view file, std::string_view text)
{
    Table<RelayLine> table;
    for (const TextLine& line : rows_of(text)) {
        const std::string_view host = rest_of(line.text);
        // What follows the host may be a login from the other file; a word that is not a host may be one, too.
        if (first_word(host) != trim(host) || !is_host(host) ||
            first_word(line.text).find(':') != std::string_view::npos)
            complain(table, file, line.number, "this line is not SENDER HOST and is skipped",
                     "Write @domain or user@domain, blanks, and [host]:port; credentials belong in "
                     "postfix-sasl-password.cf.");
        else
            table.rows.push_back({std::string(first_word(line.text)), std::string(host), line.number});
    }
    return table;
}

Table<CredentialKey> parse_credentials(std::string_view file, std::string_view text)
{
    Table<CredentialKey> table;
    for (const TextLine& line : rows_of(text)) {
        // The key may be missing, or come last: then the first word is a secret, and is not kept.
        if (!is_login(rest_of(line.text)) || !is_credential_key(first_word(line.text)))
            complain(table, file, line.number, "this line is not KEY user:password and is skipped",
                     "Write @domain, user@domain or [host]:port, blanks, and user:password.");
        else
            table.rows.push_back({std::string(first_word(line.text)), line.number});
    }
    return table;
}

}  // namespace mailstate
