#!/bin/bash
# SPDX-License-Identifier: MIT
# What mailcow's Postfix container does to the state and the configuration before Postfix, written anew: a map for SNI
# (here an empty one), extra.cf behind the line "Overrides" of main.cf, groups, permissions.
conf=/opt/postfix/conf
trap 'postfix -c $conf stop; exit' TERM
: >$conf/sni.map
postmap -F hash:$conf/sni.map
{ sed '/Overrides/q' $conf/main.cf && cat $conf/extra.cf; } >/run/main.cf && cat /run/main.cf >$conf/main.cf
chgrp -R postdrop /var/spool/postfix/{public,maildrop}
postfix set-permissions 2>/dev/null # the manual pages that it looks for are not there
echo "Postfix is started"
postfix -c $conf start-fg &
wait
