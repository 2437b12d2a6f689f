// SPDX-License-Identifier: MIT
#include "engine/split_path.hpp"

#include <cerrno>

#include "mailstate/base/text.hpp"

namespace mailstate {

Result<DirectoryRef> make_or_open(const Reader& reader, Writer& writer, const Name& item, Mode mode)
{
    Result<DirectoryRef> made = writer.make_directory(item, mode);
    if (made || made.error().number != EEXIST) return made;
    return reader.open_directory(item, Cross::no);
}

SplitPath split_path(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {"", std::string(path)};
    const std::string parent(path.substr(0, slash));
    return {parent.empty() ? "/" : parent, std::string(path.substr(slash + 1))};
}

Result<DirectoryRef> open_below(const Reader& reader, DirectoryRef at, std::string_view relative)
{
    for (const std::string& name : split_list(relative, '/')) at = TRY(reader.open_directory({at, name}, Cross::no));
    return at;
}

Result<DirectoryRef> make_below(const Reader& reader, Writer& writer, DirectoryRef at, std::string_view relative)
{
    for (const std::string& name : split_list(relative, '/'))
        at = TRY(make_or_open(reader, writer, {at, name}, Mode{0755}));
    return at;
}

std::string normalised(const std::string& text, const std::string& base)
{
    std::vector<std::string> names;
    const std::string absolute = text.starts_with("/") ? text : base + "/" + text;
    for (const std::string& name : split_list(absolute, '/')) {
        if (name == ".") continue;
        if (name != "..") names.push_back(name);
        if (name == ".." && !names.empty()) names.pop_back();
    }
    std::string path;
    for (const std::string& name : names) path += "/" + name;
    return path.empty() ? "/" : path;
}

}  // namespace mailstate
