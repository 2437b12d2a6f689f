#!/bin/bash
# SPDX-License-Identifier: MIT
# C++ is as clang-format leaves it, shell is free of syntax errors, Python compiles.
source "$(dirname "$0")/house.sh"

mapfile -t sources < <(tracked '*.cpp' '*.hpp')
((${#sources[@]} > 20)) || blame "only ${#sources[@]} sources were looked at"
clang-format --dry-run -Werror "${sources[@]}" || blame "clang-format would change these files: run clang-format -i"

while IFS= read -r file; do
    [[ -f $file ]] || continue
    case $(head -n 1 "$file" | tr -d '\0') in
        '#!/bin/bash'* | '#!/usr/bin/env bash'*) bash -n "$file" || blame "$file: bash cannot read it" ;;
        '#!/bin/sh'*) sh -n "$file" || blame "$file: sh cannot read it" ;;
    esac
done < <(tracked scripts tests .ci)

while IFS= read -r file; do
    /usr/bin/python3 -c 'import sys; compile(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1], "exec")' "$file" ||
        blame "$file: python cannot read it"
done < <(tracked '*.py')
finish
