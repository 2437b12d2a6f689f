// SPDX-License-Identifier: MIT
// What apply would set aside, found with a reader only: the same judge, over the same names.
#include <algorithm>
#include <cerrno>

#include "engine/aside_tally.hpp"
#include "engine/entry_places.hpp"
#include "engine/judge.hpp"
#include "engine/split_path.hpp"
#include "engine/workspace_names.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/engine/engine.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

namespace {

class Forecaster final : public TreeVisitor<Survivors> {
public:
    Forecaster(const Reader& reader, const Judge& judge) : reader_(reader), judge_(judge) {}

    Result<Descend> visit(const Place& place, Survivors& at) override
    {
        if (TRY(judge_.fate(place, at)) == Fate::set_aside) TRY(tally_.add(reader_, place, place.relative(), at));
        return Descend::yes;
    }

    Result<Survivors> enter(const Place& place, const Survivors& parent, const DirectoryRef& /*opened*/) override
    {
        return survivors_below(reader_, parent, place.name);
    }

    [[nodiscard]] AsideTotals totals() const { return tally_.totals(); }

private:
    const Reader& reader_;
    const Judge& judge_;
    AsideTally tally_;
};

// Where an entry's run would keep what it sets aside; null where nothing was set aside there yet.
Result<DirectoryRef> displaced_of(const World& world, const Entry& entry, const PlanEntry& planned)
{
    const Result<DirectoryRef> inside =
        planned.as_user
            ? open_destination(world.reader, TRY(find_destination(world, entry)), Cross::yes, planned.as_user)
            : world.reader.open(world.layout.state_dir);
    Result<DirectoryRef> displaced =
        open_below(world.reader, TRY(inside), std::string(workspace_name) + "/" + displaced_name);
    if (!displaced && displaced.error().number == ENOENT) return DirectoryRef();
    return displaced;
}

Result<AsideTotals> forecast_parts(const World& world, const Entry& entry, const EntrySurvey& seen,
                                   const PlanEntry& planned, const std::optional<Seal>& seal)
{
    const SetAside set_aside = TRY(SetAside::find(world.reader, TRY(displaced_of(world, entry, planned)), entry.name));
    const bool stays = planned.decision == Decision::set_aside;
    const Judge judge = TRY(stays ? Judge::make_of_leftover(world, entry, seal, set_aside)
                                  : Judge::make(world, entry, seal, set_aside));
    const Name from = TRY(find_origin(world, entry)), to = TRY(find_destination(world, entry));
    if (entry.kind == Kind::regular) {
        AsideTally tally;
        const Attributes file = TRY(world.reader.attributes(from));
        const Place place{from, file};
        const Survivors at = judge.survivors(to.at);
        if (TRY(judge.fate_of_file(place, at, to.name)) == Fate::set_aside) TRY(tally.add(world.reader, place, "", at));
        return tally.totals();
    }
    const Cross cross = seen.destination_mount ? Cross::yes : Cross::no;
    const DirectoryRef kept = TRY(open_destination(world.reader, to, cross, planned.as_user));
    Forecaster forecaster(world.reader, judge);
    TRY(walk(world.reader, TRY(world.reader.open_directory(from, Cross::no)), judge.survivors(kept), forecaster,
             {world.jobs, Cross::no, &world.stop}));
    return forecaster.totals();
}

AsideTotals whole(const TreeSize& destination)
{
    AsideTotals totals;
    totals.names = destination.files + destination.directories;
    totals.bytes = destination.data;
    totals.whole = true;
    return totals;
}

bool is_over_interrupted_copy(const PlanEntry& planned, const EntrySurvey& seen)
{
    return planned.decision == Decision::move && seen.foreign_copy &&
           seen.foreign_copy->likeness == Likeness::interrupted;
}

Finding forecast_finding(const PlanEntry& planned)
{
    return make_finding(
        "entry.would-displace", planned.name,
        describe(planned.set_aside) +
            ": the destination lacks this content or has it in a different version, so it would be set aside");
}

void tell(Plan& plan, const PlanEntry& planned)
{
    if (planned.set_aside.names == 0 || planned.set_aside.whole) return;  // of a whole one the decision tells
    plan.findings.push_back(forecast_finding(planned));
    if (planned.set_aside.repeated > 0) plan.findings.push_back(repeats_finding(planned.name, planned.set_aside));
}

}  // namespace

Result<> forecast_set_aside(const World& world, const Survey& survey, Plan& plan)
{
    if (plan.blocked || plan.nothing_to_do) return {};
    const Result<std::optional<Seal>> sealed = read_seal(world.reader);
    const std::optional<Seal> seal = sealed ? *sealed : std::nullopt;  // apply reports a seal that cannot be read
    for (PlanEntry& planned : plan.entries) {
        const auto seen = survey.entries.find(planned.name);
        if (seen == survey.entries.end()) continue;
        const Entry& entry = *std::ranges::find(world.layout.entries, planned.name, &Entry::name);
        if (planned.decision == Decision::keep_destination || planned.decision == Decision::set_aside)
            planned.set_aside = TRY(forecast_parts(world, entry, seen->second, planned, seal));
        else if (is_over_interrupted_copy(planned, seen->second))
            planned.set_aside = whole(seen->second.foreign_copy->destination);
        tell(plan, planned);
        const bool is_equal = planned.decision == Decision::set_aside && planned.set_aside.names == 0;
        if (is_equal) planned.decision = Decision::keep_unlinked;
    }
    return {};
}

}  // namespace mailstate
