// SPDX-License-Identifier: MIT
#include "model/json_records.hpp"

#include "model/json_members.hpp"

namespace mailstate {

// Of users and groups: ids are numbers, not names.
template <class Id>
requires std::same_as<Id, Uid> || std::same_as<Id, Gid>
static Result<> read(const JsonNode& node, Id& id)
{
    std::uint32_t number = 0;
    TRY(read(node, number));
    id = Id{number};
    return {};
}

static OrderedJson to_json(Uid uid)
{
    return static_cast<std::uint32_t>(uid);
}

static OrderedJson to_json(Gid gid)
{
    return static_cast<std::uint32_t>(gid);
}

static Result<> read(const JsonNode& node, Severity& severity)
{
    static constexpr Severity severities[] = {Severity::note, Severity::warning, Severity::error};
    return read_name(node, severities, severity);
}

static void fields(auto& v, Noun<Identities> auto& ids)
{
    v.required("users", ids.users);
    v.required("groups", ids.groups);
}

static void fields(auto& v, Noun<Finding> auto& finding)
{
    v.required("code", finding.code);
    v.required("severity", finding.severity);
    v.required("subject", finding.subject);
    v.required("message", finding.message);
    v.required("hint", finding.hint);
}

Result<> read(const JsonNode& node, Identities& ids)
{
    return read_fields(node, ids);
}

Result<> read(const JsonNode& node, Finding& finding)
{
    return read_fields(node, finding);
}

OrderedJson to_json(const Identities& ids)
{
    return fields_json(ids);
}

OrderedJson to_json(const Finding& finding)
{
    return fields_json(finding);
}

}  // namespace mailstate
