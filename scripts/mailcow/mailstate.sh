#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook of mailcow's Postfix container: data/hooks/postfix/mailstate.sh, mode 755. The container's start runs it before
# supervisord starts Postfix, and ignores its exit code. It sets owners and modes of the queue, on its volume, and writes
# the TLS SNI map, which holds paths and no keys. Whatever it meets, Postfix starts, and with some map.
set -u

# mailcow writes sni.map anew at each start, so this map has a name of its own. data/conf/postfix/extra.cf needs:
#   tls_server_sni_maps = texthash:/opt/postfix/conf/mailstate-sni.map
conf=/opt/postfix/conf certificates=/etc/ssl/mail
map=$conf/mailstate-sni.map
sni=(--certs "$certificates" --out "$map")

say() { echo "mailstate.sh: $*" >&2; }

# As mailcow's own start would have it: every name of every folder, unchecked.
unchecked_lines() {
    local folder name
    for folder in "$certificates"/*/; do
        [[ -f ${folder}domains && -f ${folder}cert.pem && -f ${folder}key.pem ]] || continue
        tr -s '[:space:]' '\n' <"${folder}domains" | while read -r name || [[ -n $name ]]; do
            [[ -z $name ]] || echo "${name#\*}  ${folder}key.pem ${folder}cert.pem"
        done
    done
}

# Where extra.cf names a map that is not there, no client that sends a name gets a certificate.
fall_back() {
    if { unchecked_lines >"$map.new" && mv -f "$map.new" "$map"; } 2>/dev/null; then
        say "$map has the names of all folders, unchecked"
    elif [[ -e $map ]]; then
        say "$conf cannot be written (a read-only mount, userns-remap, SELinux?): $map is as it was"
    else
        say "$conf cannot be written (a read-only mount, userns-remap, SELinux?), and $map is not there: extra.cf must not name it"
    fi
    if names_compiled_map && [[ -e $map && ! -e $map.db ]]; then
        chmod 600 "$map" && postmap -F "hash:$map"
    fi
}

# A map that an earlier version compiled, with copies of the keys in it. mailcow's start puts extra.cf after this line.
names_compiled_map() {
    { sed '/Overrides/q' "$conf/main.cf" && cat "$conf/extra.cf"; } 2>/dev/null |
        grep -Eq "^[^#]*[=,[:space:]]hash:$map([,[:space:]]|\$)"
}

if names_compiled_map; then
    say "extra.cf names hash:$map, which keeps copies of the keys; let it say texthash:$map, then restart"
    sni+=(--postmap)
else
    rm -f "$map.db" 2>/dev/null
fi

if ! mailstate --version >/dev/null; then
    say "data/mailstate/mailstate does not run: is it there, executable, and in docker-compose.override.yml (:z with SELinux)?"
    fall_back
    exit
fi

# Of the volumes in this container only the queue's is Postfix's.
mailstate apply --layout mailcow --only postfix-spool --log-level "${MAILSTATE_LOG_LEVEL:-warn}" ||
    say "mailstate apply ended with $?, see above; Postfix starts anyway"

# The host's name is MAILCOW_HOSTNAME.
mailstate sni "${sni[@]}"
code=$?
((code == 0)) || say "mailstate sni ended with $code, see above"
if ((code != 0)) || [[ ! -s $map ]]; then fall_back; fi
