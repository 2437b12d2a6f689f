// SPDX-License-Identifier: MIT
#include "mailstate/base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace mailstate {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Printable, LeavesTextAlone)
{
    EXPECT_EQ(printable("cur/1700000000.M1P2.mail:2,S"), "cur/1700000000.M1P2.mail:2,S");
    EXPECT_EQ(printable("Entwürfe/送信済み/📬"), "Entwürfe/送信済み/📬");
}

TEST(Printable, EscapesControlsBackslashesAndForeignBytes)
{
    EXPECT_EQ(printable("a\tb\nc\x7f"), "a\\x09b\\x0ac\\x7f");
    EXPECT_EQ(printable("C:\\mail"), "C:\\x5cmail");
    EXPECT_EQ(printable("Entw\xfcrfe"), "Entw\\xfcrfe");
    EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Printable, EscapesWhatOnlyLooksLikeUtf8)
{
    EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // "/" in two bytes
    EXPECT_EQ(printable("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");           // in three
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // above U+10FFFF
    EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82");                    // cut off
    EXPECT_EQ(printable("\xe2\x82z"), "\\xe2\\x82z");                  // followed by something else
    EXPECT_EQ(printable("\x80"), "\\x80");                             // no lead
    EXPECT_EQ(printable("\xff\xff"), "\\xff\\xff");
}

TEST(Printable, EscapesControlsOfUnicode)
{
    EXPECT_EQ(printable("\xc2\x9b"
                        "2J"),
              "\\xc2\\x9b2J");                                        // CSI in one character
    EXPECT_EQ(printable("a\xe2\x80\xaetxt"), "a\\xe2\\x80\\xaetxt");  // right-to-left override
    EXPECT_EQ(printable("a\xe2\x80\xa8"
                        "b"),
              "a\\xe2\\x80\\xa8"
              "b");                                // line separator
    EXPECT_EQ(printable("\xc2\xa0"), "\xc2\xa0");  // the first one that is none
}

TEST(Printable, IsReadBackForEveryByte)
{
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
            const auto text = printable(bytes);
            EXPECT_EQ(from_printable(text), bytes) << first << ' ' << second;
            EXPECT_EQ(text.find_first_of(std::string_view("\0\n\x1b\x7f", 4)), std::string::npos);
        }
    }
}

TEST(Printable, IsReadBackForAllBytesTogether)
{
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
    EXPECT_EQ(from_printable(printable(bytes)), bytes);
}

TEST(Printable, ReadsNothingButItsOwnSpelling)
{
    EXPECT_EQ(from_printable("\\x41\\x6A"), "Aj");
    for (const auto* text : {"\\", "\\x", "\\x4", "\\x4g", "\\xg4", "\\n", "\\\\", "a\\", "\\x+4", "\\x 4", "\\X41"})
        EXPECT_EQ(from_printable(text), std::nullopt) << text;
}

TEST(HumanBytes, KeepsOneDecimal)
{
    EXPECT_EQ(human_bytes(0), "0 B");
    EXPECT_EQ(human_bytes(12), "12 B");
    EXPECT_EQ(human_bytes(1023), "1023 B");
    EXPECT_EQ(human_bytes(1024), "1.0 KiB");
    EXPECT_EQ(human_bytes(1434), "1.4 KiB");
    EXPECT_EQ(human_bytes(3221225472), "3.0 GiB");
    EXPECT_EQ(human_bytes(std::uint64_t{5} << 40U), "5.0 TiB");
    EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max() - 1), "16.0 EiB");
    EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "an unknown amount");
}

TEST(HumanBytes, GoesToTheNextUnitBeforeItShows1024)
{
    EXPECT_EQ(human_bytes(1023 * 1024 + 900), "1023.9 KiB");
    EXPECT_EQ(human_bytes(1024 * 1024 - 1), "1.0 MiB");
    EXPECT_EQ(human_bytes((std::uint64_t{1} << 50U) - 1), "1.0 PiB");
}

TEST(HumanCount, SeparatesThousandsAndKnowsThePlural)
{
    EXPECT_EQ(human_count(0, "file", "files"), "0 files");
    EXPECT_EQ(human_count(1, "file", "files"), "1 file");
    EXPECT_EQ(human_count(999, "file", "files"), "999 files");
    EXPECT_EQ(human_count(1000, "file", "files"), "1,000 files");
    EXPECT_EQ(human_count(12345, "entry", "entries"), "12,345 entries");
    EXPECT_EQ(human_count(1234567, "file", "files"), "1,234,567 files");
}

TEST(OctalMode, HasFourDigits)
{
    EXPECT_EQ(octal_mode(0), "0000");
    EXPECT_EQ(octal_mode(0750), "0750");
    EXPECT_EQ(octal_mode(02710), "2710");
    EXPECT_EQ(octal_mode(07777), "7777");
    EXPECT_EQ(octal_mode(0100644), "0644");
}

TEST(SplitList, DropsEmptyPartsAndBlanks)
{
    EXPECT_THAT(split_list("1,2,3", ','), ElementsAre("1", "2", "3"));
    EXPECT_THAT(split_list(" redis , ,postfix,", ','), ElementsAre("redis", "postfix"));
    EXPECT_THAT(split_list("one", ','), ElementsAre("one"));
    EXPECT_THAT(split_list("", ','), IsEmpty());
    EXPECT_THAT(split_list(",,", ','), IsEmpty());
}

TEST(ParseDecimal, TakesAWholeNumberAndNothingElse)
{
    EXPECT_EQ(parse_decimal("0"), 0U);
    EXPECT_EQ(parse_decimal("0042"), 42U);
    EXPECT_EQ(parse_decimal("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x10", "1a", "18446744073709551616"})
        EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
}

TEST(Trim, TakesWhiteSpaceOffBothEnds)
{
    EXPECT_EQ(trim(" \t a b \r\n"), "a b");
    EXPECT_EQ(trim(" \v\f "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(UtcText, CountsFromTheEpoch)
{
    EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(utc_text(1795226795), "2026-11-21T02:06:35Z");
    EXPECT_EQ(utc_text(-1), "1969-12-31T23:59:59Z");
    EXPECT_EQ(utc_text(std::numeric_limits<std::int64_t>::max()), "9223372036854775807");
}

TEST(UtcNow, LooksLikeATime)
{
    EXPECT_THAT(utc_now(), testing::MatchesRegex("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z"));
}

}  // namespace
}  // namespace mailstate
