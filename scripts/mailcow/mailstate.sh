#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook of mailcow's Postfix container: put it, executable, into data/hooks/postfix/. The container's start runs it
# before Postfix, and does not ask how it ended. It puts owners and SGID bits of the queue right, on its volume, and
# writes the TLS SNI map. Neither keeps Postfix from starting.
set -u

say() { echo "mailstate.sh: $*" >&2; }

# The stock start writes sni.map anew each time, so this map has a name of its own. data/conf/postfix/extra.cf needs:
#   tls_server_sni_maps = hash:/opt/postfix/conf/mailstate-sni.map
map=/opt/postfix/conf/mailstate-sni.map

# With a map that is named there and does not exist, no client that sends a name gets a certificate.
keep_or_make_map() {
    if [[ -e $map.db ]]; then
        say "$map is as it was"
    else
        (umask 077 && : >"$map" && postmap -F "hash:$map") && say "$map is an empty one"
    fi
}

if ! command -v mailstate >/dev/null; then
    say "there is no program mailstate: is it at data/mailstate/mailstate, and docker-compose.override.yml in place?"
    keep_or_make_map
    exit
fi

# Of the volumes in this container only the queue's is Postfix's. Rspamd's belongs to a user of another image.
mailstate apply --layout mailcow --only postfix-spool ||
    say "mailstate apply ended with $?, see above; Postfix starts all the same"

# The host's name is MAILCOW_HOSTNAME.
mailstate sni --certs /etc/ssl/mail --out "$map" --postmap || {
    say "mailstate sni ended with $?, see above"
    keep_or_make_map
}
