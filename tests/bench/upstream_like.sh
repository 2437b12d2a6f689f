#!/bin/bash
# SPDX-License-Identifier: MIT
# What a shell script of this kind does at each start, in outline, for comparison: links for what is there, and every
# owner written anew. It loses data (a mounted origin, a move that was cut off): never run it on real state.
#
# usage: upstream_like.sh ROOT
root=$1
state=$root/var/mail-state
directories=(lib/logrotate lib/postfix spool/postfix lib/amavis lib/clamav lib/fail2ban lib/fetchmail lib/getmail
    lib/mta-sts lib/postgrey lib/rspamd lib/redis lib/spamassassin lib/postsrsd lib/dovecot)
for directory in "${directories[@]}"; do
    destination=$state/${directory//\//-}
    if [[ -d $destination ]]; then
        rm -rf "$root/var/$directory"
    elif [[ -d $root/var/$directory ]]; then
        mv "$root/var/$directory" "$destination"
    else
        mkdir -p "$destination"
    fi
    ln -s "/var/mail-state/${directory//\//-}" "$root/var/$directory"
done
# The numbers of tests/support/image.py: names would be the machine's.
chown -R 0:0 "$state/lib-logrotate"
chown -R 108:110 "$state/lib-postfix"
chown -R 997:997 "$state/lib-amavis"
chown -R 106:108 "$state/lib-clamav"
chown -R 103:65534 "$state/lib-fetchmail"
chown -R 112:115 "$state/lib-mta-sts"
chown -R 105:107 "$state/lib-postgrey"
chown -R 102:105 "$state/lib-rspamd"
chown -R 101:104 "$state/lib-redis"
chown -R 113:116 "$state/lib-spamassassin"
chown -R 108:0 "$state/spool-postfix"
chown 0:0 "$state/spool-postfix"
chgrp -R 111 "$state"/spool-postfix/{maildrop,public}
chmod 730 "$state/spool-postfix/maildrop"
chmod 710 "$state/spool-postfix/public"
