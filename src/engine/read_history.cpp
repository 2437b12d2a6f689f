// SPDX-License-Identifier: MIT
#include "engine/read_history.hpp"

#include <cerrno>

#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

constexpr std::size_t history_limit = 256U << 20U;  // bytes; a run has some hundreds

// Nothing where there is no volume, or no workspace on it yet.
Result<DirectoryRef> find_workspace(const World& world)
{
    const Result<DirectoryRef> volume = world.reader.open(world.layout.state_dir);
    if (!volume && volume.error().number == ENOENT) return DirectoryRef();
    Result<DirectoryRef> workspace = world.reader.open_directory({TRY(volume), workspace_name}, Cross::no);
    if (!workspace && workspace.error().number == ENOENT) return DirectoryRef();
    return workspace;
}

void say_bad_lines(const History& history, const std::string& file, std::vector<Finding>& findings)
{
    for (const BadLine& line : history.bad)
        findings.push_back(make_finding(
            "history.bad-line", file,
            "line " + std::to_string(line.number) + " cannot be read and is skipped: " + line.error.message));
}

void add_unrecorded(const Reader& reader, const DirectoryRef& workspace, History& history,
                    std::vector<Finding>& findings)
{
    Result<std::optional<Ledger>> ledger = read_ledger(reader, workspace);
    if (!ledger)
        findings.push_back(make_finding("ledger.broken", ledger.error().subject, describe_outcome(ledger.error())));
    if (ledger && *ledger) history.unrecorded = std::move((*ledger)->unrecorded);
    for (const EntryChange& change : history.unrecorded)
        findings.push_back(make_finding("history.unrecorded", change.entry,
                                        "was changed by a run that was interrupted or is still running"));
}

}  // namespace

Result<History> read_history(const World& world, std::vector<Finding>& findings)
{
    const DirectoryRef workspace = TRY(find_workspace(world));
    if (!workspace) return History{};
    const Result<std::string> text = world.reader.read_file({workspace, history_name}, history_limit);
    if (!text && text.error().number != ENOENT) return fail(text.error());
    History history = parse_history(text.value_or(std::string()));
    say_bad_lines(history, workspace->path().text(history_name), findings);
    add_unrecorded(world.reader, workspace, history, findings);
    return history;
}

}  // namespace mailstate
