// SPDX-License-Identifier: MIT
#include "preflight/delivery.hpp"

#include <algorithm>

#include "preflight/address.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_addresses = 1'000;  // virtual_alias_expansion_limit
constexpr std::string_view own_origin = "@$myorigin";
constexpr std::size_t most_rewritings = 1'000;  // virtual_alias_recursion_limit

const Account* find_account(const MailMap& map, std::string_view address)
{
    for (const std::string& key : {std::string(address), split_extension(address).bare})
        if (const auto found = map.accounts.find(key); found != map.accounts.end()) return &found->second;
    return nullptr;
}

void add_once(std::vector<std::string>& list, const std::string& item)
{
    if (std::ranges::find(list, item) == list.end()) list.push_back(item);
}

// A target that takes the place of an address: "@other.org" keeps the local part, an extension that the alias did
// not name moves along (propagate_unmatched_extensions), a bare name gets the host's own (append_at_myorigin).
std::string rewritten(const std::string& address, const Alias& alias, std::string target)
{
    if (target.starts_with('@')) return address.substr(0, address.rfind('@')) + target;
    if (target.find('@') == std::string::npos) return target + std::string(own_origin);
    const Extension split = split_extension(address);
    if (split.extension.empty() || lower_case(alias.address) != split.bare) return target;
    return target.insert(target.rfind('@'), split.extension);
}

// "@other.org" must stand alone: Postfix puts the local part before the whole value, and takes it for one address.
std::string garbled(const std::string& address, const Alias& alias)
{
    std::string whole = address.substr(0, address.rfind('@'));
    for (const std::string& target : alias.targets)
        whole.append(&target == &alias.targets.front() ? "" : ", ").append(lower_case(target));
    const std::size_t at = whole.rfind('@');
    return "\"" + whole.substr(0, at) + "\"" + whole.substr(at);
}

// As cleanup(8) does it (cleanup_map1n.c): the first target takes an address's place and is rewritten at once, the
// others wait at the end of the list. An address that is among its own targets is not rewritten again. A circle without
// such an address has no end: Postfix gives up at its limits and refuses the mail.
class Expansion {
public:
    explicit Expansion(const MailMap& map) : map_(map) {}

    Delivery of(const std::string& recipient)
    {
        list_ = {recipient};
        for (std::size_t i = 0; i < list_.size() && !delivery_.loop; ++i) rewrite(i);
        if (delivery_.loop) {
            delivery_.mailboxes.clear();
            delivery_.external.clear();
        }
        const auto& boxes = delivery_.mailboxes;
        delivery_.mailbox = std::ranges::find(boxes, mailbox_name(recipient)) != boxes.end();
        return std::move(delivery_);
    }

private:
    void rewrite(std::size_t i)
    {
        for (std::size_t times = 0;; ++times) {
            const std::string address = list_[i];
            const Alias* const alias = settled_.contains(address) ? nullptr : find_alias(map_, address);
            if (alias == nullptr || alias->targets.empty()) return arrive(address);
            if (times >= most_rewritings || list_.size() > most_addresses) {
                delivery_.loop = true;
                return;
            }
            add_once(delivery_.visited, address);
            add_once(delivery_.followed, alias->address + " (" + place_of("postfix-virtual.cf", alias->line) + ")");
            replace(i, address, *alias);
        }
    }

    void replace(std::size_t i, const std::string& address, const Alias& alias)
    {
        if (alias.targets.size() > 1 && alias.targets.front().starts_with('@')) {
            list_[i] = garbled(address, alias);
            return;
        }
        for (const std::string& text : alias.targets) {
            const bool is_first = &text == &alias.targets.front();
            // Behind the first, "@other.org" is an address without a local part.
            std::string target =
                !is_first && text.starts_with('@') ? lower_case(text) : rewritten(address, alias, lower_case(text));
            if (target == address) settled_.insert(address);
            if (is_first)
                list_[i] = std::move(target);
            else
                list_.push_back(std::move(target));
        }
    }

    [[nodiscard]] std::string mailbox_name(const std::string& address) const
    {
        const Account* const account = find_account(map_, address);
        return account == nullptr ? address : lower_case(account->address);
    }

    void arrive(const std::string& rewritten_to)
    {
        const std::string address = rewritten_to.starts_with('@') ? "\"\"" + rewritten_to : rewritten_to;
        if (find_account(map_, address) != nullptr)
            add_once(delivery_.mailboxes, mailbox_name(address));
        else if (map_.domains.contains(domain_of(address)) || address.ends_with(own_origin))
            add_once(delivery_.unknown, address);
        else
            add_once(delivery_.external, address);
    }

    const MailMap& map_;
    std::vector<std::string> list_;
    std::set<std::string> settled_;  // were among their own targets
    Delivery delivery_;
};

std::string reason(const Delivery& delivery, const std::string& recipient)
{
    std::string text;
    if (!delivery.followed.empty()) {
        text = "rewritten by ";
        for (const std::string& alias : delivery.followed)
            text += (&alias == &delivery.followed.front() ? "" : ", ") + alias;
        text += delivery.mailbox ? ", which keeps a copy in the mailbox" : "";
    } else if (delivery.mailbox) {
        text = "the account " + recipient + " has no alias";
    } else {
        text = delivery.external.empty() ? "no account and no alias has this address" : "the domain is not local";
    }
    if (delivery.loop) text += "; the aliases form a loop, which Postfix refuses";
    if (!delivery.unknown.empty()) text += "; nobody has " + delivery.unknown.front();
    return text;
}

}  // namespace

MailMap make_mail_map(const std::vector<Account>& accounts, const std::vector<Alias>& aliases,
                      const std::vector<Quota>& quotas)
{
    MailMap map;
    for (const Account& account : accounts) map.accounts.emplace(lower_case(account.address), account);
    for (const Alias& alias : aliases) map.aliases.emplace(lower_case(alias.address), alias);
    for (const Quota& quota : quotas) map.quotas.emplace(lower_case(quota.address), quota);
    for (const auto& row : map.accounts) map.domains.insert(domain_of(row.first));
    for (const auto& row : map.aliases) map.domains.insert(domain_of(row.first));
    map.domains.erase("");
    return map;
}

const Alias* find_alias(const MailMap& map, std::string_view address)
{
    for (const std::string& key : lookup_keys(address))
        if (const auto found = map.aliases.find(key); found != map.aliases.end()) return &found->second;
    return nullptr;
}

bool has_itself(const Alias& alias)
{
    const std::string own = lower_case(alias.address);
    return std::ranges::any_of(alias.targets, [&](const std::string& target) { return lower_case(target) == own; });
}

Delivery delivery_of(const MailMap& map, std::string_view recipient)
{
    const std::string address = lower_case(recipient);
    Delivery delivery = Expansion(map).of(address);
    if (const auto quota = map.quotas.find(address); quota != map.quotas.end())
        delivery.quota = quota->second.limit + " (" + place_of("dovecot-quotas.cf", quota->second.line) + ")";
    delivery.because = reason(delivery, address);
    if (map.has_regexp) delivery.because += "; postfix-regexp.cf may rewrite it first, which is not evaluated here";
    return delivery;
}

}  // namespace mailstate
