#!/bin/bash
# SPDX-License-Identifier: MIT
# Sources are listed, never globbed: each one below src/ and tests/ is named in the CMakeLists.txt of its own directory
# or of one above it. What is not built is not tested. And no value is begun that a TRY may leave half made: begun.py.
source "$(dirname "$0")/house.sh"

is_listed() {
    local directory=${1%/*} name bare
    while [[ $directory == */* || -n $directory ]]; do
        name=${1#"$directory"/}
        bare=${name%.*} # tests are named by what they test
        if [[ -f $directory/CMakeLists.txt ]] && sed 's/#.*//' "$directory/CMakeLists.txt" | tr -s ' \t()"' '\n' |
            grep -qxF -e "$name" -e "${bare#test_}" -e "\${CMAKE_CURRENT_SOURCE_DIR}/$name"; then
            return 0
        fi
        [[ $directory == */* ]] || return 1
        directory=${directory%/*}
    done
    return 1
}

looked_at=0
while IFS= read -r file; do
    looked_at=$((looked_at + 1))
    is_listed "$file" || blame "$file: in no CMakeLists.txt"
done < <(tracked 'src/*.cpp' 'tests/*.cpp' 'tests/system/test_*.py' 'tests/lab/test_*.py')
((looked_at > 0)) || blame "no source was looked at"

while IFS= read -r file; do
    ! grep -nE 'file\([[:space:]]*GLOB' "$file" || blame "$file: globs"
done < <(tracked '*CMakeLists.txt' '*.cmake')

HOUSE_TREE=$tree /usr/bin/python3 "$house/begun.py" || blame "see above"
finish
