// SPDX-License-Identifier: MIT
// {"schema": 1, "tool_version": …, "created": …, "items": {"/var/lib/redis": {"kind": "directory", …}, …}}
//
// A seal may have a million items: they are read and written one at a time, one line each.
#include "mailstate/model/seal.hpp"
#include "model/json_members.hpp"

namespace mailstate {
namespace {

constexpr int seal_schema = 1;
constexpr std::size_t largest_seal = 1024 * mebibyte;

// The items were taken as they came, and are written one by one: in between they are an empty object.
struct Elsewhere {};
constexpr Elsewhere elsewhere;

Result<> read(const JsonNode& node, const Elsewhere& /*taken*/)
{
    return expect_object(node);
}

OrderedJson to_json(const Elsewhere& /*written*/)
{
    return OrderedJson::object();
}

}  // namespace

static void fields(auto& v, Noun<SealedItem> auto& item)
{
    v.required("kind", item.kind);
    v.required("size", item.size);
    v.required("mtime", item.mtime);
    v.required("mode", item.mode);
    v.required("user", item.user);
    v.required("group", item.group);
    v.required("digest", item.digest);
}

static void fields(auto& v, Noun<Seal> auto& seal)
{
    v.schema(seal_schema);
    v.required("tool_version", seal.tool_version);
    v.required("created", seal.created);
    v.required("items", elsewhere);
}

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
            return mistake(node, "the path " + in_quotes(name) + " occurs twice", "Seal the image again.",
                           JsonSpot::key);
        return read(node, place->second);
    };
    const JsonStream stream{"items", take};
    const auto json = TRY(parse_json(source, largest_seal, &stream));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "seal", seal_schema));
    TRY(read(root, seal));
    return seal;
}

std::string to_json_text(const Seal& seal)
{
    std::string text;
    const OrderedJson head = to_json(seal);
    for (const auto& [name, value] : head.items())
        text.append(text.empty() ? "{\n" : ",\n").append(OrderedJson(name).dump() + ": " + value.dump());
    text.pop_back();  // the items come in between
    std::string_view separator = "\n";
    for (const auto& [path, item] : seal.items) {
        text.append(separator).append(OrderedJson(printable(path)).dump()).append(": ").append(to_json(item).dump());
        separator = ",\n";
    }
    return text += "\n}\n}\n";
}

}  // namespace mailstate
