// SPDX-License-Identifier: MIT
// docker-mailserver's tables and relay variables, parsed once for all rules.
#include "preflight/gathering.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

template <class Row>
std::vector<Row> table_of(Evidence& evidence, const std::string& file,
                          Table<Row> (*parse)(std::string_view file, std::string_view text), bool* is_there = nullptr)
{
    const auto text = evidence.config_known ? evidence.files->text(evidence.config_dir + "/" + file) : std::nullopt;
    if (is_there != nullptr) *is_there = text.has_value();
    if (!text) return {};
    Table<Row> table = parse(file, *text);
    take_problems(evidence, table.problems);
    return std::move(table.rows);
}

}  // namespace

void read_mail_tables(Evidence& evidence)
{
    evidence.accounts = table_of(evidence, "postfix-accounts.cf", parse_accounts);
    evidence.aliases = table_of(evidence, "postfix-virtual.cf", parse_aliases);
    evidence.quotas = table_of(evidence, "dovecot-quotas.cf", parse_quotas);
    evidence.mail = make_mail_map(evidence.accounts, evidence.aliases, evidence.quotas);
    evidence.mail.has_regexp = evidence.files->text(evidence.config_dir + "/postfix-regexp.cf").has_value();

    RelayFiles& relay = evidence.relay;
    relay.map = table_of(evidence, "postfix-relaymap.cf", parse_relay_map, &relay.has_map);
    relay.credentials = table_of(evidence, "postfix-sasl-password.cf", parse_credentials, &relay.has_credentials);
    for (const Account& row : evidence.accounts)
        relay.domains.emplace(lower_case(domain_of(row.address)), place_of("postfix-accounts.cf", row.line));
    for (const Alias& row : evidence.aliases)
        if (row.address.find('@') != std::string::npos)
            relay.domains.emplace(lower_case(domain_of(row.address)), place_of("postfix-virtual.cf", row.line));

    RelayVariables& variables = evidence.relay_variables;
    variables.default_relay_host = without_login(value_of(evidence, "DEFAULT_RELAY_HOST"));
    variables.relay_host = without_login(value_of(evidence, "RELAY_HOST"));
    if (const std::string port = value_of(evidence, "RELAY_PORT"); !port.empty()) variables.relay_port = port;
    variables.has_user = is_set(evidence, "RELAY_USER");
    variables.has_password = is_set(evidence, "RELAY_PASSWORD");
}

}  // namespace mailstate
