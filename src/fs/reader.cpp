// SPDX-License-Identifier: MIT
#include "mailstate/reader.hpp"

#include <cerrno>
#include <optional>

namespace mailstate {

Result<std::optional<Attributes>> find(const Reader& reader, const DirectoryRef& at, std::string_view name)
{
    const auto found = reader.attributes(at, name);
    if (found) return std::optional(*found);
    if (found.error().number == ENOENT) return std::optional<Attributes>();
    return fail(found.error());
}

}  // namespace mailstate
