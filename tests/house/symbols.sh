#!/bin/bash
# SPDX-License-Identifier: MIT
# A function stands in one place only. An inline function of a header and another one of the same signature elsewhere
# link without a word, and one of them is called for both.
#
# usage: symbols.sh BUILD
source "$(dirname "$0")/house.sh"

mapfile -t archives < <(find "$1/src" -name 'libmailstate_*.a' ! -name '*fake*')
((${#archives[@]} > 4)) || blame "no archives in $1"
while IFS= read -r symbol; do
    blame "defined more than once: $symbol"
done < <(for archive in "${archives[@]}"; do
    nm --demangle --defined-only "$archive" 2>/dev/null | sed -nE "s|^[0-9a-f]+ ([TW]) (mailstate::.*)|\\1\t$archive\t\\2|p"
done | sort -u | awk -F'\t' '{ places[$3]++; strong[$3] += $1 == "T" }
    END { for (symbol in places) if (strong[symbol] && places[symbol] > 1) print symbol }')
finish
