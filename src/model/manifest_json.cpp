// SPDX-License-Identifier: MIT
// {"schema": 2, "entry": "redis", "origin": "/var/lib/redis", "created": …, "names": 3, "bytes": 4096}
//
// Schema 1 had "items" after "created", a list of all names with their digests, which may be hundreds of megabytes.
#include "mailstate/model/manifest.hpp"
#include "model/json_members.hpp"

namespace mailstate {

static constexpr int manifest_schema = 2;
static constexpr std::size_t largest_manifest = mebibyte;
static constexpr std::string_view white = " \t\r\n";

// A manifest of schema 1 without its list: the part before that, closed again. Quotes inside a string are escaped, so
// this name with a colon after it cannot be part of a value.
static std::string without_items(std::string_view text)
{
    constexpr std::string_view name = "\"items\"";
    for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const std::size_t behind = text.find_first_not_of(white, at + name.size());
        if (behind == std::string_view::npos || text[behind] != ':') continue;
        std::string_view head = text.substr(0, at);
        head = head.substr(0, head.find_last_not_of(white) + 1);
        if (head.ends_with(',')) head.remove_suffix(1);
        return std::string(head) + "}";
    }
    return std::string(text);
}

static void fields(auto& v, Noun<Manifest> auto& manifest)
{
    v.schema(manifest_schema);
    v.required("entry", manifest.entry);
    v.required("origin", manifest.origin);
    v.required("created", manifest.created);
    v.later("names", manifest.names);
    v.later("bytes", manifest.bytes);
}

Result<Manifest> parse_manifest(std::string_view file_name, std::string_view text)
{
    const std::string head = without_items(text);
    const JsonSource source{file_name, head};
    const auto json = TRY(parse_json(source, largest_manifest));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "manifest", manifest_schema));
    Manifest manifest;
    TRY(read(root, manifest));
    return manifest;
}

std::string to_json_text(const Manifest& manifest)
{
    return to_json(manifest).dump(1) + '\n';
}

}  // namespace mailstate
