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
causes="a read-only mount, userns-remap, SELinux?"

say() { echo "mailstate.sh: $*" >&2; }

# A map that has these lines already is not written.
map_has() { [[ -f $map && $(<"$map") == "$1" ]]; } 2>/dev/null
write_map() {
    map_has "$1" && return
    printf '%s' "$1${1:+$'\n'}" >"$map.new" && chmod 644 "$map.new" && mv -f "$map.new" "$map"
} 2>/dev/null

# Of what Postfix needs, the first that even root may not read. SELinux refuses to look at it as well, so that it seems to
# be absent: the directory's listing has it, which the brackets make bash ask for.
unreadable_file() {
    local file
    shopt -s nullglob
    for file in "$certificates" "$certificates"/{*,*/{domain[s],cert.pe[m],key.pe[m]}}; do
        [[ -r $file || (-L $file && ! -e $file) ]] || { echo "$file" && return; }
    done
}

# Postfix skips a line whose files it cannot read, and has it again when it can.
keep_map_of_unreadable() {
    local file
    file=$(unreadable_file)
    [[ -n $file && -s $map ]] && say "$file cannot be read ($causes): $map stays unchanged"
}

# What can be served. Where nothing can, fall_back has the word.
write_checked_map() {
    local lines code names
    lines=$(mailstate sni --certs "$certificates") # the host's name is MAILCOW_HOSTNAME
    code=$?
    ((code == 0)) || say "mailstate sni ended with $code, see above"
    [[ $code == 0 && -n $lines ]] || return 1
    names=$(wc -l <<<"$lines")
    if map_has "$lines"; then
        echo "sni: names in $map: $names, as before"
    elif ! keep_map_of_unreadable; then
        write_map "$lines" && echo "sni: names written to $map: $names"
    fi
}

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

# Where extra.cf names a map that does not exist, no client that sends a name gets a certificate.
fall_back() {
    keep_map_of_unreadable && return
    if write_map "$(unchecked_lines 2>/dev/null)"; then
        say "$map has the names of all folders, unchecked"
    elif [[ -e $map || ! -x $conf ]]; then
        say "$conf cannot be written ($causes): $map stays unchanged"
    else
        say "$conf cannot be written ($causes), and $map does not exist: remove its line from extra.cf"
    fi
}

# A map that an earlier version compiled, with copies of the keys in it. mailcow's start puts extra.cf after this line.
names_compiled_map() {
    { sed '/Overrides/q' "$conf/main.cf" && cat "$conf/extra.cf"; } 2>/dev/null |
        grep -Eq "^[^#]*[=,[:space:]]hash:$map([,[:space:]]|\$)"
}

compile_map() {
    say "extra.cf names hash:$map, which keeps copies of the keys; change it to texthash:$map, then restart"
    [[ -e $map ]] && chmod 600 "$map" && { [[ ! -e $map.db ]] || chmod 600 "$map.db"; } && postmap -F "hash:$map"
}

if ! mailstate --version >/dev/null; then
    say "data/mailstate/mailstate does not run: check that it exists, is executable, and is mounted in docker-compose.override.yml (:z with SELinux)"
    fall_back
else
    # Of the volumes in this container only the queue's is Postfix's.
    mailstate apply --layout mailcow --only postfix-spool --log-level "${MAILSTATE_LOG_LEVEL:-warn}" ||
        say "mailstate apply ended with $?, see above; Postfix starts anyway"
    write_checked_map || fall_back
fi
if names_compiled_map; then compile_map; else rm -f "$map.db" 2>/dev/null; fi
