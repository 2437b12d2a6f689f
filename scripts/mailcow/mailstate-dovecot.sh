#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook of mailcow's Dovecot container: data/hooks/dovecot/mailstate.sh, mode 755. The container's start writes sni.conf
# from the certificates' folders, unchecked, and then runs its hooks. This one writes the checked file in its place;
# where it cannot, or finds nothing that can be served, mailcow's own stays.
set -u

file=/etc/dovecot/sni.conf

say() { echo "mailstate.sh: $*; $file is as mailcow wrote it" >&2; }

if ! mailstate --version >/dev/null; then
    say "data/mailstate/mailstate does not run: check that it exists, is executable, and is mounted in docker-compose.override.yml (:z with SELinux)"
    exit
fi

# mailstate writes the words of Dovecot 2.3; 2.4 does not start with them.
in_words_of() { # VERSION
    case $1 in
        2.[0-3].*) cat ;;
        2.4.*) sed 's/^  ssl_cert = </  ssl_server_cert_file = /; s/^  ssl_key = </  ssl_server_key_file = /' ;;
        *) return 1 ;;
    esac
}

version=$(dovecot --version)
blocks=$(mailstate sni --format dovecot --certs /etc/ssl/mail)
code=$?
if ((code != 0)); then
    say "mailstate sni ended with $code, see above"
elif ! blocks=$(in_words_of "$version" <<<"$blocks"); then
    say "Dovecot ${version:-without a version} may read it in other words than 2.4 does"
elif [[ -z $blocks ]]; then
    say "no certificate can be served for its name"
elif { echo "$blocks" >"$file.new" && mv -f "$file.new" "$file"; } 2>/dev/null; then
    echo "sni: names written to $file: $(grep -c local_name "$file")"
else
    rm -f "$file.new" 2>/dev/null
    say "/etc/dovecot cannot be written (a read-only mount, userns-remap, SELinux?)"
fi
