// SPDX-License-Identifier: MIT
#include "preflight/places.hpp"

#include <algorithm>

namespace mailstate {

namespace {

constexpr std::size_t largest_searched = std::size_t{64} << 20U;
constexpr int most_links = 8;

// Without "." and "..", which a link's text may hold; never above the root.
std::string normal(const std::string& path)
{
    std::vector<std::string> parts;
    for (const Path& part : Path(path)) {
        if (part == ".." && !parts.empty())
            parts.pop_back();
        else if (part != "." && part != ".." && part != "/" && !part.empty())
            parts.push_back(part.string());
    }
    std::string text;
    for (const std::string& part : parts) text += "/" + part;
    return text.empty() ? "/" : text;
}

}  // namespace

std::optional<MappedDirectory> PlacedFiles::place_of_path(const std::string& path) const
{
    const MappedDirectory* best = nullptr;
    for (const MappedDirectory& place : places_)
        if (is_at_or_below(place.prefix, path) && (best == nullptr || place.prefix.size() >= best->prefix.size()))
            best = &place;
    if (best == nullptr) return std::nullopt;
    const std::string rest = path.substr(best->prefix == "/" ? 0 : best->prefix.size());
    return MappedDirectory{best->prefix, best->reader, normal(best->real + "/" + rest)};
}

bool PlacedFiles::is_visible(const std::string& path) const
{
    if (contents_.contains(normal(path))) return true;
    const auto place = place_of_path(normal(path));
    return place && facts(place->prefix);
}

// Where a link leads is seen when its text is asked for.
bool PlacedFiles::is_readable(const std::string& path) const
{
    const auto found = facts(path);
    if (!found || found->kind == Kind::symlink) return found.has_value();
    if (found->kind != Kind::directory) return text(path).has_value();
    const auto place = place_of_path(normal(path));
    const auto opened = place ? place->reader->open(Path(place->real)) : Result<DirectoryRef>(fail(Error{}));
    if (!opened) return false;
    std::vector<std::string> batch;
    const auto listing = place->reader->list(*opened);
    return listing && (*listing)->next(batch);
}

std::optional<FileFacts> PlacedFiles::facts(const std::string& path) const
{
    if (const auto found = contents_.find(normal(path)); found != contents_.end())
        return FileFacts{Kind::regular, {0644}, {}, found->second.size(), "", 0};
    const auto place = place_of_path(normal(path));
    if (!place) return std::nullopt;
    const Reader& reader = *place->reader;
    const bool is_top = place->real == "/";
    const auto directory = reader.open(Path(is_top ? "/" : parent_of(place->real)));
    if (!directory) return std::nullopt;
    const std::string name = base_name(place->real);
    const auto found = is_top ? reader.attributes(*directory) : reader.attributes({*directory, name});
    if (!found) return std::nullopt;
    FileFacts facts{found->kind, found->mode, found->owner, found->size, "", found->mtime.seconds};
    if (facts.kind == Kind::symlink) facts.link_text = reader.read_link({*directory, name}).value_or("");
    return facts;
}

std::optional<std::string> PlacedFiles::text(const std::string& path) const
{
    std::string at = normal(path);
    if (const auto found = contents_.find(at); found != contents_.end()) return found->second;
    for (int i = 0; i < most_links; ++i) {
        const auto found = facts(at);
        if (!found) return std::nullopt;
        if (found->kind == Kind::symlink) {
            const bool absolute = found->link_text.starts_with('/');
            at = normal(absolute ? found->link_text : parent_of(at) + "/" + found->link_text);
            continue;
        }
        const auto place = place_of_path(at);
        const auto directory = place->reader->open(Path(parent_of(place->real)));
        if (!directory) return std::nullopt;
        const auto content = place->reader->read_file({*directory, base_name(place->real)}, largest_searched);
        if (content) texts_read_.insert(at);
        return content ? std::optional(*content) : std::nullopt;
    }
    return std::nullopt;
}

std::vector<std::string> PlacedFiles::names(const std::string& directory) const
{
    std::vector<std::string> all, batch;
    for (const auto& [path, text] : contents_)
        if (parent_of(path) == normal(directory)) all.push_back(base_name(path));
    const auto place = place_of_path(normal(directory));
    const auto opened = place ? place->reader->open(Path(place->real)) : Result<DirectoryRef>(fail(Error{}));
    if (!opened) return all;
    const auto listing = place->reader->list(*opened);
    while (listing && (*listing)->next(batch) && !batch.empty()) all.insert(all.end(), batch.begin(), batch.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace mailstate
