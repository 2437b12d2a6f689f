// SPDX-License-Identifier: MIT
#include "app/output/run_json.hpp"
#include "app/output/run_view.hpp"
#include "app/output/state_names.hpp"
#include "app/output/survey_output.hpp"
#include "base/escape.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

Json ranges_json(const std::vector<IdRange>& ranges)
{
    Json list = Json::array();
    for (const IdRange& range : ranges)
        list.push_back({{"inside", range.inside}, {"outside", range.outside}, {"count", range.count}});
    return list;
}

Json process_json(const ProcessFacts& process)
{
    return {{"uid", static_cast<std::uint32_t>(process.uid)},
            {"capabilities", printable_list(capabilities_of(process))},
            {"effective_capabilities", process.effective_capabilities},
            {"no_new_privs", process.no_new_privs},
            {"refused_calls", printable_list(process.refused_calls)},
            {"container", printable(process.container)},
            {"uid_map", ranges_json(process.uid_map)},
            {"gid_map", ranges_json(process.gid_map)}};
}

// Every ability, and the facts beside them.
Json capabilities_json(const Capabilities& capabilities)
{
    Json json = Json::object();
    for (const AbilityRow& row : abilities) json[std::string(row.name)] = text_of(tested(capabilities, row.ability));
    for (const auto& [name, value] : words_of(capabilities)) json[printable(name)] = printable(value);
    return json;
}

Json volume_json(const VolumeSurvey& volume, const Layout& layout)
{
    Json json = {{"path", printable(layout.state_dir)}, {"state", name_of(volume.state)}, {"mounted", volume.mounted}};
    json["filesystem"] = volume.state == VolumeState::present
                             ? filesystem_json(std::optional<FilesystemFacts>(volume.filesystem))
                             : Json(nullptr);
    json["capabilities"] = capabilities_json(volume.capabilities);
    json["tested"] = volume.tested_now ? "now" : is_empty(volume.capabilities) ? "no" : "earlier";
    json["inferred"] = Json::object();
    for (const auto& [name, value] : words_of(inferred_capabilities(volume.filesystem))) json["inferred"][name] = value;
    json["workspace"] = {{"present", volume.workspace_present},
                         {"problem", escape(volume.workspace_problem, Backslash::keep)}};
    json["staging_leftovers"] = printable_list(volume.staging_leftovers);
    return json;
}

Json mounts_json(const std::vector<MountSeen>& mounts)
{
    Json list = Json::array();
    for (const MountSeen& mount : mounts)
        list.push_back({{"mount_point", printable(mount.mount_point)},
                        {"type", printable(mount.fs_type)},
                        {"source", printable(mount.source)},
                        {"subtree", printable(mount.subtree)}});
    return list;
}

Json size_json(const std::optional<TreeSize>& size)
{
    if (!size) return nullptr;
    return {{"files", size->files}, {"directories", size->directories}, {"bytes", size->bytes}};
}

Json origin_json(const Entry& entry, const EntrySurvey& seen)
{
    return {{"path", printable(entry.origin)},    {"state", name_of(seen.origin)},
            {"link", printable(seen.link_text)},  {"kind", printable(seen.other_kind)},
            {"mounts", mounts_json(seen.mounts)}, {"size", size_json(seen.size)},
            {"read_only", seen.origin_read_only}, {"in_use_by", printable(seen.in_use_by)}};
}

Json destination_json(const Layout& layout, const Entry& entry, const EntrySurvey& seen)
{
    return {{"path", printable(destination_path(layout, entry))},
            {"state", name_of(seen.destination)},
            {"kind", printable(seen.destination_kind)},
            {"mount_point", seen.destination_mount},
            {"capabilities", is_empty(seen.capabilities) ? Json(nullptr) : capabilities_json(seen.capabilities)},
            {"as_user", seen.as_user ? Json(owner_numbers(*seen.as_user)) : Json(nullptr)}};
}

Json entry_json(const Survey& survey, const Layout& layout, const Entry& entry)
{
    Json json = {{"name", printable(entry.name)}};
    const auto gate = survey.gates.find(entry.name);
    const auto seen = survey.entries.find(entry.name);
    json["enabled"] = seen != survey.entries.end();
    json["reason"] = gate == survey.gates.end() ? "" : escape(gate->second.reason, Backslash::keep);
    if (seen == survey.entries.end()) return json;
    json["origin"] = origin_json(entry, seen->second);
    json["destination"] = destination_json(layout, entry, seen->second);
    json["problem"] = escape(seen->second.problem, Backslash::keep);
    return json;
}

Json ledger_json(const Survey& survey)
{
    if (!survey.ledger) return nullptr;
    return {{"tool_version", printable(survey.ledger->tool_version)},
            {"layout", printable(survey.ledger->layout_name)},
            {"layout_version", survey.ledger->layout_version},
            {"entries", survey.ledger->entries.size()},
            {"unfinished_translation", survey.ledger->translation.has_value()}};
}

}  // namespace

Json survey_json(const Survey& survey, const Layout& layout)
{
    Json json = json_answer("probe");
    json["layout"] = {{"name", printable(layout.name)}, {"version", layout.version}};
    json["state_dir"] = printable(layout.state_dir);
    json["process"] = process_json(survey.process);
    json["volume"] = volume_json(survey.volume, layout);
    json["ledger"] = ledger_json(survey);
    json["entries"] = Json::array();
    for (const Entry& entry : layout.entries)
        if (survey.gates.contains(entry.name) || survey.entries.contains(entry.name))
            json["entries"].push_back(entry_json(survey, layout, entry));
    json["findings"] = findings_json(by_severity(survey.findings));
    return json;
}

}  // namespace mailstate
