#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# /start.py of Mailu's containers, written anew, as far as whoever starts it can tell: it is a script, ends with 143 on
# SIGTERM, and in the container smtp runs Postfix. It says first what it was started as, and what it finds. Then it sets
# owners as the start.py of each service does.
trap 'echo "start: SIGTERM"; postfix stop 2>/dev/null; exit 143' TERM
echo "start: $0 is $$ in $PWD, with $# arguments"
for directory in /queue /var/lib/rspamd /mail /data /dkim /certs /var/mail-state; do # mail_systems.py has them, too
    [[ ! -e $directory ]] || find $directory -printf 'found: %p %u:%g %m\n'
done
env | sort | sed 's/^/env: /'
echo "start: ready"
listen=(perl -MIO::Socket::INET -e '
    $served = IO::Socket::INET->new(LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die "start: $!\n";
    while ($client = $served->accept) { <$client>; print $client "HTTP/1.0 204 No Content\r\n\r\n"; close $client }')
case $SERVICE in
smtp)
    flock -n /queue/pid/master.pid rm /queue/pid/master.pid 2>/dev/null
    /usr/lib/postfix/sbin/post-install meta_directory=/etc/postfix create-missing
    postfix set-permissions 2>/dev/null
    run=(postfix start-fg)
    ;;
antispam)
    find /var/lib/rspamd | grep -v /filter | xargs -n1 chown rspamd:rspamd
    run=(setpriv --reuid rspamd --regid rspamd --clear-groups "${listen[@]}" 11334)
    ;;
front) # nginx and certbot beside it write below /certs, as root
    touch /certs/account.key
    dovecot -F &
    run=("${listen[@]}" 10204)
    ;;
imap)
    chown mail:mail /mail
    chown -R mail:mail /var/lib/dovecot /conf
    run=(dovecot -F)
    ;;
admin)
    chown -R mailu:mailu /dkim
    find /data | grep -v /fetchmail | xargs -n1 chown mailu:mailu
    run=(setpriv --reuid mailu --regid mailu --clear-groups sh -c
        'find /data /dkim -readable >/dev/null && echo "start: as mailu" && exec "$@"' sh "${listen[@]}" 8080)
    ;;
esac
"${run[@]}" &
wait
