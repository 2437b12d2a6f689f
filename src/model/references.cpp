// SPDX-License-Identifier: MIT
#include "model/references.hpp"

#include "model/words.hpp"

namespace mailstate {

std::optional<std::vector<TextPart>> split_references(std::string_view text)
{
    std::vector<TextPart> parts;
    for (;;) {
        const auto begin = text.find("${");
        if (begin != 0 && !text.empty()) parts.push_back({false, text.substr(0, begin)});
        if (begin == std::string_view::npos) return parts;
        const auto end = text.find('}', begin);
        if (end == std::string_view::npos) return std::nullopt;
        const auto name = text.substr(begin + 2, end - begin - 2);
        if (!is_shell_name(name)) return std::nullopt;
        parts.push_back({true, name});
        text.remove_prefix(end + 1);
    }
}

}  // namespace mailstate
