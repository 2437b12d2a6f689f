// SPDX-License-Identifier: MIT
// {"schema": 1, "entry": "redis", "origin": "/var/lib/redis", "created": …,
//  "items": [{"path": "dump.rdb", "kind": "file", "digest": "xxh128:…"}, …]}
#include "mailstate/manifest.hpp"
#include "model/json_nouns.hpp"

namespace mailstate {

static constexpr int manifest_schema = 1;
static constexpr std::size_t largest_manifest = 256 * mebibyte;

static Result<> read(const JsonNode& node, ManifestItem& item)
{
    TRY(expect_members(node, {"path", "kind", "digest"}));
    TRY(read_member(node, "path", item.path));
    TRY(read_member(node, "kind", item.kind));
    return read_member(node, "digest", item.digest);
}

Result<Manifest> parse_manifest(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_manifest));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "manifest", manifest_schema));
    TRY(expect_members(root, {"schema", "entry", "origin", "created", "items"}));
    Manifest manifest;
    TRY(read_member(root, "entry", manifest.entry));
    TRY(read_member(root, "origin", manifest.origin));
    TRY(read_member(root, "created", manifest.created));
    TRY(read_member(root, "items", manifest.items));
    return manifest;
}

std::string to_json_text(const Manifest& manifest)
{
    const auto item_json = [](const ManifestItem& item) -> OrderedJson {
        return {{"path", printable(item.path)}, {"kind", name_of(item.kind)}, {"digest", printable(item.digest)}};
    };
    const OrderedJson json = {{"schema", manifest_schema},
                              {"entry", printable(manifest.entry)},
                              {"origin", printable(manifest.origin)},
                              {"created", printable(manifest.created)},
                              {"items", array_of(manifest.items, item_json)}};
    return json.dump(1) + '\n';
}

}  // namespace mailstate
