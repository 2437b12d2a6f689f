// SPDX-License-Identifier: MIT
#include "preflight/delivery.hpp"

#include <algorithm>

#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_addresses = 1'000;  // virtual_alias_expansion_limit

struct Split {                    // "user+extension@domain"; recipient_delimiter is "+"
    std::string bare, extension;  // "user@domain" and "+extension"; both empty where there is none
};

Split split_extension(std::string_view address)
{
    const std::size_t plus = address.find('+'), at = address.rfind('@');
    if (plus == std::string_view::npos || plus == 0 || at == std::string_view::npos || plus > at) return {};
    return {std::string(address.substr(0, plus)).append(address.substr(at)),
            std::string(address.substr(plus, at - plus))};
}

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

// A target as it stands in the place of an address: "@other.org" keeps the local part, an extension that the alias did
// not name moves along (propagate_unmatched_extensions), a bare name gets the alias's domain.
std::string rewritten(const std::string& address, const Alias& alias, std::string target)
{
    if (target.starts_with('@')) return address.substr(0, address.rfind('@')) + target;
    if (target.find('@') == std::string::npos) target += "@" + lower_case(domain_of(alias.address));
    const Split split = split_extension(address);
    if (split.extension.empty() || lower_case(alias.address) != split.bare) return target;
    return target.insert(target.rfind('@'), split.extension);
}

// cleanup(8), cleanup_map1n: an address is rewritten until no alias has it; one that is among its own targets is
// rewritten once. A circle without such an address has no end: Postfix gives up and refuses the mail.
class Expansion {
public:
    explicit Expansion(const MailMap& map) : map_(map) {}

    Delivery of(const std::string& recipient)
    {
        steps_.push_back({recipient, nobody});
        for (std::size_t i = 0; i < steps_.size() && !delivery_.loop; ++i) take(i);
        if (delivery_.loop) {
            delivery_.mailboxes.clear();
            delivery_.external.clear();
        }
        const auto& boxes = delivery_.mailboxes;
        delivery_.mailbox = std::ranges::find(boxes, mailbox_name(recipient)) != boxes.end();
        return std::move(delivery_);
    }

private:
    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);
    struct Step {
        std::string address;
        std::size_t from = nobody;  // the step that led here
    };

    void take(std::size_t i)
    {
        const std::string address = steps_[i].address;
        const Alias* const alias = settled_.contains(address) ? nullptr : find_alias(map_, address);
        if (alias == nullptr) return arrive(address);
        if (came_twice(i) || steps_.size() > most_addresses) {
            delivery_.loop = true;
            return;
        }
        add_once(delivery_.visited, address);
        add_once(delivery_.followed, alias->address + " (" + place_of("postfix-virtual.cf", alias->line) + ")");
        for (const std::string& text : alias->targets) {
            const std::string target = rewritten(address, *alias, lower_case(text));
            if (target == address) settled_.insert(address);
            steps_.push_back({target, i});
        }
    }

    // Twice, not once: the way back to an address may lead over one that has settled meanwhile.
    [[nodiscard]] bool came_twice(std::size_t i) const
    {
        int times = 0;
        for (std::size_t at = steps_[i].from; at != nobody; at = steps_[at].from)
            if (steps_[at].address == steps_[i].address && ++times == 2) return true;
        return false;
    }

    [[nodiscard]] std::string mailbox_name(const std::string& address) const
    {
        const Account* const account = find_account(map_, address);
        return account == nullptr ? address : lower_case(account->address);
    }

    void arrive(const std::string& address)
    {
        if (find_account(map_, address) != nullptr)
            add_once(delivery_.mailboxes, mailbox_name(address));
        else if (map_.domains.contains(domain_of(address)))
            add_once(delivery_.unknown, address);
        else
            add_once(delivery_.external, address);
    }

    const MailMap& map_;
    std::vector<Step> steps_;
    std::set<std::string> settled_;  // were among their own targets
    Delivery delivery_;
};

std::string reason(const Delivery& delivery, const std::string& recipient)
{
    std::string text;
    if (!delivery.followed.empty()) {
        text = "rewritten by ";
        for (const std::string& alias : delivery.followed)
            text += (&alias == &delivery.followed[0] ? "" : ", ") + alias;
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
    for (const std::string& key : {std::string(address), split_extension(address).bare, "@" + domain_of(address)})
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
