# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The floors of the house, and which one a file is on. Source it after house.sh.

declare -A height=([base]=0 [posix]=1 [fs]=2 [model]=3 [preflight]=4 [engine]=5 [app]=6)

# Prints the floor of a file of the tree, or of an include as it is written; nothing where it is not ours.
floor() {
    local path=${1#include/}
    path=${path#src/}
    path=${path#mailstate/}
    [[ $path != */* || -z ${height[${path%%/*}]:-} ]] || echo "${path%%/*}"
}
