// SPDX-License-Identifier: MIT
// {"schema": 1, "tool_version": …, "created": …, "items": {"/var/lib/redis": {"kind": "directory", …}, …}}
//
// A seal may have a million items: they are read and written one at a time, one line each.
#include "mailstate/seal.hpp"
#include "model/json_nouns.hpp"

namespace mailstate {
namespace {

constexpr int seal_schema = 1;
constexpr std::size_t largest_seal = 1024 * mebibyte;

OrderedJson item_json(const SealedItem& item)
{
    return {{"kind", name_of(item.kind)},      {"size", item.size},
            {"mtime", to_json(item.mtime)},    {"mode", octal_mode(item.mode.bits)},
            {"user", printable(item.user)},    {"group", printable(item.group)},
            {"digest", printable(item.digest)}};
}

Result<> read_item(const JsonNode& node, SealedItem& item)
{
    TRY(expect_members(node, {"kind", "size", "mtime", "mode", "user", "group", "digest"}));
    TRY(read_member(node, "kind", item.kind));
    TRY(read_member(node, "size", item.size));
    TRY(read_member(node, "mtime", item.mtime));
    TRY(read_member(node, "mode", item.mode));
    TRY(read_member(node, "user", item.user));
    TRY(read_member(node, "group", item.group));
    return read_member(node, "digest", item.digest);
}

}  // namespace

Result<Seal> parse_seal(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    Seal seal;
    const Json nothing;
    const JsonNode whole{&source, &nothing};
    const JsonNode items{&source, &nothing, &whole, std::string_view("items")};
    const auto take = [&](const std::string& name, const Json& value, const Json& before) -> Result<> {
        // A newer schema may have items of another shape: say that, not what is strange about the first of them.
        if (seal.items.empty() && before.contains("schema"))
            TRY(expect_schema({&source, &before}, "seal", seal_schema));
        const JsonNode node{&source, &value, &items, std::string_view(name)};
        const auto [place, fresh] = seal.items.try_emplace(TRY(name_from(node)));
        if (!fresh)
            return mistake(node, "the path " + in_quotes(name) + " comes twice", "Seal the image again.",
                           JsonSpot::key);
        return read_item(node, place->second);
    };
    const JsonStream stream{"items", take};
    const auto json = TRY(parse_json(source, largest_seal, &stream));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "seal", seal_schema));
    TRY(expect_members(root, {"schema", "tool_version", "created", "items"}));
    TRY(read_member(root, "tool_version", seal.tool_version));
    TRY(read_member(root, "created", seal.created));
    TRY(expect_object(TRY(member_of(root, "items"))));
    return seal;
}

std::string to_json_text(const Seal& seal)
{
    auto text = "{\n\"schema\": " + std::to_string(seal_schema) +
                ",\n\"tool_version\": " + OrderedJson(printable(seal.tool_version)).dump() +
                ",\n\"created\": " + OrderedJson(printable(seal.created)).dump() + ",\n\"items\": {";
    std::string_view separator = "\n";
    for (const auto& [path, item] : seal.items) {
        text.append(separator).append(OrderedJson(printable(path)).dump()).append(": ").append(item_json(item).dump());
        separator = ",\n";
    }
    return text += "\n}\n}\n";
}

}  // namespace mailstate
