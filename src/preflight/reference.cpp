// SPDX-License-Identifier: MIT
// Where a reference of the rule book is to be read: "#4082", "PR #3840", "CHANGELOG v15.0.0", "postconf(5), name", a
// path in the repository of the system, or a URL.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

namespace {

std::string repository(System system)
{
    if (system == System::mailu) return "https://github.com/Mailu/Mailu";
    if (system == System::mailcow) return "https://github.com/mailcow/mailcow-dockerized";
    return "https://github.com/docker-mailserver/docker-mailserver";
}

std::string documentation(System system)
{
    if (system == System::mailu) return "https://mailu.io/2024.06/";
    if (system == System::mailcow) return "https://docs.mailcow.email/";
    return "https://docker-mailserver.github.io/docker-mailserver/latest/";
}

std::string manual_page(std::string_view reference)
{
    const std::string_view name = reference.substr(0, reference.find('('));
    if (name == "nfs") return "https://man7.org/linux/man-pages/man5/nfs.5.html";
    const std::size_t comma = reference.find(", ");
    const std::string page = "https://www.postfix.org/" + std::string(name) + ".5.html";
    return comma == std::string_view::npos ? page : page + "#" + std::string(reference.substr(comma + 2));
}

}  // namespace

std::string reference_url(System system, std::string_view reference)
{
    const std::string_view first =
        trim(reference.substr(0, reference.find(reference.starts_with("https:") ? ' ' : ';')));
    if (first.starts_with("https:")) return std::string(first);
    if (const std::size_t hash = first.find('#'); hash != std::string_view::npos) {
        const std::string_view number =
            first.substr(hash + 1, first.find_first_not_of("0123456789", hash + 1) - hash - 1);
        return repository(system) + (first.starts_with("PR") ? "/pull/" : "/issues/") + std::string(number);
    }
    if (first.starts_with("CHANGELOG")) return repository(system) + "/blob/master/CHANGELOG.md";
    if (first.starts_with("RFC ")) return "https://www.rfc-editor.org/rfc/rfc" + std::string(first.substr(4)) + ".html";
    if (first.find("(5)") != std::string_view::npos) return manual_page(first);
    if (first.starts_with("docs")) return documentation(system);
    const std::string_view path = first.substr(0, first.find(','));
    return repository(system) + "/blob/master/" + std::string(path);
}

}  // namespace mailstate
