// SPDX-License-Identifier: MIT
#include "preflight/file_paths.hpp"

#include "mailstate/base/types.hpp"

namespace mailstate {

std::string base_name(std::string_view path)
{
    return std::string(path.substr(path.rfind('/') + 1));
}

std::string parent_of(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return ".";
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string without_end_slashes(std::string path)
{
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

std::string normal_path(const std::string& path)
{
    std::string text = Path(path).lexically_normal().string();
    while (text.size() > 1 && (text.ends_with('/') || text.ends_with("/."))) text.pop_back();
    return text;
}

std::string joined(const std::string& directory, const std::string& path)
{
    return path.starts_with('/') ? path : normal_path(directory + "/" + path);
}

std::string shown_path(const std::string& shown_file, const std::string& file, const std::string& path)
{
    if (path == file) return shown_file;
    const std::string folder = parent_of(file), shown = parent_of(shown_file);
    if (folder == "/" || !path.starts_with(folder + "/")) return path;
    const std::string rest = path.substr(folder.size() + 1);
    return shown == "." && !shown_file.starts_with("./") ? rest : shown + (shown == "/" ? "" : "/") + rest;
}

}  // namespace mailstate
