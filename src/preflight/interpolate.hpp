// SPDX-License-Identifier: MIT
// Interpolation as compose does it (compose-go, template/template.go), in compose files, env files and .env.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mailstate/model/settings.hpp"
#include "preflight/message.hpp"

namespace mailstate {

using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

// ${NAME}, ${NAME:-default}, ${NAME-default}, ${NAME:+other}, ${NAME+other}, ${NAME:?error}, ${NAME?error}, $NAME and
// $$; defaults may have variables of their own. What has no form of these stays as it is. `problems`: why compose
// refuses the text, "NAME is required …"; null: of no interest. `unset`: names that have neither value nor default, of
// which compose warns; the same.
std::string interpolate(std::string_view text, const Lookup& lookup, std::vector<Worded>* problems = nullptr,
                        std::vector<std::string>* unset = nullptr);
std::string interpolate(std::string_view text, const Variables& variables);

Lookup lookup_in(const Variables& variables);  // which must live as long

}  // namespace mailstate
