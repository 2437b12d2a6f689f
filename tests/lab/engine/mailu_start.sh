#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# /start.py of Mailu's containers, written anew, as far as whoever starts it can tell: it is a script, ends with 143 on
# SIGTERM, and in the container smtp runs Postfix. It says first what it was started as, and what it finds.
trap 'echo "start: SIGTERM"; postfix stop 2>/dev/null; exit 143' TERM
echo "start: $0 is $$ in $PWD, with $# arguments"
for directory in /queue /var/lib/rspamd /mail /data /dkim /var/mail-state; do # mail_systems.py has them, too
    [[ ! -e $directory ]] || find $directory -printf 'found: %p %u:%g %m\n'
done
env | sort | sed 's/^/env: /'
echo "start: ready"
if [[ $SERVICE == smtp ]]; then
    postfix check # makes the queue's directories
    postfix set-permissions 2>/dev/null
    postfix start-fg &
else
    sleep infinity &
fi
wait
