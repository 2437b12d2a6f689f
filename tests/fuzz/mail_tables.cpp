// SPDX-License-Identifier: MIT
#include "preflight/mail_tables.hpp"
#include "preflight/delivery.hpp"

#include "fuzz/target.hpp"

using namespace mailstate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = text_of(data, size);
    const auto aliases = parse_aliases("file", text);
    const MailMap map = make_mail_map(parse_accounts("file", text).rows, aliases.rows, parse_quotas("file", text).rows);
    for (const RelayLine& line : parse_relay_map("file", text).rows) promise(line.line > 0, "a line has a number");
    for (const CredentialKey& key : parse_credentials("file", text).rows)
        promise(key.key.find_first_of(" \t\n") == std::string::npos, "a key is one word");
    std::size_t looked_at = 0;
    for (const auto& [address, alias] : map.aliases) {
        if (++looked_at > 20) break;
        const Delivery delivery = delivery_of(map, address);
        promise(!delivery.loop || delivery.mailboxes.empty(), "a loop reaches nobody");
    }
    return 0;
}
