#!/bin/bash
# SPDX-License-Identifier: MIT
# clang-tidy with the checks of .clang-tidy, over what the compile commands of a build directory name below src/.
# usage: tidy.sh BUILD-DIRECTORY [PATTERN]
build=$(cd "${1:?usage: tidy.sh BUILD-DIRECTORY [PATTERN]}" && pwd)
pattern=${2:-}
source "$(dirname "$0")/house.sh"

[[ -f $build/compile_commands.json ]] || blame "$build/compile_commands.json: not there"
mapfile -t sources < <(tracked 'src/*.cpp' | grep -E -- "$pattern")
((${#sources[@]} > 0)) || blame "no source was looked at"
printf '%s\0' "${sources[@]}" |
    xargs -0 -n 1 clang-tidy -p "$build" --quiet 2> >(grep -vE '^[0-9]+ warnings? (generated|treated)' >&2) ||
    blame "clang-tidy objects, see above"
finish
