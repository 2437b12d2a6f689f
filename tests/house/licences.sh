#!/bin/bash
# SPDX-License-Identifier: MIT
# Each source starts with one SPDX line; after "#!" where there is one. JSON and recorded data cannot hold a comment.
source "$(dirname "$0")/house.sh"

while IFS= read -r file; do
    case $file in
        .gitignore | *.json | *.md | *.golden | tests/*/recorded/* | tests/fuzz/corpus/*) continue ;;
    esac
    [[ -s $file && ! -L $file ]] || continue
    head -n 2 "$file" | grep -qE '^(#|//|<!--|/\*) ?SPDX-License-Identifier: MIT' ||
        blame "$file: no 'SPDX-License-Identifier: MIT' in its first two lines"
done < <(tracked)
finish
