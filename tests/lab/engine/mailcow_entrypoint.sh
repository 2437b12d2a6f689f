#!/bin/bash
# SPDX-License-Identifier: MIT
# The entrypoint of mailcow's containers, written anew, as far as a hook can tell. Dovecot's first writes sni.conf, of
# every name of every folder, in the words of its release. What is executable in /hooks is run, in the order of names, and not asked how it ended.
# Then comes the command: supervisord.
shopt -s nullglob
if [[ ! -e /opt/postfix.sh ]]; then
    echo >/etc/dovecot/sni.conf
    words=('ssl_cert = <' 'ssl_key = <')
    [[ $(dovecot --version) != 2.4* ]] || words=('ssl_server_cert_file = ' 'ssl_server_key_file = ')
    for folder in /etc/ssl/mail/*/; do
        [[ -f ${folder}domains && -f ${folder}cert.pem && -f ${folder}key.pem ]] || continue
        set -f # a name may be *.example.org
        for name in $(<"${folder}domains"); do
            printf 'local_name %s {\n  %scert.pem\n  %skey.pem\n}\n' "$name" "${words[0]}$folder" "${words[1]}$folder"
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
