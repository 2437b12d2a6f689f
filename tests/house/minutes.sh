#!/bin/bash
# SPDX-License-Identifier: MIT
# The minutes by label come before ctest's closing lines, and add up.
source "$(dirname "$0")/house.sh"

measured=$(mktemp)
trap 'rm -f "$measured"' EXIT
printf '%s\t%s\n' builds 300 builds 270 clang-tidy 60 >"$measured"
output=$(tests/support/minutes 2 "$measured" <<'END'
      Start 1: a test
1/2 Test #1: a test ...   Passed    1.00 sec

50% tests passed, 1 tests failed out of 2

Label Time Summary:
faults        = 720.00 sec*proc (2 tests)
guest         =  60.00 sec*proc (3 tests)
house         =   3.00 sec*proc (4 tests)
lab           = 240.00 sec*proc (9 tests)
page          =  12.00 sec*proc (1 test)
unit          =   9.00 sec*proc (900 tests)

Total Test time (real) = 500.00 sec

The following tests FAILED:
          1 - a test (Failed)
END
)
row() { grep -qE "^$1 +$2( |\$)" <<<"$output" || blame "no row '$1 $2' in:"$'\n'"$output"; }

row builds '9.5 +9  over'
row clang-tidy '1.0 +7'
row fast '0.1 +5'
row faults '6.0 +4  over'
row system '0.0 +5'
row 'containers and services' '1.4 +6'
row guests '0.5 +6'
row 'page and package' '0.1 +1'
row all '18.6 +50'
[[ $(tail -n 1 <<<"$output") == '          1 - a test (Failed)' ]] || blame "ctest's last line is not the last"
[[ $(grep -oE 'minutes on|tests passed' <<<"$output" | head -n 1) == 'minutes on' ]] ||
    blame "the minutes come after ctest's closing lines"
[[ $(head -n 1 <<<"$output") == '      Start 1: a test' ]] || blame "ctest's first line is missing"
finish
