// SPDX-License-Identifier: MIT
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

const char* const alias_file = "postfix-virtual.cf";

std::string place(const Alias& alias)
{
    return place_of(alias_file, alias.line);
}

bool is_account(const Evidence& evidence, const std::string& address)
{
    return evidence.mail.accounts.contains(lower_case(address));
}

bool is_twin(const Evidence& evidence, const Alias& alias)
{
    const std::string own = lower_case(alias.address);
    const auto local = [&](const std::string& target) { return is_account(evidence, target); };
    const auto first = std::ranges::find_if(alias.targets, local);
    return gate(evidence, "ENABLE_QUOTAS") && first != alias.targets.end() && lower_case(*first) != own;
}

// The aliases of addresses that are accounts too.
std::vector<const Alias*> overlaps(const Evidence& evidence)
{
    std::vector<const Alias*> found;
    for (const auto& [key, alias] : evidence.mail.aliases)
        if (is_account(evidence, key)) found.push_back(&alias);
    return found;
}

std::vector<std::string> with_itself_first(const Alias& alias)
{
    std::vector<std::string> targets{alias.address};
    for (const std::string& target : alias.targets)
        if (lower_case(target) != lower_case(alias.address)) targets.push_back(target);
    return targets;
}

std::string line_to_write(const Alias& alias)
{
    return "'" + printable(alias.address) + "  " + printable(join(with_itself_first(alias), ",")) + "'";
}

}  // namespace

Sightings alias_shadows_account(const Evidence& evidence)
{
    Few few;
    for (const Alias* alias : overlaps(evidence))
        if (!has_itself(*alias))
            few.add(place(*alias),
                    {datum("alias", alias->address), " is an account and an alias: its mailbox never receives"},
                    "To keep a copy in the mailbox, write the line " + line_to_write(*alias) +
                        "; else remove one of "
                        "the two.");
    return few.take();
}

Sightings alias_keeps_copy(const Evidence& evidence)
{
    Few few;
    for (const Alias* alias : overlaps(evidence))
        if (has_itself(*alias) && !is_twin(evidence, *alias))
            few.add(place(*alias), {datum("alias", alias->address), " is an account and an alias, and keeps a copy"});
    return few.take();
}

Sightings alias_quota_twin(const Evidence& evidence)
{
    Few few;
    for (const Alias* alias : overlaps(evidence))
        if (has_itself(*alias) && is_twin(evidence, *alias))
            few.add(
                place(*alias),
                {datum("alias", alias->address), " gets two userdb entries, its own and one with another's mailbox"},
                "Write the line " + line_to_write(*alias) + ".");
    return few.take();
}

Sightings alias_loop(const Evidence& evidence)
{
    Few few;
    for (const auto& [key, alias] : evidence.mail.aliases)
        if (!key.starts_with('@') && delivery_of(evidence.mail, key).loop)
            few.add(place(alias),
                    {datum("alias", alias.address), " leads back to itself through others: Postfix refuses the mail"});
    return few.take();
}

Sightings catch_all_captures(const Evidence& evidence)
{
    Few few;
    for (const auto& row : evidence.mail.aliases) {
        const Alias& alias = row.second;
        if (!row.first.starts_with('@')) continue;
        std::vector<std::string> captured;
        for (const auto& [address, account] : evidence.mail.accounts)
            if (find_alias(evidence.mail, address) == &alias) captured.push_back(account.address);
        std::erase_if(captured, [&](const std::string& address) {
            return alias.targets.size() == 1 && lower_case(alias.targets[0]) == lower_case(address);
        });
        if (captured.empty()) continue;
        few.add(place(alias),
                {datum("alias", alias.address), " takes the mail of ",
                 counted("accounts", captured.size(), "account", "accounts"), ": ", datum("first", captured.front()),
                 captured.size() > 1 ? " …" : ""},
                "Give each account an alias to itself: '" + printable(captured.front()) + "  " +
                    printable(captured.front()) + "'.");
    }
    return few.take();
}

Sightings prefix_clash(const Evidence& evidence)
{
    Few few;
    const auto look = [&](const auto& shorter, const auto& longer, const char* what, const char* other) {
        for (const auto& [key, row] : shorter) {
            const auto next = longer.upper_bound(key);
            if (key.starts_with('@') || next == longer.end() || !next->first.starts_with(key)) continue;
            few.add(place_of(what, row.line),
                    {datum("address", key), " is the beginning of ", datum("longer", next->first), " of ",
                     datum("file", other), ": the setup command refuses both"});
        }
    };
    look(evidence.mail.accounts, evidence.mail.aliases, "postfix-accounts.cf", alias_file);
    look(evidence.mail.aliases, evidence.mail.accounts, alias_file, "postfix-accounts.cf");
    return few.take();
}

Sightings quota_alias_1600(const Evidence& evidence)
{
    Few few;
    if (!gate(evidence, "ENABLE_QUOTAS")) return {};
    for (const auto& [key, alias] : evidence.mail.aliases) {
        const auto is_external = [&](const std::string& target) {
            return target.find('@') != std::string::npos &&
                   !evidence.mail.domains.contains(domain_of(lower_case(target)));
        };
        if (key.starts_with('@') || std::ranges::any_of(alias.targets, is_external))
            few.add(place(alias),
                    {datum("alias", alias.address), key.starts_with('@') ? " is a catch-all" : " leads outside",
                     ": the quota check of 16.0.0 refuses its mail"});
    }
    return few.take();
}

// The target itself is not repeated: in a line that is broken it may be a secret.
Sightings alias_bare_target(const Evidence& evidence)
{
    Few few;
    for (const Alias& alias : evidence.aliases)
        for (std::size_t i = 0; i < alias.targets.size(); ++i)
            if (alias.targets[i].find('@') == std::string::npos)
                few.add(place(alias),
                        {"target ", datum("target", std::to_string(i + 1)), " of ", datum("alias", alias.address),
                         " has no domain: Postfix treats it as a user of the host itself, and bounces the mail"},
                        "Write the whole address, such as name@" + printable(domain_of(alias.address)) + ".");
    return few.take();
}

}  // namespace mailstate::dms
