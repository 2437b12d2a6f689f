#!/bin/bash
# SPDX-License-Identifier: MIT
# What mailcow's supervisord starts in the Postfix container, written anew: it compiles a map for SNI, of every name of
# every folder, appends extra.cf after the line "Overrides" of main.cf, sets groups and permissions, starts Postfix.
conf=/opt/postfix/conf
trap 'postfix -c $conf stop; exit' TERM
: >$conf/sni.map
for folder in /etc/ssl/mail/*/; do
    [[ -f ${folder}domains && -f ${folder}cert.pem && -f ${folder}key.pem ]] || continue
    IFS=' ' read -r -a names <<<"$(cat "${folder}domains")"
    for name in "${names[@]}"; do echo "$name ${folder}key.pem ${folder}cert.pem" >>$conf/sni.map; done
done
postmap -F hash:$conf/sni.map
{ sed '/Overrides/q' $conf/main.cf && cat $conf/extra.cf; } >/run/main.cf && cat /run/main.cf >$conf/main.cf
chgrp -R postdrop /var/spool/postfix/{public,maildrop}
postfix set-permissions 2>/dev/null # the manual pages that it looks for are not there
rm -f /var/spool/postfix/pid/master.pid
echo "Postfix is started"
postfix -c $conf start-fg &
wait
