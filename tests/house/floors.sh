#!/bin/bash
# SPDX-License-Identifier: MIT
# Includes go down only: a file of one floor includes headers of its own floor and of those below it. Some libraries
# belong to some floors.
source "$(dirname "$0")/house.sh"

declare -A height=([base]=0 [posix]=1 [fs]=2 [model]=3 [preflight]=4 [engine]=5 [app]=6)

# The floor of each public header: the floor whose library holds what it declares.
declare -A floor_of=(
    [amount]=base [error]=base [excerpt]=base [result]=base [types]=base [text]=base [tree_path]=base
    [lock]=posix [lock_state]=posix [mount_table]=posix [process]=posix [identity]=posix
    [durability]=fs [proof]=fs [reader]=fs [writer]=fs [writer_limits]=fs
    [ability]=model [capability]=model [decision]=model
    [describe]=model [earlier]=model [finding]=model [finding_table]=model [glob]=model [history]=model [layout]=model
    [findings/adoption]=model [findings/displaced]=model [findings/entry]=model [findings/given]=model
    [findings/process]=model [findings/row]=model [findings/run]=model [findings/volume]=model
    [findings/volume_abilities]=model [findings/way_back]=model [layout_json]=model [ledger]=model [manifest]=model
    [plan]=model [renumber]=model [rollback_plan]=model [seal]=model [settings]=model [survey]=model
    [displaced]=engine [engine]=engine [rehearsal]=engine [rollback]=engine
)

# Prints the floor of a file of the tree, or of an include as it is written; nothing where it is not ours.
floor() {
    local path=${1#include/}
    path=${path#src/}
    case $path in
        mailstate/*.hpp)
            path=${path#mailstate/}
            echo "${floor_of[${path%.hpp}]:-unlisted}"
            ;;
        */*) [[ -z ${height[${path%%/*}]:-} ]] || echo "${path%%/*}" ;;
    esac
}

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
    if [[ $other == unlisted ]]; then
        blame "$1: the header $3 is not in the table of ${0##*/}"
    elif [[ $3 == *../* ]]; then
        blame "$1: includes $3: paths are relative to src/ or include/"
    elif [[ -n $other ]] && ((height[$other] > height[$2])); then
        blame "$1: floor $2 includes $3 of floor $other, which is above it"
    else
        check_library "$1" "$2" "$3"
    fi
}

for name in "${!floor_of[@]}"; do
    [[ -f include/mailstate/$name.hpp ]] || blame "include/mailstate/$name.hpp: in the table, but not there"
done

looked_at=0
while IFS= read -r file; do
    own=$(floor "$file")
    if [[ -z $own || $own == unlisted ]]; then
        blame "$file: stands on no floor; a public header needs a row in the table of ${0##*/}"
        continue
    fi
    looked_at=$((looked_at + 1))
    while IFS= read -r include; do
        check_include "$file" "$own" "$include"
    done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]([^>"]+)[>"].*/\1/p' "$file")
done < <(tracked 'src/*.cpp' 'src/*.hpp' 'include/*.hpp')
((looked_at > 20)) || blame "only $looked_at files were looked at"
finish
