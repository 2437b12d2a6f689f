// SPDX-License-Identifier: MIT
// A survey to be changed by a test, and the plan that is made of it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "mailstate/model/plan.hpp"
#include "model/planning.hpp"
#include "unit/model/planned_entry.hpp"

namespace mailstate {

class PlannerWorld : public ::testing::Test {
protected:
    PlannerWorld()
    {
        layout.name = "test";
        layout.state_dir = "/var/mail-state";
        given_entry("redis", Kind::directory);
        survey.volume.state = VolumeState::present;
        survey.volume.mounted = true;
        survey.volume.filesystem.free_bytes = 1U << 30U;
        survey.volume.filesystem.free_inodes = 100'000;
        survey.ledger = Ledger{};
        survey.ledger->layout_name = "test";
        survey.ledger->layout_version = 1;
        survey.ledger->identities = Identities{};
        survey.ledger->volume = volume_identity(survey.volume.filesystem, survey.process);
    }

    void given_entry(const std::string& name, Kind kind) { add_entry(layout, survey, name, kind); }

    EntrySurvey& given(OriginState origin, DestinationState destination, const std::string& name = "redis")
    {
        EntrySurvey& seen = survey.entries[name];
        seen.origin = origin;
        seen.destination = destination;
        if (origin == OriginState::directory || origin == OriginState::file)
            seen.size = TreeSize{3, 1, 8192, "f", 4096};
        if (destination == DestinationState::other) seen.destination_kind = "file";
        return seen;
    }

    void given_mount(OriginState origin)
    {
        given(origin, DestinationState::absent).mounts = {{"/var/lib/redis", "ext4", "/dev/sda1", "/srv/redis"}};
    }

    void given_rolled_back(const std::string& ledger, const std::string& beside)
    {
        survey.ledger->entries["redis"].phase = Phase::rolled_back;
        survey.ledger->entries["redis"].rollback = ledger;
        survey.entries["redis"].rollback_record = beside;
    }

    PlanEntry planned(const std::string& name = "redis")
    {
        plan = make_plan(survey, layout, options);
        const auto is_it = [&](const PlanEntry& entry) { return entry.name == name; };
        return *std::find_if(plan.entries.begin(), plan.entries.end(), is_it);
    }

    const Finding* finding(const std::string& code)
    {
        const auto is_it = [&](const Finding& found) { return found.code == code; };
        const auto found = std::find_if(plan.findings.begin(), plan.findings.end(), is_it);
        return found == plan.findings.end() ? nullptr : &*found;
    }

    Layout layout;
    Survey survey;
    PlanOptions options;
    Plan plan;
};

}  // namespace mailstate
