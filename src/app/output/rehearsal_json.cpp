// SPDX-License-Identifier: MIT
#include "app/cli/exit_code.hpp"
#include "app/output/rehearsal_output.hpp"
#include "app/output/run_json.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// The plan's decision, and beside it what came of it on the clone: null where it is not in there.
Json rehearsed_entry_json(const EntryLine& line, const RehearsedEntry& entry)
{
    Json json = entry_json(line);
    json["rehearsed"] = nullptr;
    if (entry.rehearsed)
        json["rehearsed"] = {{"decision", name_of(entry.rehearsed->decision)},
                             {"outcome", name_of(entry.rehearsed->outcome)},
                             {"reason", escape(entry.rehearsed->reason, Backslash::keep)},
                             {"files", entry.rehearsed->copied.files},
                             {"bytes", entry.rehearsed->copied.bytes},
                             {"owners_changed", entry.rehearsed->owners_changed},
                             {"displaced", entry.rehearsed->displaced},
                             {"displaced_to", printable(entry.rehearsed->displaced_to)}};
    json["sampled"] = entry.sampled;
    json["undone"] = entry.undone;
    return json;
}

Json seconds_json(const std::optional<double>& seconds)
{
    if (!seconds) return nullptr;
    return *seconds;
}

Json steps_json(const std::vector<RehearsalStep>& steps)
{
    Json list = Json::array();
    for (const RehearsalStep& step : steps)
        list.push_back({{"name", step.name}, {"seconds", step.seconds}, {"outcome", name_of(step.outcome)}});
    return list;
}

Json details_json(const Rehearsal& rehearsal)
{
    Json json;
    json["files"] = rehearsal.amount.files;
    json["bytes"] = rehearsal.amount.bytes;
    json["seconds"] = {{"first_start", seconds_json(rehearsal.first_start)},
                       {"later_start", seconds_json(rehearsal.later_start)}};
    json["sample"] = nullptr;
    if (rehearsal.sample) json["sample"] = *rehearsal.sample;
    json["cloned"] = {{"files", rehearsal.cloned.files}, {"bytes", rehearsal.cloned.bytes}};
    json["space"] = {{"needed", rehearsal.space.needed},
                     {"free", rehearsal.space.free},
                     {"headroom", rehearsal.space.headroom},
                     {"scratch", rehearsal.space.scratch}};
    json["steps"] = steps_json(rehearsal.steps);
    json["not_rehearsed"] = Json::array();
    for (const std::string& sentence : rehearsal.not_rehearsed)
        json["not_rehearsed"].push_back(escape(sentence, Backslash::keep));
    return json;
}

}  // namespace

Json rehearsal_json(const Rehearsal& rehearsal, const RunView& view, int exit_code)
{
    Json json = run_json("rehearse", view);
    json["exit_code"] = exit_code;
    json["outcome"] = name_of(rehearsal.outcome);
    json["entries"] = Json::array();
    for (std::size_t i = 0; i < view.entries.size(); ++i)
        json["entries"].push_back(rehearsed_entry_json(view.entries[i], rehearsal.entries[i]));
    json["rehearsal"] = details_json(rehearsal);
    json["findings"] = findings_json(view.findings);
    if (view.volume) json["capabilities"] = tested_json(rehearsal.capabilities, *view.volume, rehearsal.untested);
    return json;
}

}  // namespace mailstate
