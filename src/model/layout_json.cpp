// SPDX-License-Identifier: MIT
#include "mailstate/model/layout_json.hpp"

#include <algorithm>

#include "model/json_nouns.hpp"
#include "model/layout_rules.hpp"

namespace mailstate {

static constexpr std::size_t largest_layout = mebibyte;

static Result<> obey(Rule rule, const JsonNode& node, const std::string& text, JsonSpot spot = JsonSpot::value)
{
    auto complaint = rule(text);
    if (complaint) return mistake(node, std::move(complaint->message), std::move(complaint->hint), spot);
    return {};
}

static Result<> read_ruled(const JsonNode& node, Rule rule, std::string& out)
{
    TRY(read(node, out));
    return obey(rule, node, out);
}

static Result<> read_ruled(const JsonNode& object, std::string_view name, Rule rule, std::string& out)
{
    return read_ruled(TRY(member_of(object, name)), rule, out);
}

static Result<> read_ruled_optional(const JsonNode& object, std::string_view name, Rule rule, std::string& out)
{
    const auto node = find_member(object, name);
    return node ? read_ruled(*node, rule, out) : Result<>{};
}

// Globs have backslashes of their own, so \xNN is not undone in them: '?' matches any byte.
static Result<> read_glob(const JsonNode& node, std::string& out)
{
    TRY(read_verbatim(node, out));
    return obey(glob_rule, node, out);
}

template <class T, class ReadOne>
static Result<> read_list(const JsonNode& object, std::string_view name, std::vector<T>& out, ReadOne read_one)
{
    const auto list = find_member(object, name);
    if (!list) return {};
    TRY(expect_array(*list));
    for (std::size_t i = 0; i < list->value->size(); ++i)
        TRY(read_one(JsonNode{list->source, &(*list->value)[i], &*list, i}, out.emplace_back()));
    return {};
}

// What may be removed: never everything, be it by one glob or by all of them. A file's entry is one name, and "." is
// it.
static Result<> read_removable(const JsonNode& object, std::string_view name, Kind kind, std::vector<std::string>& out)
{
    const auto read_one = [&](const JsonNode& node, std::string& glob) -> Result<> {
        TRY(read_glob(node, glob));
        return kind == Kind::directory ? obey(not_everything_rule, node, glob) : Result<>{};
    };
    TRY(read_list(object, name, out, read_one));
    const auto list = find_member(object, name);
    if (!list || kind != Kind::directory || !match_everything(out)) return {};
    return mistake(*list, "the globs of " + in_quotes(name) + " match everything together",
                   "Name the files that a service leaves behind, such as \"*.pid\" or \"cache/**\".");
}

// Three digits leave a directory's SUID and SGID as they are, like chmod(1).
static Result<> read_mode(const JsonNode& object, std::optional<Mode>& mode, bool& exact)
{
    const auto node = find_member(object, "mode");
    if (!node) return {};
    constexpr const char* hint =
        "A mode is three or four octal digits in quotes: \"0750\" is exact, \"750\" leaves "
        "SUID and SGID of directories as they are.";
    std::string text;
    if (!node->value->is_string()) return wrong_type(*node, "a mode", hint);
    TRY(read(*node, text));
    const bool octal = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '7'; });
    if (!octal || text.size() < 3 || text.size() > 4) return mistake(*node, in_quotes(text) + " is not a mode", hint);
    mode = Mode{static_cast<std::uint32_t>(std::stoul(text, nullptr, 8))};
    exact = text.size() == 4;
    return {};
}

static Result<> read(const JsonNode& node, Gate& gate)
{
    TRY(expect_members(node, {"env", "is", "is_not"}));
    TRY(read_ruled(node, "env", variable_rule, gate.variable));
    const auto is = find_member(node, "is"), is_not = find_member(node, "is_not");
    if (is.has_value() == is_not.has_value())
        return mistake(node, "expected either \"is\" or \"is_not\"", "Write one of the two, with a whole number.");
    gate.equal = is.has_value();
    return read(is ? *is : *is_not, gate.value);
}

static Result<> read_gates(const JsonNode& entry, std::vector<Gate>& gates)
{
    const auto node = find_member(entry, "enabled");
    if (!node) return {};
    if (node->value->is_array()) return read(*node, gates);
    if (!node->value->is_object())
        return wrong_type(*node, "an object or an array of objects", "Write {\"env\": \"NAME\", \"is\": 1}.");
    return read(*node, gates.emplace_back());
}

static Result<> read(const JsonNode& node, OwnershipRule& rule)
{
    TRY(expect_members(node, {"match", "owner", "group", "mode", "kind"}));
    TRY(read_glob(TRY(member_of(node, "match")), rule.match));
    TRY(read_ruled_optional(node, "owner", account_rule, rule.owner));
    TRY(read_ruled_optional(node, "group", account_rule, rule.group));
    TRY(read_mode(node, rule.mode, rule.exact_mode));
    TRY(read_optional(node, "kind", rule.kind));
    if (rule.owner.empty() && rule.group.empty() && !rule.mode)
        return mistake(node, "the rule has no owner, no group and no mode",
                       "Add one of the three, or remove the rule.");
    return {};
}

static Result<> read_entry_kind(const JsonNode& entry, Kind& kind)
{
    const auto node = find_member(entry, "kind");
    if (!node) return {};
    TRY(read(*node, kind));
    if (kind == Kind::directory || kind == Kind::regular) return {};
    return mistake(*node, "an entry cannot be a " + std::string(name_of(kind)), "Use \"directory\" or \"file\".");
}

static Result<> read_need(const JsonNode& node, Ability& out)
{
    std::string name;
    TRY(read_ruled(node, need_rule, name));
    out = *ability_named(name);
    return {};
}

// Why it is so: for the reader of the file.
static Result<> read_comment(const JsonNode& object)
{
    std::string comment;
    return read_optional(object, "comment", comment);
}

static Result<> read(const JsonNode& node, Entry& entry)
{
    TRY(expect_members(node, {"comment", "name", "origin", "destination", "kind", "enabled", "needs", "ownership",
                              "stale", "disposable", "disposable_if_equal_to_root", "spare", "in_place", "weight"}));
    TRY(read_comment(node));
    TRY(read_ruled(node, "name", name_rule, entry.name));
    TRY(read_ruled(node, "origin", absolute_path_rule, entry.origin));
    TRY(read_ruled(node, "destination", destination_rule, entry.destination));
    TRY(read_entry_kind(node, entry.kind));
    TRY(read_gates(node, entry.enabled));
    TRY(read_list(node, "needs", entry.needs, read_need));
    TRY(read_optional(node, "ownership", entry.ownership));
    TRY(read_removable(node, "stale", entry.kind, entry.stale));
    TRY(read_removable(node, "disposable", entry.kind, entry.disposable));
    TRY(read_removable(node, "disposable_if_equal_to_root", entry.kind, entry.disposable_if_equal_to_root));
    TRY(read_list(node, "spare", entry.spare, read_glob));
    if (const auto weight = find_member(node, "weight"))
        entry.weight = static_cast<int>(TRY(read_integer(*weight, -100, 100)));
    return read_optional(node, "in_place", entry.in_place);
}

static Result<> read(const JsonNode& node, Binary& binary)
{
    TRY(expect_members(node, {"path", "owner", "group", "mode"}));
    TRY(read_ruled(node, "path", absolute_path_rule, binary.path));
    TRY(read_ruled_optional(node, "owner", account_rule, binary.owner));
    TRY(read_ruled_optional(node, "group", account_rule, binary.group));
    bool exact = true;  // of a file, chmod(1) clears what three digits leave out
    TRY(read_mode(node, binary.mode, exact));
    if (binary.owner.empty() && binary.group.empty() && !binary.mode)
        return mistake(node, "the binary has no owner, no group and no mode", "Add one of the three, or remove it.");
    return {};
}

static Result<> read_defaults(const JsonNode& layout, std::map<std::string, std::string>& defaults)
{
    const auto node = find_member(layout, "defaults");
    if (!node) return {};
    TRY(read(*node, defaults));
    for (const auto& [name, value] : node->value->items()) {
        const JsonNode member{node->source, &value, &*node, std::string_view(name)};
        TRY(obey(variable_rule, member, name, JsonSpot::key));
        TRY(obey(default_rule, member, value.get_ref<const std::string&>()));
    }
    return {};
}

static Result<> check_whole(const JsonNode& node, const Layout& layout)
{
    if (auto clash = find_clash(layout)) {
        const auto entries = TRY(member_of(node, "entries"));
        const JsonNode entry{node.source, &(*entries.value)[clash->entry], &entries, clash->entry};
        return mistake(TRY(member_of(entry, clash->key)), clash->complaint.message, clash->complaint.hint);
    }
    if (const auto circle = find_circle(layout)) {
        const auto defaults = TRY(member_of(node, "defaults"));
        return mistake(TRY(member_of(defaults, *circle)),
                       "the default of " + *circle + " refers to itself through other variables",
                       "Give one of them a literal value.");
    }
    return {};
}

static Result<> read_storage_name(const JsonNode& node, std::string& out)
{
    return read_ruled(node, storage_name_rule, out);
}

static Result<> read(const JsonNode& node, Layout& layout)
{
    TRY(expect_members(
        node, {"comment", "name", "version", "state_dir", "defaults", "entries", "binaries", "storage_names"}));
    TRY(read_comment(node));
    TRY(read_ruled(node, "name", name_rule, layout.name));
    layout.version = static_cast<int>(TRY(read_integer(TRY(member_of(node, "version")), 1, 1'000'000'000)));
    TRY(read_ruled(node, "state_dir", absolute_path_rule, layout.state_dir));
    TRY(read_defaults(node, layout.defaults));
    TRY(read_member(node, "entries", layout.entries));
    TRY(read_optional(node, "binaries", layout.binaries));
    TRY(read_list(node, "storage_names", layout.storage_names, read_storage_name));
    return check_whole(node, layout);
}

Result<Layout> parse_layout(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_layout));
    Layout layout;
    TRY(read({&source, &json}, layout));
    return layout;
}

}  // namespace mailstate
