// SPDX-License-Identifier: MIT
#include "mailstate/fs/reader.hpp"

#include <cerrno>
#include <memory>
#include <optional>

namespace mailstate {

Result<> each_name(const Reader& reader, const DirectoryRef& directory,
                   const std::function<Result<>(const std::string& name)>& act)
{
    std::vector<std::string> names;
    const std::unique_ptr<Listing> listing = TRY(reader.list(directory));
    do {
        TRY(listing->next(names));
        for (const std::string& name : names) TRY(act(name));
    } while (!names.empty());
    return {};
}

Result<std::vector<std::string>> all_names(const Reader& reader, const DirectoryRef& directory)
{
    std::vector<std::string> names;
    TRY(each_name(reader, directory, [&](const std::string& name) -> Result<> {
        names.push_back(name);
        return {};
    }));
    return names;
}

Result<std::optional<Attributes>> find(const Reader& reader, const Name& item)
{
    const auto found = reader.attributes(item);
    if (found) return std::optional(*found);
    if (found.error().number == ENOENT) return std::optional<Attributes>();
    return fail(found.error());
}

}  // namespace mailstate
