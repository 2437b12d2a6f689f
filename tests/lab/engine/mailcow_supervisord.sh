#!/bin/bash
# SPDX-License-Identifier: MIT
# supervisord as mailcow's containers have it, written anew: a service that ends is started again; SIGTERM reaches it.
trap 'kill "$child" 2>/dev/null; wait "$child"; exit 0' TERM
while true; do
    if [[ -e /opt/postfix.sh ]]; then /opt/postfix.sh & else dovecot -F & fi
    child=$!
    wait "$child"
    sleep 1
done
