#!/bin/bash
# SPDX-License-Identifier: MIT
# A finding is made from its row: the compiler refuses a code that no row has, and data that its hint has no gaps for;
# the sources and the tables name the same codes. MAILSTATE: the program, whose list of codes is compared, too.
source "$(dirname "$0")/house.sh"

code=$(mktemp -d -t mailstate-codes-XXXXXX)
trap 'rm -rf "$code"' EXIT

# Tells for how many lines of its body the compiler has words: an error is in the header, reached from there.
lines_refused() { # BODY
    cat >"$code/caller.cpp" <<END
#include "mailstate/model/finding_table.hpp"
using namespace mailstate;
void caller()
{
$1
}
END
    { LC_ALL=C "${CXX:-c++}" -std=c++20 -S -o /dev/null -w -I "$tree/include" -I "$tree/src" "$code/caller.cpp" 2>&1 || true; } |
        sed -nE 's/^.*caller\.cpp:([0-9]+):[0-9]+: .*/\1/p' | sort -u | wc -l
}

made='    (void)make_finding("ids.reused", "subject", "message");
    (void)make_finding("volume.absent", "subject", "message", "/var/mail-state");
    (void)make_finding(Severity::note, "volume.anonymous", "subject", "message", "one", "two");
    (void)make_finding("run.blocked", "subject", Error());'
refused=$(lines_refused "$made")
((refused == 0)) || blame "the compiler refuses $refused findings of the table"

made='    (void)make_finding("ids.nowhere", "subject", "message");
    (void)make_finding("run.nowhere", "subject", Error());
    (void)make_finding("ids.reused", "subject", "message", "one too many");
    (void)make_finding("volume.absent", "subject", "message");
    (void)make_finding(Severity::note, "volume.anonymous", "subject", "message", "one");'
calls=$(wc -l <<<"$made")
refused=$(lines_refused "$made")
((refused == calls)) || blame "of $calls findings that no row is for the compiler refuses $refused"

HOUSE_TREE=$tree /usr/bin/python3 "$house/finding_codes.py" || blame "see above"
finish
