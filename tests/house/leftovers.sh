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

# Processes that a test run started carry its mark in their environment. Our own ancestors do too.
processes() {
    local mark=$1 mine=" " pid=$$ entry
    while ((pid > 1)); do
        mine+="$pid "
        pid=$(awk '/^PPid:/ {print $2}' "/proc/$pid/status")
    done
    for entry in /proc/[0-9]*; do
        pid=${entry#/proc/}
        [[ $mine != *" $pid "* && $(awk '/^PPid:/ {print $2}' "$entry/status" 2>/dev/null) != "$$" ]] || continue
        if tr '\0' '\n' 2>/dev/null <"$entry/environ" | grep -qxF "MAILSTATE_MARK=$mark"; then
            echo "process $pid $(tr '\0' ' ' 2>/dev/null <"$entry/cmdline")"
        fi
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
for ((try = 0; try < 50; ++try)); do
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
