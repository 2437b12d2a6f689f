// SPDX-License-Identifier: MIT
#include "app/answers/remedy.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace mailstate {
namespace {

Error make_refusal(const std::string& subject)
{
    errno = ENOENT;
    return system_error("open", subject);
}

TEST(Remedy, NamesTheOptionThatNamedTheFile)
{
    Options options;
    options.settings_file = "/etc/settings";
    options.compose_file = "compose.yaml";
    EXPECT_EQ(remedy_for(make_refusal("/etc/settings"), options),
              "Name the right one with --settings (MAILSTATE_SETTINGS).");
    EXPECT_EQ(remedy_for(make_refusal("/srv/compose.yaml"), options),
              "Name the right one with --compose (MAILSTATE_COMPOSE).");
    EXPECT_EQ(remedy_for(make_refusal("/etc/ssl/mail"), options), "Name the right one with --certs (MAILSTATE_CERTS).");
}

TEST(Remedy, KnowsArguments)
{
    Options options;
    options.arguments = {"validate", "mine.json"};
    EXPECT_EQ(remedy_for(make_refusal("mine.json"), options), "Name an existing, readable file.");
}

TEST(Remedy, LeavesAHintAsItIsAndInventsNone)
{
    Options options;
    options.settings_file = "/etc/settings";
    Error error = make_refusal("/etc/settings");
    error.hint = "Do this.";
    EXPECT_EQ(remedy_for(error, options), "Do this.");
    EXPECT_EQ(remedy_for(make_refusal("/elsewhere"), options), "");
    EXPECT_EQ(remedy_for(text_error("/etc/settings", "is odd"), options), "");
}

}  // namespace
}  // namespace mailstate
