#!/bin/bash
# SPDX-License-Identifier: MIT
# The entrypoint of mailcow's containers, written anew, as far as a hook can tell. Dovecot's first writes sni.conf, of
# every name of every folder. What is executable in /hooks is run, in the order of names, and not asked how it ended.
# Then comes the command: supervisord.
shopt -s nullglob
if [[ ! -e /opt/postfix.sh ]]; then
    echo >/etc/dovecot/sni.conf
    for folder in /etc/ssl/mail/*/; do
        [[ -f ${folder}domains && -f ${folder}cert.pem && -f ${folder}key.pem ]] || continue
        set -f # a name may be *.example.org
        for name in $(<"${folder}domains"); do
            printf 'local_name %s {\n  ssl_cert = <%scert.pem\n  ssl_key = <%skey.pem\n}\n' "$name" "$folder" "$folder"
        done >>/etc/dovecot/sni.conf
        set +f
    done
fi
hooks=(/hooks/*)
for name in "${hooks[@]}"; do
    if test -x "$name"; then
        echo "hook: $name"
        "$name" || true
    fi
done
exec "$@"
