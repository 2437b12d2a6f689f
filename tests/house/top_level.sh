#!/bin/bash
# SPDX-License-Identifier: MIT
# The top level holds what a stranger expects and nothing else; nothing that a build or a run makes is tracked.
source "$(dirname "$0")/house.sh"

allowed=' CMakeLists.txt src include scripts tests Dockerfile README.md '
while IFS= read -r name; do
    [[ $name == .* || $allowed == *" $name "* ]] || blame "$name: does not belong to the top level"
done < <(tracked | cut -d/ -f1 | sort -u)

while IFS= read -r file; do
    case $file in
        build/* | build-*/* | */CMakeFiles/* | */CMakeCache.txt | CMakeCache.txt | compile_commands.json | \
            */compile_commands.json | *.o | *.a | *.so | *.pyc | *__pycache__/* | *.gcda | *.gcno | *.orig | *.rej | \
            *.swp | *~ | *.img | *.tar | core | */core)
            blame "$file: made by a build or a run"
            ;;
    esac
    # A compiled program under any name.
    [[ ! -f $file || $(head -c 4 "$file" | tr -d '\0') != $'\x7fELF' ]] || blame "$file: a compiled program"
done < <(tracked)
finish
