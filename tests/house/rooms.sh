#!/bin/bash
# SPDX-License-Identifier: MIT
# A room is a header with the source of its name; an arrow leads from it to each room whose header it includes. No arrow
# leads up a floor, arrows form no circle, no two rooms have one name. Prints what each floor has of rooms, arrows and
# lines; with the word "arrows" also each arrow.
source "$(dirname "$0")/house.sh"
source "$house/floor_of.sh"

declare -A room_of room_named arrow lines rooms inside down

# The room of a header or source, as "engine/stage". A source without a header beside it may belong to a public one.
place() { # FILE
    local name=${1#include/mailstate/*/} room
    name=${name#src/*/}
    name=${name%.*}
    room=$(floor "$1")/$name
    room_of[$1]=$room
    [[ $1 != src/app/* ]] || name=${name##*/}
    [[ ${rooms[${room%%/*}]:-} != *" $room "* ]] || return 0
    rooms[${room%%/*}]+=" $room "
    [[ ${room_named[$name]:=$room} == "$room" ]] || blame "$room and ${room_named[$name]} are two rooms of one name"
}

draw() { # FILE INCLUDE
    local from=${room_of[$1]} to=include/$2
    [[ -e $to ]] || to=src/$2
    to=${room_of[$to]:-}
    [[ -n $to && $to != "$from" && -z ${arrow[$from $to]:-} ]] || return 0
    arrow[$from $to]=1
    if [[ ${from%%/*} == "${to%%/*}" ]]; then
        inside[${from%%/*}]=$((${inside[${from%%/*}]:-0} + 1))
    else
        down[${from%%/*}]=$((${down[${from%%/*}]:-0} + 1))
    fi
    ((height[${to%%/*}] <= height[${from%%/*}])) || blame "$from includes $to, which is a floor above it"
}

# Prints each set of rooms that all lead to each other. Rooms that lead nowhere are none; of those that are left, who
# reaches whom is spread until nothing is new.
circles() {
    printf '%s\n' "${!arrow[@]}" | sort | awk '
        { reaches[$1, $2] = 1; room[$1]; room[$2] }
        END {
            do {
                again = 0
                for (from in room) {
                    leads = 0
                    for (to in room) leads += (from, to) in reaches
                    if (!leads) { delete room[from]; again = 1 }
                }
            } while (again)
            for (by in room) for (from in room) if ((from, by) in reaches)
                for (to in room) if ((by, to) in reaches) reaches[from, to] = 1
            for (first in room) {
                if (!((first, first) in reaches) || first in told) continue
                circle = ""
                for (other in room) if ((first, other) in reaches && (other, first) in reaches) {
                    circle = circle " " other
                    told[other]
                }
                print "a circle of rooms:" circle
            }
        }'
}

mapfile -t files < <(tracked 'src/*.cpp' 'src/*.hpp' 'include/*.hpp')
((${#files[@]} > 20)) || blame "only ${#files[@]} files were looked at"
for file in "${files[@]}"; do place "$file"; done
while IFS=: read -r file include; do
    draw "$file" "${include##*[<\"]}"
done < <(grep -oE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"][^>"]+' "${files[@]}")
while IFS= read -r circle; do blame "$circle"; done < <(circles)
while read -r count file; do
    folder=${file%/*}
    lines[$folder]=$((${lines[$folder]:-0} + count))
done < <(wc -l "${files[@]}" | grep -v ' total$')

[[ ${1:-} != arrows ]] || printf '%s\n' "${!arrow[@]}" | sort | sed 's/ / -> /'
printf '%-12s %6s %7s %6s\n' floor rooms inside down # arrows within the floor, and to those below
for floor in base posix fs model preflight engine app; do
    count=$(wc -w <<<"${rooms[$floor]:-}")
    printf '%-12s %6d %7d %6d\n' "$floor" "$count" "${inside[$floor]:-0}" "${down[$floor]:-0}"
done
for folder in "${!lines[@]}"; do printf '%-20s %6d lines\n' "$folder" "${lines[$folder]}"; done | sort
finish
