// SPDX-License-Identifier: MIT
#include "preflight/address.hpp"

#include "preflight/mail_tables.hpp"

namespace mailstate {

Extension split_extension(std::string_view address)
{
    const std::size_t plus = address.find('+'), at = address.rfind('@');
    if (plus == std::string_view::npos || plus == 0 || at == std::string_view::npos || plus > at) return {};
    return {std::string(address.substr(0, plus)).append(address.substr(at)),
            std::string(address.substr(plus, at - plus))};
}

std::vector<std::string> lookup_keys(std::string_view address)
{
    std::vector<std::string> keys = {std::string(address)};
    if (std::string bare = split_extension(address).bare; !bare.empty()) keys.push_back(std::move(bare));
    keys.push_back("@" + domain_of(address));
    return keys;
}

}  // namespace mailstate
