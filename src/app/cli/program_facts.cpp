// SPDX-License-Identifier: MIT
#include "app/cli/program_facts.hpp"

#include <array>

#include "mailstate/model/seal.hpp"

namespace mailstate {

namespace {

constexpr std::array<Fact, 4> variables{{
    {"MAILSTATE_<NAME>", "every option above: MAILSTATE_STATE_DIR=/srv/state, MAILSTATE_STRICT=1"},
    {"LOG_LEVEL", "as --log-level, where MAILSTATE_LOG_LEVEL is not set"},
    {"NO_COLOR", "no colour, unless --color always"},
    {"ENABLE_…", "variables named by the layout; they switch entries on and off", on_a_system},
}};

constexpr std::array<Fact, 6> files{{
    {"/var/mail-state", "the state directory, where the volume is mounted; another one with --state-dir"},
    {"/var/mail-state/.mailstate/ledger.N.json",
     "what was moved onto the volume, with names and numbers of owners; the file with the highest number counts"},
    {"/var/mail-state/.mailstate/history.jsonl", "one line per run that changed something"},
    {"/var/mail-state/.mailstate/displaced/",
     "content that was set aside, each item with its manifest; nothing is deleted"},
    {"/var/lib/.mailstate.rollback-ENTRY",
     "beside an origin that was rolled back, so that the next apply recognises it"},
    {seal_path, "the pristine state of an image, written by mailstate seal"},
}};

}  // namespace

std::string_view program_summary()
{
    return "keeps the state of a mail container's services on one volume";
}

std::string_view program_description()
{
    return "Moves the state of a mail container's services onto one volume, links the old places to it, and sets "
           "owners and modes. Anything that another process or the administrator has mounted is left alone.";
}

std::span<const Fact> environment_table()
{
    return variables;
}

std::span<const Fact> file_table()
{
    return files;
}

}  // namespace mailstate
