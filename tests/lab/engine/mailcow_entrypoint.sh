#!/bin/bash
# SPDX-License-Identifier: MIT
# The entrypoint of mailcow's Postfix container, written anew, as far as a hook can tell: what is executable in /hooks
# is run, in the order of names, and not asked how it ended. Then comes the command.
shopt -s nullglob
hooks=(/hooks/*)
for name in "${hooks[@]}"; do
    if test -x "$name"; then
        echo "hook: $name"
        "$name" || true
    fi
done
exec "$@"
