#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook of mailcow's Postfix container, in data/hooks/postfix/: the container's start runs it before Postfix. Puts
# owners and SGID bits of the queue right, on its volume, and writes the TLS SNI map. Neither keeps Postfix from starting.
set -u

mailstate apply --layout mailcow || echo "mailstate apply ended with $?, Postfix starts all the same" >&2

# The stock start writes sni.map anew each time, so this map has a name of its own. data/conf/postfix/extra.cf needs:
#   tls_server_sni_maps = hash:/opt/postfix/conf/mailstate-sni.map
map=/opt/postfix/conf/mailstate-sni.map
mailstate sni --certs /etc/ssl/mail --hostname "${MAILCOW_HOSTNAME:-}" --format postfix --out "$map" --postmap ||
    echo "mailstate sni ended with $?, $map is as it was" >&2
