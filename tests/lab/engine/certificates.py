# SPDX-License-Identifier: MIT
"""A certificates' folder as mailcow has it, with one of each kind, and what clients get of it by which name."""

import os
import re
import subprocess

from support.content import write

HOST = "mail.example.test"
WRONG_KEY, EXPIRED = "bad.example.test", "old.example.test"

# What a client names, and the certificate that it gets: where mailcow's own start has written the map, where sni has,
# and where the hook has written it without sni. "": no handshake. Of wildcards, Postfix knows only the form with a
# leading dot, which mailcow does not write.
IMAP, UPPER, WILD, SUB, IDN = ("imap.example.test", "upper.example.test", "*.wild.test", "*.sub.wild.test",
                               "xn--bcher-kva.example")
NAMES = {
    "the host": (HOST, HOST, HOST, HOST),
    "a further name": ("smtp.example.test", IMAP, IMAP, IMAP),
    "a wildcard": ("a.wild.test", HOST, WILD, WILD),
    "a wildcard below it": ("a.sub.wild.test", HOST, SUB, SUB),
    "upper case": ("UPPER.EXAMPLE.TEST", UPPER, UPPER, UPPER),
    "a key of another": (WRONG_KEY, "", HOST, ""),
    "expired": (EXPIRED, EXPIRED, HOST, EXPIRED),
    "unknown": ("unknown.test", HOST, HOST, HOST),
    "an IDN": (IDN, HOST, IDN, HOST),
    "no name": ("", HOST, HOST, HOST),
}
MAILCOWS, OURS, UNCHECKED = 1, 2, 3


def make(directory, *names, domains="", days=9, edition=""):
    """edition: what a client sees besides the name, where one certificate comes after another."""
    os.makedirs(directory, exist_ok=True)
    key, request = f"{directory}/key.pem", f"{directory}/request"
    run = {"check": True, "capture_output": True}
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
                    "-out", request, "-subj", f"/CN={names[0]}{edition}", "-addext",
                    "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)], **run)
    subprocess.run(["openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", str(days),
                    "-copy_extensions", "copy", "-out", f"{directory}/cert.pem"], **run)
    os.remove(request)
    if domains:
        write(f"{directory}/domains", domains, mode=0o644)


def make_host(ssl, edition=""):
    make(ssl, HOST, "autoconfig.example.test", edition=edition)


def make_imap(ssl, edition=""):
    make(f"{ssl}/imap", IMAP, "smtp.example.test", domains=f"{IMAP} smtp.example.test", edition=edition)


def make_all(ssl):
    make_host(ssl)
    make_imap(ssl)
    make(f"{ssl}/wild", "*.wild.test", domains="*.wild.test")
    make(f"{ssl}/sub", "*.sub.wild.test", domains="*.sub.wild.test")
    make(f"{ssl}/upper", "upper.example.test", domains="UPPER.example.test")
    make(f"{ssl}/other", WRONG_KEY)
    make(f"{ssl}/bad", WRONG_KEY, domains=WRONG_KEY)
    os.replace(f"{ssl}/other/key.pem", f"{ssl}/bad/key.pem")
    os.remove(f"{ssl}/other/cert.pem")
    os.rename(f"{ssl}/other", f"{ssl}/backups")  # as acme-mailcow has it: folders that are for no name
    os.mkdir(f"{ssl}/acme")
    make(f"{ssl}/acme", "unknown.test")
    make(f"{ssl}/old", EXPIRED, domains=EXPIRED, days=-1)
    make(f"{ssl}/idn", "xn--bcher-kva.example", domains="bücher.example")


def expected(column, editions=()):
    """Name → what the client gets. editions: of the common names of those that were renewed."""
    return {row[0]: row[column] + dict(editions).get(row[column], "") for row in NAMES.values()}


def script(names, connect):
    """Of a shell: asks for all names at once, and prints what came by each."""
    asked, shown = [], []
    for number, name in enumerate(names):
        option = f"-servername '{name}'" if name else "-noservername"
        asked.append(f"echo QUIT | timeout 60 openssl s_client {connect} {option} >/tmp/{number} 2>&1 &")
        shown.append(f"echo 'name: {name}'; cat /tmp/{number}")
    return "\n".join([*asked, "wait", *shown])


def subjects(output):
    """Name → common name of the certificate that came; empty where none did."""
    found = {}
    for part in re.split(r"^name: ", output, flags=re.MULTILINE)[1:]:
        name, rest = part.split("\n", 1)
        subject = re.search(r"^subject=.*CN ?= ?(\S+)$", rest, re.MULTILINE)
        found[name] = subject[1] if subject else ""
    return found
