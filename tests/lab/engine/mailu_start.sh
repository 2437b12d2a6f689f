#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# /start.py of Mailu's containers, written anew, as far as whoever starts it can tell: it is a script, ends with 143 on
# SIGTERM, and in the container smtp runs Postfix. It says first what it was started as, and what it finds. Then it sets
# owners as the start.py of each service does.
trap 'echo "start: SIGTERM"; postfix stop 2>/dev/null; exit 143' TERM
echo "start: $0 is $$ in $PWD, with $# arguments"
for directory in /queue /var/lib/rspamd /mail /data /dkim /var/mail-state; do # mail_systems.py has them, too
    [[ ! -e $directory ]] || find $directory -printf 'found: %p %u:%g %m\n'
done
env | sort | sed 's/^/env: /'
echo "start: ready"
run=(sleep infinity)
case $SERVICE in
smtp)
    flock -n /queue/pid/master.pid rm /queue/pid/master.pid 2>/dev/null
    /usr/lib/postfix/sbin/post-install meta_directory=/etc/postfix create-missing
    postfix set-permissions 2>/dev/null
    run=(postfix start-fg)
    ;;
antispam) find /var/lib/rspamd | grep -v /filter | xargs -n1 chown rspamd:rspamd ;;
imap) chown mail:mail /mail ;;
admin)
    chown -R mailu:mailu /dkim
    find /data | grep -v /fetchmail | xargs -n1 chown mailu:mailu
    run=(setpriv --reuid mailu --regid mailu --clear-groups sh -c 'find /data /dkim -readable >/dev/null && echo "start: as mailu" && sleep infinity')
    ;;
esac
"${run[@]}" &
wait
