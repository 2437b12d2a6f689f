// SPDX-License-Identifier: MIT
#include "model/start_script.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "unit/model/planner_world.hpp"

using testing::HasSubstr;

namespace mailstate {

namespace {

// In docker-mailserver's manner.
constexpr const char* moving_script = R"(#!/bin/bash
function _setup_save_states() {
  STATEDIR='/var/mail-state'
  if [[ ${ONE_DIR} -eq 1 ]] && [[ -d ${STATEDIR} ]]; then
    for SERVICEDIR in "${SERVICEDIRS[@]}"; do
      DEST="${STATEDIR}/${SERVICEDIR//\//-}"
      if [[ -d ${DEST} ]]; then rm -rf "/var/${SERVICEDIR}"
      elif [[ -d ${SERVICEDIR} ]]; then
        mv "/var/${SERVICEDIR}" "${DEST}"
      fi
      ln -s "${DEST}" "/var/${SERVICEDIR}"
    done
  fi
}
)";

bool moves(const std::string& script, const std::string& one_dir = "")
{
    Settings settings;
    if (!one_dir.empty()) settings.values["ONE_DIR"] = one_dir;
    return moves_state(script, "/var/mail-state", settings);
}

TEST(StartScript, IsKnownByWhatItDoes)
{
    EXPECT_TRUE(moves(moving_script));
    EXPECT_TRUE(
        moves("S=/var/mail-state; for d in redis; do /bin/mv /var/lib/$d $S/; ln -sfn $S/$d /var/lib/$d; done"));
    EXPECT_TRUE(moves("rm -r /var/lib/redis && ln --symbolic /var/mail-state/lib-redis /var/lib/redis"));
    EXPECT_FALSE(moves(""));
    EXPECT_FALSE(moves("rm -rf /var/lib/redis/*.tmp\nmkdir -p /var/mail-state"));
    EXPECT_FALSE(moves("ln -s /var/mail-state/lib-redis /var/lib/redis"));
    EXPECT_FALSE(moves("mv a b; ln -s /srv/state /var/lib/redis"));
    EXPECT_FALSE(moves("# rm -rf /var/lib/redis; ln -s /var/mail-state/lib-redis /var/lib/redis"));
    EXPECT_FALSE(moves("echo /var/mail-state; rm -f lock; ln file name"));
}

TEST(StartScript, DoesNothingWhereItsVariableSwitchesItOff)
{
    EXPECT_FALSE(moves(moving_script, "0"));
    EXPECT_TRUE(moves(moving_script, "1"));
    EXPECT_TRUE(moves("rm -r /var/lib/redis; ln -s /var/mail-state/lib-redis /var/lib/redis", "0"));
}

TEST(StartScript, IsNotOurOwn)
{
    std::ifstream file(std::string(MAILSTATE_SOURCE_DIR) + "/scripts/docker-mailserver/mail_state.sh");
    std::ostringstream text;
    text << file.rdbuf();
    ASSERT_THAT(text.str(), HasSubstr(std::string("# ") + drop_in_marker + "\n"));
    EXPECT_FALSE(moves(text.str()));
    EXPECT_FALSE(moves(std::string("# ") + drop_in_marker + "\n" + moving_script));
}

class OwnStateScript : public PlannerWorld {
protected:
    OwnStateScript()
    {
        survey.start_script = "/usr/local/bin/setup.d/mail_state.sh";
        given_entry("clamav", Kind::directory);
        given(OriginState::directory, DestinationState::absent, "clamav");
    }
    static constexpr const char* code = "image.own-state-script";
};

TEST_F(OwnStateScript, StopsAStartThatItWouldEmptyAMountAfter)
{
    given_mount(OriginState::mount_point);
    options.command_follows = true;
    EXPECT_EQ(planned("clamav").decision, Decision::leave_alone);
    EXPECT_TRUE(plan.blocked);
    ASSERT_NE(finding(code), nullptr);
    EXPECT_THAT(finding(code)->message, HasSubstr("/var/lib/redis"));
    EXPECT_THAT(finding(code)->hint, HasSubstr("COPY --from=mailstate /mail_state.sh"));
    given_mount(OriginState::mounts_below);
    (void)planned();
    EXPECT_TRUE(plan.blocked);
    given(OriginState::same_as_destination, DestinationState::populated).mounts.clear();
    (void)planned();
    EXPECT_TRUE(plan.blocked);
}

TEST_F(OwnStateScript, StopsItForEntriesThatAreNotSelectedToo)
{
    given_mount(OriginState::mount_point);
    options.command_follows = true;
    options.only = {"clamav"};
    (void)planned("clamav");
    EXPECT_TRUE(plan.blocked);
}

TEST_F(OwnStateScript, IsOverriddenByKeepGoing)
{
    given_mount(OriginState::mount_point);
    options.command_follows = options.keep_going = true;
    EXPECT_EQ(planned("clamav").decision, Decision::move);
    ASSERT_NE(finding(code), nullptr);
    EXPECT_EQ(finding(code)->severity, Severity::error);
}

TEST_F(OwnStateScript, IsAnErrorWithoutACommandAndAWarningWithoutAMount)
{
    given_mount(OriginState::mount_point);
    EXPECT_EQ(planned("clamav").decision, Decision::move);
    EXPECT_EQ(finding(code)->severity, Severity::error);
    given(OriginState::directory, DestinationState::absent);
    options.command_follows = true;
    EXPECT_EQ(planned("clamav").decision, Decision::move);
    EXPECT_EQ(finding(code)->severity, Severity::warning);
}

TEST_F(OwnStateScript, DoesNotEmptyAReadOnlyMountOrAFile)
{
    options.command_follows = true;
    given_mount(OriginState::mount_point);
    survey.entries["redis"].mounts[0].read_only = true;
    (void)planned();
    EXPECT_FALSE(plan.blocked);
    survey.entries["redis"].mounts[0].read_only = false;
    layout.entries[0].kind = Kind::regular;
    (void)planned();
    EXPECT_FALSE(plan.blocked);
}

TEST_F(OwnStateScript, HasNothingToMoveToWithoutAStateDirectory)
{
    given_mount(OriginState::mount_point);
    options.command_follows = true;
    survey.volume.state = VolumeState::absent;
    (void)planned();
    EXPECT_FALSE(plan.blocked);
    EXPECT_EQ(finding(code), nullptr);
}

}  // namespace

}  // namespace mailstate
