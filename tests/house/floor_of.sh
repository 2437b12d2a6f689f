# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# The floors of the house, and which one a file is on. Source it after house.sh.

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
    [displaced]=engine [engine]=engine [rehearsal]=engine [rollback]=engine [stop]=engine
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
