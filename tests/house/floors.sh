#!/bin/bash
# SPDX-License-Identifier: MIT
# Includes go down only: a file of one floor includes headers of its own floor and of those below it. Some libraries
# belong to some floors.
source "$(dirname "$0")/house.sh"

source "$house/floor_of.sh"

check_library() { # FILE FLOOR INCLUDE
    case $3 in
        spdlog/* | fmt/*) [[ $2 == engine || $2 == app ]] || blame "$1: only engine and app log, but it includes $3" ;;
        nlohmann/*) [[ $1 == src/model/* || $1 == src/preflight/* || $1 == src/app/* ]] ||
            blame "$1: only sources of model, preflight and app know JSON, but it includes $3" ;;
        CLI/*) [[ $2 == app ]] || blame "$1: only app knows the command line, but it includes $3" ;;
        boost/filesystem/path.hpp) ;;
        boost/filesystem* | filesystem) [[ $2 == app ]] ||
            blame "$1: no operation by path below app (another may change the tree meanwhile), but it includes $3" ;;
    esac
}

check_include() { # FILE FLOOR INCLUDE
    local other
    other=$(floor "$3")
    if [[ $3 == mailstate/* && -z $other ]]; then
        blame "$1: the header $3 is on no floor"
    elif [[ $3 == *../* ]]; then
        blame "$1: includes $3: paths are relative to src/ or include/"
    elif [[ -n $other ]] && ((height[$other] > height[$2])); then
        blame "$1: floor $2 includes $3 of floor $other, which is above it"
    else
        check_library "$1" "$2" "$3"
    fi
}

# What one floor alone uses is beside its source, in src/.
while IFS= read -r header; do
    own=$(floor "$header")
    users=$(grep -rlF "\"${header#include/}\"" src include --include='*.cpp' --include='*.hpp' --include='*.in') || true
    grep -qvE "^(src|include/mailstate)/$own/" <<<"${users:-src/$own/}" ||
        blame "$header: only $own includes it, so it belongs beside its source in src/$own"
done < <(tracked 'include/*.hpp')

looked_at=0
while IFS= read -r file; do
    own=$(floor "$file")
    if [[ -z $own ]]; then
        blame "$file: is on no floor: its path names none"
        continue
    fi
    looked_at=$((looked_at + 1))
    while IFS= read -r include; do
        check_include "$file" "$own" "$include"
    done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]([^>"]+)[>"].*/\1/p' "$file")
done < <(tracked 'src/*.cpp' 'src/*.hpp' 'include/*.hpp')
((looked_at > 20)) || blame "only $looked_at files were looked at"
finish
