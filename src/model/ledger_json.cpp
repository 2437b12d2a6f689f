// SPDX-License-Identifier: MIT
// <volume>/.mailstate/ledger.<n>.json. A member that is absent from an older file of the same schema is an error: the
// file is replaced whole, so half of one is damage.
#include <algorithm>

#include "mailstate/model/ledger.hpp"
#include "model/json_members.hpp"
#include "model/json_records.hpp"
#include "model/own_names.hpp"

namespace mailstate {

static constexpr std::size_t largest_ledger = 16 * mebibyte;

static Result<> read(const JsonNode& node, Phase& phase)
{
    static constexpr Phase phases[] = {Phase::publishing, Phase::published, Phase::linked, Phase::adopted,
                                       Phase::rolled_back};
    return read_name(node, phases, phase);
}

static Result<> read(const JsonNode& node, Capabilities& capabilities)
{
    std::map<std::string, std::string> words;
    TRY(read(node, words));
    capabilities = capabilities_from(words);
    return {};
}

static OrderedJson to_json(const Capabilities& capabilities)
{
    return to_json(words_of(capabilities));
}

// Of members that become names of files.
static void must_be_own(auto& v, std::string_view name, bool is_own)
{
    v.must_hold(name, is_own, "is not a name that mailstate creates",
                "Move this file away; the next run detects again what it records.");
}

static void fields(auto& v, Noun<Amount> auto& amount)
{
    v.required("files", amount.files);
    v.required("bytes", amount.bytes);
}

static void fields(auto& v, Noun<Generation> auto& generation)
{
    v.required("name", generation.name);
    must_be_own(v, "name", is_name_below_displaced(generation.name));
    v.required("bytes", generation.bytes);
}

static void fields(auto& v, Noun<Adoption> auto& adoption)
{
    v.required("mount", adoption.mount);
    fields(v, adoption.amount);
    v.required("copies", adoption.copies);
    v.required("generations", adoption.generations);
}

static void fields(auto& v, Noun<LedgerEntry> auto& entry)
{
    v.required("phase", entry.phase);
    fields(v, entry.amount);
    v.required("fingerprint", entry.fingerprint);
    v.required("staging", entry.staging);
    v.required("since", entry.since);
    v.optional("rollback", entry.rollback);
    must_be_own(v, "staging", entry.staging.empty() || is_staging_in_place(entry.staging));
    must_be_own(v, "rollback", !entry.rollback || is_run(*entry.rollback));
    v.optional("returned", entry.returned);
    v.optional("adoption", entry.adoption);
}

static void fields(auto& v, Noun<Translation> auto& translation)
{
    v.required("from", translation.from);
    v.required("to", translation.to);
    v.required("begun", translation.begun);
}

static void fields(auto& v, Noun<EntryChange> auto& change)
{
    v.required("entry", change.entry);
    v.optional("before", change.before);
    v.optional("after", change.after);
    v.optional("fingerprint", change.fingerprint);
    v.optional("displaced", change.displaced);
    must_be_own(v, "displaced", std::ranges::all_of(change.displaced, is_name_below_displaced));
}

static void fields(auto& v, Noun<RunRecord> auto& run)
{
    v.required("started", run.started);
    v.required("finished", run.finished);
    v.required("host", run.host);
    v.required("version", run.version);
    v.required("command", run.command);
    v.required("exit_code", run.exit_code);
    v.required("changes", run.changes);
    v.optional("entries", run.entries);
}

static void fields(auto& v, Noun<TestedVolume> auto& tested)
{
    v.required("volume", tested.volume);
    v.required("capabilities", tested.results);
}

static void fields(auto& v, Noun<NotKept> auto& kept)
{
    v.required("volume", kept.volume);
    v.required("fingerprint", kept.fingerprint);
    v.required("what", kept.what);
    v.required("is_sure", kept.is_sure);
}

static void fields(auto& v, Noun<Ledger> auto& ledger)
{
    v.schema(ledger_schema);
    v.required("tool_version", ledger.tool_version);
    v.required("layout_name", ledger.layout_name);
    v.required("layout_version", ledger.layout_version);
    v.optional("identities", ledger.identities);
    v.optional("translation", ledger.translation);
    v.required("entries", ledger.entries);
    v.optional("interrupted", ledger.interrupted);
    v.optional("not_kept", ledger.not_kept);
    v.required("capabilities", ledger.capabilities);
    v.required("volume", ledger.volume);
    v.optional("mounts", ledger.mounts);
    v.required("runs", ledger.runs);
    v.optional("unrecorded", ledger.unrecorded);
}

Result<Ledger> parse_ledger(std::string_view file_name, std::string_view text)
{
    const JsonSource source{file_name, text};
    const auto json = TRY(parse_json(source, largest_ledger));
    const JsonNode root{&source, &json};
    TRY(expect_schema(root, "ledger", ledger_schema));
    Ledger ledger;
    TRY(read(root, ledger));
    return ledger;
}

std::string to_json_text(const Ledger& ledger)
{
    return to_json(ledger).dump(2) + '\n';
}

std::string to_json_line(const RunRecord& run)
{
    return to_json(run).dump();
}

Result<RunRecord> parse_run(std::string_view file_name, std::string_view line)
{
    const JsonSource source{file_name, line};
    const auto json = TRY(parse_json(source, largest_ledger));
    RunRecord run;
    TRY(read(JsonNode{&source, &json}, run));
    return run;
}

}  // namespace mailstate
