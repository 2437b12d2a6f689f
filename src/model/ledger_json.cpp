// SPDX-License-Identifier: MIT
// <volume>/.mailstate/ledger.<n>.json. A member that is absent from an older file of the same schema is an error: the
// file is replaced whole, so half of one is damage.
#include <algorithm>

#include "mailstate/ledger.hpp"
#include "model/json_nouns.hpp"
#include "model/own_names.hpp"

namespace mailstate {

static constexpr std::size_t largest_ledger = 16 * mebibyte;

static Result<> read(const JsonNode& node, Phase& phase)
{
    static constexpr Phase phases[] = {Phase::publishing, Phase::published, Phase::linked, Phase::adopted,
                                       Phase::rolled_back};
    return read_name(node, phases, phase);
}

// Fields that become names of files.
static Result<> expect_own(const JsonNode& object, std::string_view name, bool is_own)
{
    if (is_own) return {};
    return mistake(TRY(member_of(object, name)), "is not a name that mailstate makes",
                   "Move this file away; what it records is found out anew.");
}

static Result<> read(const JsonNode& node, Generation& generation)
{
    TRY(expect_members(node, {"name", "bytes"}));
    TRY(read_member(node, "name", generation.name));
    TRY(expect_own(node, "name", is_name_below_displaced(generation.name)));
    return read_member(node, "bytes", generation.bytes);
}

static Result<> read(const JsonNode& node, Adoption& adoption)
{
    TRY(expect_members(node, {"mount", "files", "bytes", "copies", "generations"}));
    TRY(read_member(node, "mount", adoption.mount));
    TRY(read_member(node, "files", adoption.amount.files));
    TRY(read_member(node, "bytes", adoption.amount.bytes));
    TRY(read_member(node, "copies", adoption.copies));
    return read_member(node, "generations", adoption.generations);
}

static Result<> read(const JsonNode& node, LedgerEntry& entry)
{
    TRY(expect_members(
        node, {"phase", "files", "bytes", "fingerprint", "staging", "since", "rollback", "returned", "adoption"}));
    TRY(read_member(node, "phase", entry.phase));
    TRY(read_member(node, "files", entry.amount.files));
    TRY(read_member(node, "bytes", entry.amount.bytes));
    TRY(read_member(node, "fingerprint", entry.fingerprint));
    TRY(read_member(node, "staging", entry.staging));
    TRY(read_member(node, "since", entry.since));
    TRY(read_optional(node, "rollback", entry.rollback));
    TRY(expect_own(node, "staging", entry.staging.empty() || is_staging_in_place(entry.staging)));
    TRY(expect_own(node, "rollback", !entry.rollback || is_run(*entry.rollback)));
    TRY(read_optional(node, "returned", entry.returned));
    return read_optional(node, "adoption", entry.adoption);
}

static Result<> read(const JsonNode& node, Translation& translation)
{
    TRY(expect_members(node, {"from", "to", "begun"}));
    TRY(read_member(node, "from", translation.from));
    TRY(read_member(node, "to", translation.to));
    return read_member(node, "begun", translation.begun);
}

static Result<> read(const JsonNode& node, EntryChange& change)
{
    TRY(expect_members(node, {"entry", "before", "after", "fingerprint", "displaced"}));
    TRY(read_member(node, "entry", change.entry));
    TRY(read_optional(node, "before", change.before));
    TRY(read_optional(node, "after", change.after));
    TRY(read_optional(node, "fingerprint", change.fingerprint));
    TRY(read_optional(node, "displaced", change.displaced));
    const auto is_own = [](const std::string& name) { return is_name_below_displaced(name); };
    return expect_own(node, "displaced", std::ranges::all_of(change.displaced, is_own));
}

static Result<> read(const JsonNode& node, RunRecord& run)
{
    TRY(expect_members(node, {"started", "finished", "host", "version", "command", "exit_code", "changes", "entries"}));
    TRY(read_member(node, "started", run.started));
    TRY(read_member(node, "finished", run.finished));
    TRY(read_member(node, "host", run.host));
    TRY(read_member(node, "version", run.version));
    TRY(read_member(node, "command", run.command));
    TRY(read_member(node, "exit_code", run.exit_code));
    TRY(read_member(node, "changes", run.changes));
    return read_optional(node, "entries", run.entries);
}

static Result<> read(const JsonNode& node, Capabilities& capabilities)
{
    std::map<std::string, std::string> words;
    TRY(read(node, words));
    capabilities = capabilities_from(words);
    return {};
}

static Result<> read(const JsonNode& node, TestedVolume& tested)
{
    TRY(expect_members(node, {"volume", "capabilities"}));
    TRY(read_member(node, "volume", tested.volume));
    return read_member(node, "capabilities", tested.results);
}

static Result<> read(const JsonNode& node, Ledger& ledger)
{
    TRY(expect_schema(node, "ledger", ledger_schema));
    TRY(expect_members(node, {"schema", "tool_version", "layout_name", "layout_version", "identities", "translation",
                              "entries", "interrupted", "capabilities", "volume", "mounts", "runs", "unrecorded"}));
    TRY(read_member(node, "tool_version", ledger.tool_version));
    TRY(read_member(node, "layout_name", ledger.layout_name));
    TRY(read_member(node, "layout_version", ledger.layout_version));
    TRY(read_optional(node, "identities", ledger.identities));
    TRY(read_optional(node, "translation", ledger.translation));
    TRY(read_member(node, "entries", ledger.entries));
    std::vector<std::string> interrupted;
    TRY(read_optional(node, "interrupted", interrupted));
    ledger.interrupted.insert(interrupted.begin(), interrupted.end());
    TRY(read_member(node, "capabilities", ledger.capabilities));
    TRY(read_member(node, "volume", ledger.volume));
    TRY(read_optional(node, "mounts", ledger.mounts));
    TRY(read_member(node, "runs", ledger.runs));
    return read_optional(node, "unrecorded", ledger.unrecorded);
}

static OrderedJson generation_json(const Generation& generation)
{
    return {{"name", printable(generation.name)}, {"bytes", generation.bytes}};
}

static OrderedJson adoption_json(const Adoption& adoption)
{
    return {{"mount", printable(adoption.mount)},
            {"files", adoption.amount.files},
            {"bytes", adoption.amount.bytes},
            {"copies", array_of(adoption.copies, printable)},
            {"generations", array_of(adoption.generations, generation_json)}};
}

static OrderedJson entry_json(const LedgerEntry& entry)
{
    OrderedJson json = {{"phase", name_of(entry.phase)},       {"files", entry.amount.files},
                        {"bytes", entry.amount.bytes},         {"fingerprint", printable(entry.fingerprint)},
                        {"staging", printable(entry.staging)}, {"since", printable(entry.since)}};
    if (entry.rollback) json["rollback"] = printable(*entry.rollback);
    if (entry.returned) json["returned"] = printable(*entry.returned);
    if (entry.adoption) json["adoption"] = adoption_json(*entry.adoption);
    return json;
}

static OrderedJson tested_json(const TestedVolume& tested)
{
    return {{"volume", printable(tested.volume)}, {"capabilities", object_of(words_of(tested.results), printable)}};
}

static OrderedJson translation_json(const Translation& translation)
{
    return {{"from", to_json(translation.from)},
            {"to", to_json(translation.to)},
            {"begun", object_of(translation.begun, [](const Timestamp& time) { return to_json(time); })}};
}

static OrderedJson change_json(const EntryChange& change)
{
    OrderedJson json = {{"entry", printable(change.entry)}};
    if (change.before) json["before"] = name_of(*change.before);
    if (change.after) json["after"] = name_of(*change.after);
    if (!change.fingerprint.empty()) json["fingerprint"] = printable(change.fingerprint);
    if (!change.displaced.empty()) json["displaced"] = array_of(change.displaced, printable);
    return json;
}

static OrderedJson run_json(const RunRecord& run)
{
    OrderedJson json = {{"started", printable(run.started)},
                        {"finished", printable(run.finished)},
                        {"host", printable(run.host)},
                        {"version", printable(run.version)},
                        {"command", printable(run.command)},
                        {"exit_code", run.exit_code},
                        {"changes", array_of(run.changes, printable)}};
    if (run.entries) json["entries"] = array_of(*run.entries, change_json);
    return json;
}

Result<Ledger> parse_ledger(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_ledger));
    Ledger ledger;
    TRY(read({&source, &json}, ledger));
    return ledger;
}

std::string to_json_text(const Ledger& ledger)
{
    OrderedJson json = {{"schema", ledger_schema},
                        {"tool_version", printable(ledger.tool_version)},
                        {"layout_name", printable(ledger.layout_name)},
                        {"layout_version", ledger.layout_version}};
    if (ledger.identities) json["identities"] = to_json(*ledger.identities);
    if (ledger.translation) json["translation"] = translation_json(*ledger.translation);
    json["entries"] = object_of(ledger.entries, entry_json);
    if (!ledger.interrupted.empty()) json["interrupted"] = array_of(ledger.interrupted, printable);
    json["capabilities"] = object_of(words_of(ledger.capabilities), printable);
    json["volume"] = printable(ledger.volume);
    if (!ledger.mounts.empty()) json["mounts"] = object_of(ledger.mounts, tested_json);
    json["runs"] = array_of(ledger.runs, run_json);
    if (!ledger.unrecorded.empty()) json["unrecorded"] = array_of(ledger.unrecorded, change_json);
    return json.dump(2) + '\n';
}

std::string to_json_line(const RunRecord& run)
{
    return run_json(run).dump();
}

Result<RunRecord> parse_run(std::string_view file_name, std::string_view line)
{
    const JsonSource source{file_name, line};
    const auto json = TRY(parse_json(source, largest_ledger));
    RunRecord run;
    TRY(read({&source, &json}, run));
    return run;
}

}  // namespace mailstate
