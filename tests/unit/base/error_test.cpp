// SPDX-License-Identifier: MIT
#include "mailstate/base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace mailstate {
namespace {

TEST(Error, NamesCallSubjectReasonAndSymbol)
{
    EXPECT_EQ(describe({EBUSY, "rename", "/var/lib/redis", {}, {}}),
              "rename /var/lib/redis: device or resource busy (EBUSY)");
}

TEST(Error, PutsAMessageInPlaceOfTheLibrarysWords)
{
    EXPECT_EQ(describe({EPERM, "chown", "/a", "owner is still 0:0, not 101:104", {}}),
              "chown /a: owner is still 0:0, not 101:104 (EPERM)");
}

TEST(Error, OfAKnownSubjectSaysTheWordsFirst)
{
    EXPECT_EQ(describe_outcome({EBUSY, "rename", "/var/lib/redis", {}, {}}), "device or resource busy (rename: EBUSY)");
    EXPECT_EQ(describe_outcome({EAGAIN, "fcntl", "/lock", "held by another", {}}), "held by another (fcntl: EAGAIN)");
    EXPECT_EQ(describe_outcome({EPERM, "", "/a", "is immutable", {}}), "is immutable (EPERM)");
    EXPECT_EQ(describe_outcome(text_error("/a", "is no file")), "is no file");
}

TEST(Error, OfATextNeedsNoSystemCall)
{
    EXPECT_EQ(describe(text_error("layout.json:3:7", "unknown field \"nmae\"")),
              "layout.json:3:7: unknown field \"nmae\"");
}

TEST(Error, NeverEndsInAStop)
{
    EXPECT_EQ(describe(text_error("a", "something is wrong. ")), "a: something is wrong");
    EXPECT_EQ(describe({0, {}, "folder...", {}, {}}), "folder");
}

TEST(Error, KeepsTheHintOutOfTheDescription)
{
    EXPECT_EQ(describe(text_error("a", "b", "Do c.")), "a: b");
}

TEST(Error, HidesControlCharactersOfTheSubject)
{
    EXPECT_EQ(describe({ENOENT, "open", "/a\n\x1b[2J\\\xff", {}, {}}),
              "open /a\\x0a\\x1b[2J\\x5c\\xff: no such file or directory (ENOENT)");
}

TEST(Error, DoesNotEscapeTwiceWhatAMessageSpellsOut)
{
    EXPECT_EQ(describe(text_error({}, "the name is a\\x0ab\n")), "the name is a\\x0ab\\x0a");
}

TEST(Error, WithNothingKnownSaysSo)
{
    EXPECT_EQ(describe({}), "unknown error");
}

TEST(Error, KeepsWordsThatAreNamesInCapitals)
{
    EXPECT_EQ(describe({ENOTTY, {}, {}, {}, {}}), "inappropriate ioctl for device (ENOTTY)");
    EXPECT_EQ(describe({EADV, {}, {}, {}, {}}), "advertise error (EADV)");
    EXPECT_EQ(describe({EDOTDOT, {}, {}, {}, {}}), "RFS specific error (EDOTDOT)");
}

TEST(Error, SpellsANumberWithoutASymbol)
{
    EXPECT_EQ(errno_name(EBUSY), "EBUSY");
    EXPECT_EQ(errno_name(1234), "E1234");
    EXPECT_EQ(errno_name(-5), "E-5");
    EXPECT_EQ(describe({1234, "ioctl", "/dev/x", {}, {}}), "ioctl /dev/x: unknown error (E1234)");
}

TEST(Error, TakesErrnoOfTheCallBefore)
{
    errno = EXDEV;
    const auto error = system_error("rename", "/a", "Do this.");
    EXPECT_EQ(error.number, EXDEV);
    EXPECT_EQ(error.call, "rename");
    EXPECT_EQ(error.subject, "/a");
    EXPECT_EQ(error.hint, "Do this.");
}

}  // namespace
}  // namespace mailstate
