#!/bin/bash
# SPDX-License-Identifier: MIT
# Nothing outlives the tests: no mount, no loop device, no process, no scratch directory.
# usage: leftovers.sh --record    prints what is there now, to be kept in MAILSTATE_BEFORE
#        leftovers.sh             says what has come since; MAILSTATE_MARK is the mark of the run's processes
set -euo pipefail
export LC_ALL=C.UTF-8

mounts() { awk '{print "mount " $5 " " $1}' /proc/self/mountinfo; }
loops() { compgen -G '/sys/block/loop*/loop/backing_file' | sed 's/^/loop device /' || true; }
scratch() { find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'mailstate-*' -printf 'scratch directory %p\n' 2>/dev/null || true; }

parent_of() { awk '/^PPid:/ {print $2}' "/proc/$1/status" 2>/dev/null || true; }

# The process and those above it, a blank on both sides of each.
lineage() {
    local pid=$1
    printf ' '
    while [[ -n $pid ]] && ((pid > 1)); do
        printf '%s ' "$pid"
        pid=$(parent_of "$pid")
    done
}

# Processes that a test run started carry its mark in their environment. So do those above this one, and those below it.
processes() {
    local above pid
    above=$(lineage $$)
    { grep -lzxF "MAILSTATE_MARK=$1" /proc/[0-9]*/environ 2>/dev/null || true; } | while IFS=/ read -r _ _ pid _; do
        [[ $above != *" $pid "* && $(lineage "$pid") != *" $$ "* && -e /proc/$pid ]] || continue
        echo "process $pid $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline")"
    done
}

present() {
    mounts
    loops
    scratch
}

if [[ ${1:-} == --record ]]; then
    present
    exit 0
fi
[[ -n ${MAILSTATE_BEFORE:-} ]] || {
    echo "skipped: MAILSTATE_BEFORE does not say what was there before the tests; scripts/test sets it"
    exit 77
}

# The kernel frees the mounts and loop devices of a namespace a moment after its last process.
for ((try = 0; try < 15; ++try)); do
    left=$(comm -13 <(sort <<<"$MAILSTATE_BEFORE") <(present | sort) && processes "${MAILSTATE_MARK:?}")
    [[ -n $left ]] || {
        echo "nothing is left"
        exit 0
    }
    sleep 0.2
done
echo "left behind:"
echo "$left"
exit 1
