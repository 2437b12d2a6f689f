// SPDX-License-Identifier: MIT
#include "app/output/survey_output.hpp"

#include <gmock/gmock.h>

#include <linux/capability.h>

#include "unit/app/examples.hpp"

namespace mailstate {
namespace {

using testing::HasSubstr;

Layout make_layout()
{
    Layout layout;
    layout.name = "small";
    layout.state_dir = "/var/mail-state";
    Entry redis, clamav;
    redis.name = "redis";
    redis.origin = "/var/lib/redis";
    redis.destination = "lib-redis";
    clamav.name = "clamav";
    clamav.origin = "/var/lib/clamav";
    clamav.destination = "lib-clamav";
    layout.entries = {redis, clamav};
    return layout;
}

Survey make_survey()
{
    Survey survey;
    survey.process.effective_capabilities = 1ULL << CAP_CHOWN;
    survey.process.uid_map = {{0, 100'000, 65'536}};
    survey.process.gid_map = {{0, 0, 4'294'967'295U}};
    survey.process.container = "docker";
    survey.volume.state = VolumeState::present;
    survey.volume.mounted = true;
    survey.volume.filesystem = make_ext4();
    survey.volume.capabilities = capabilities_from({{"chown", "yes"}, {"fifo", "no (EPERM)"}});
    survey.gates["redis"] = {true, "always", {}};
    survey.gates["clamav"] = {false, "ENABLE_CLAMAV is 0", {}};
    EntrySurvey& redis = survey.entries["redis"];
    redis.origin = OriginState::mount_point;
    redis.destination = DestinationState::populated;
    redis.mounts = {{"/var/lib/redis", "nfs4", "server:/export", "/redis"}};
    survey.findings = {{Severity::note, "process.no-ptrace", "", "other users' processes cannot be seen", ""}};
    return survey;
}

TEST(SurveyText, TellsProcessVolumeAndEntries)
{
    const std::string text = survey_text(make_survey(), make_layout(), Paint::no);
    EXPECT_THAT(text, HasSubstr("  capabilities  chown\n  lacks         dac_override, fowner"));
    EXPECT_THAT(text, HasSubstr("0 is 100000 outside (65,536 ids)"));
    EXPECT_THAT(text, HasSubstr("group ids     all IDs, identity-mapped"));
    EXPECT_THAT(text, HasSubstr("  type          ext4 (local)\n"));
    EXPECT_THAT(text, HasSubstr("  options       none\n"));
    EXPECT_THAT(text, HasSubstr("    chown           yes\n    sgid            not tested; by its type: yes\n"));
    EXPECT_THAT(text, HasSubstr("  ledger        none"));
    EXPECT_THAT(text, HasSubstr("  redis  /var/lib/redis: mount-point; destination: populated\n"
                                "      mount /var/lib/redis: nfs4 server:/export, subtree /redis\n"
                                "  disabled: clamav\n"));
    EXPECT_THAT(text, HasSubstr("note: other users' processes cannot be seen (process.no-ptrace)"));
}

TEST(SurveyText, SaysThatTheVolumeIsAbsent)
{
    Survey survey = make_survey();
    survey.volume = {};
    EXPECT_THAT(survey_text(survey, make_layout(), Paint::no), HasSubstr("  state         absent\n"));
}

TEST(SurveyJson, HoldsTheSurvey)
{
    const Json json = Json::parse(one_line(survey_json(make_survey(), make_layout())));
    EXPECT_EQ(json.at("command"), "probe");
    EXPECT_EQ(json.at("process").at("container"), "docker");
    EXPECT_EQ(json.at("process").at("capabilities"), Json::array({"chown"}));
    EXPECT_EQ(json.at("process").at("uid_map").at(0).at("outside"), 100'000);
    EXPECT_EQ(json.at("volume").at("mounted"), true);
    EXPECT_EQ(json.at("volume").at("filesystem").at("free_inodes"), 1'000);
    EXPECT_EQ(json.at("volume").at("capabilities").at("fifo"), "no (EPERM)");
    EXPECT_EQ(json.at("ledger"), nullptr);
    const Json& redis = json.at("entries").at(0);
    EXPECT_EQ(redis.at("origin").at("state"), "mount-point");
    EXPECT_EQ(redis.at("origin").at("mounts").at(0).at("source"), "server:/export");
    EXPECT_EQ(redis.at("destination").at("path"), "/var/mail-state/lib-redis");
    EXPECT_EQ(json.at("entries").at(1).at("enabled"), false);
    EXPECT_EQ(json.at("entries").at(1).at("reason"), "ENABLE_CLAMAV is 0");
    EXPECT_EQ(json.at("findings").at(0).at("code"), "process.no-ptrace");
}

TEST(SurveyJson, IsValidWhateverTheBytes)
{
    Survey survey = make_survey();
    survey.entries["redis"].mounts[0].source = "\xff\x00\x80";
    survey.entries["redis"].link_text = "\xc3\x28";
    survey.volume.filesystem.source = "\xfe";
    const std::string line = one_line(survey_json(survey, make_layout()));
    EXPECT_TRUE(Json::accept(line));
    EXPECT_THAT(line, HasSubstr("\\\\xfe"));
}

}  // namespace
}  // namespace mailstate
