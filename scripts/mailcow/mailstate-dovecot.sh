#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook of mailcow's Dovecot container: data/hooks/dovecot/mailstate.sh, mode 755. The container's start writes sni.conf
# from the certificates' folders, unchecked, and then runs its hooks. This one writes the checked file in its place;
# where it cannot, or finds nothing that can be served, mailcow's own stays.
set -u

file=/etc/dovecot/sni.conf

say() { echo "mailstate.sh: $*; $file is as mailcow wrote it" >&2; }

if ! mailstate --version >/dev/null; then
    say "data/mailstate/mailstate does not run: is it there, executable, and in docker-compose.override.yml (:z with SELinux)?"
    exit
fi

mailstate sni --format dovecot --certs /etc/ssl/mail --out "$file.new"
code=$?
if ((code != 0)); then
    say "mailstate sni ended with $code, see above"
elif [[ ! -s $file.new ]]; then
    say "no certificate can be served by its name"
else
    mv -f "$file.new" "$file" && exit
fi
rm -f "$file.new"
