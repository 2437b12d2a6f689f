// SPDX-License-Identifier: MIT
#include "engine/stale.hpp"

#include <limits>

#include "mailstate/process.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

std::optional<Finding> alive(const Reader& reader, const DirectoryRef& at, const std::string& name,
                             const std::string& entry)
{
    constexpr std::size_t pid_file_limit = 256;  // Postfix pads its number to 20 columns
    if (!name.ends_with(".pid")) return std::nullopt;
    const Result<std::string> text = reader.read_file(at, name, pid_file_limit);
    if (!text) return std::nullopt;
    const std::optional<std::uint64_t> pid = parse_decimal(trim(*text));
    if (!pid || *pid == 0 || *pid > std::numeric_limits<int>::max()) return std::nullopt;
    if (!is_foreign_process(static_cast<int>(*pid))) return std::nullopt;
    return Finding{Severity::warning, "entry.alive", entry,
                   printable(at->path().text(name)) + " names process " + std::to_string(*pid) + ", which runs",
                   "Stop the service before apply; a pid file that is left over goes with the next start."};
}

}  // namespace mailstate
