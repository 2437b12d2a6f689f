#!/bin/bash
# SPDX-License-Identifier: MIT
# The pages hold to what pages.py says of them, their generated parts are current, and pages, sources and scripts are spelt
# as codespell's list of mistakes has it; words.py has idioms that no text for users may have. MAILSTATE: the program,
# whose commands, options and codes they name.
source "$(dirname "$0")/house.sh"

mapfile -t pages < <(tracked '*.md')
((${#pages[@]} > 10)) || blame "only ${#pages[@]} pages were looked at"
HOUSE_TREE=$tree /usr/bin/python3 "$house/pages.py" "${pages[@]}" || blame "see above"
HOUSE_TREE=$tree /usr/bin/python3 "$house/words.py" || blame "see above"
[[ -z ${MAILSTATE:-} ]] || HOUSE_TREE=$tree /usr/bin/python3 "$house/generated.py" --check || blame "see above"

# Not in the tests: they misspell on purpose. "te" is what a shell completes to "text"; msdos is a filesystem.
mapfile -t spelt < <(tracked '*.md' .github src include scripts CMakeLists.txt Dockerfile)
codespell --ignore-words-list te,msdos "${spelt[@]}" || blame "codespell minds these words"
finish
