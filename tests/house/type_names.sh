#!/bin/bash
# SPDX-License-Identifier: MIT
# A type's name stands in one header only. Two types of one name in one namespace, each in a header of its own, compile
# and link, and then share whichever copy of a constructor or destructor the linker has kept.
source "$(dirname "$0")/house.sh"

mapfile -t headers < <(tracked 'src/*.hpp' 'include/*.hpp')
names=$(sed -nE 's/^(struct|class|union|enum( class)?) ([A-Za-z]\w*)( final)?( :.*)? ?\{.*/\3/p' "${headers[@]}")
((${#headers[@]} > 0)) && [[ -n $names ]] || blame "no type was looked at"
while IFS= read -r name; do
    blame "$name is defined in more than one header: $(grep -lE "^(struct|class|union|enum( class)?) $name\b.*\{" \
        "${headers[@]}" | tr '\n' ' ')"
done < <(sort <<<"$names" | uniq -d)
finish
