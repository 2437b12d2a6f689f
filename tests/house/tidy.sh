#!/bin/bash
# SPDX-License-Identifier: MIT
# clang-tidy with the checks of .clang-tidy, over what the compile commands of a build directory name of one floor:
# units of several sources (MAILSTATE_UNITY), which take an eighth of the time, or the sources themselves.
# usage: tidy.sh BUILD-DIRECTORY FLOOR
build=$(cd "${1:?usage: tidy.sh BUILD-DIRECTORY FLOOR}" && pwd)
floor=${2:?usage: tidy.sh BUILD-DIRECTORY FLOOR}
source "$(dirname "$0")/house.sh"

[[ -f $build/compile_commands.json ]] || blame "$build/compile_commands.json: not there"
mapfile -t units < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" |
    grep -E "^($build|$PWD)/src/$floor/")
((${#units[@]} > 0)) || blame "no source was looked at"
printf '%s\0' "${units[@]}" |
    xargs -0 -n 1 clang-tidy -p "$build" --quiet 2> >(grep -vE '^[0-9]+ warnings? (generated|treated)' >&2) ||
    blame "clang-tidy objects, see above"
finish
