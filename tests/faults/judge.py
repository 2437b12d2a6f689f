# SPDX-License-Identifier: MIT
"""What must hold after a disturbed run, and after the run that follows it."""

import json
import os
import re
from dataclasses import replace

from support import tree
from support.ledger import newest as newest_ledger

WORKSPACE = b"var/mail-state/.mailstate"
# What only destinations are in: one that is published, and taken back, leaves a time there.
FOLDERS = (WORKSPACE, b"var/mail-state", b"var/mail-state/etc")
DISPLACED = re.compile(rb"\d{8}T\d{6}Z-(?P<entry>[a-z]+)(\.\d+)?(\.[0-9a-f]{16})?(?P<manifest>\.json)?(?P<below>/.*)?")
RECORD = re.compile(rb"/\.mailstate\.rollback-[^/]+/record$")  # of a roll back: a name of its own each time
# A ledger that a killed run was writing goes with the next run that has work.
OF_THE_WORKSPACE = re.compile(rb"lock|staging(/ledger\.[0-9a-f]{16})?|displaced|ledger\.[1-9][0-9]*\.json|history\.jsonl")
NOW = -1  # in place of a time since the run began
SENSIBLE = {0, 4, 5, 75}
BAD_FILE = 65  # where the layout could not be read


class Snapshot:
    """A world as it stands: nodes by path, with what is in no order and of no matter taken out."""

    def __init__(self, root, begun):
        self.nodes = tree.manifest(root)
        self.state, self.odd, self.set_aside_twice = {}, [], 0
        displaced = {}
        for path, node in self.nodes.items():
            if not path.startswith(WORKSPACE + b"/"):
                node = replace(node, content="") if RECORD.search(path) else node
                self.state[path] = replace(node, mtime_ns=NOW) if path in FOLDERS else without_time(node, begun)
                continue
            inside = path[len(WORKSPACE) + 1:]
            if inside.startswith(b"displaced/"):
                self.add_displaced(displaced, inside[len(b"displaced/"):], without_time(node, begun))
            elif not OF_THE_WORKSPACE.fullmatch(inside):
                self.odd.append(f"left in the workspace: {inside!r}")
        self.state.update(displaced)
        # What is staged only, does not count: the next run removes it.
        self.contents = {(n.kind, n.content) for n in self.state.values() if n.kind == "file"}

    def add_displaced(self, displaced, path, node):
        """Trees set aside for one entry count as one; a file that is the same in two of them was set aside twice."""
        match = DISPLACED.fullmatch(path)
        if not match:
            return self.odd.append(f"left in displaced: {path!r}")
        if match["manifest"]:
            return None
        key = b"displaced/" + match["entry"] + (match["below"] or b"")
        if not match["below"]:
            node = replace(node, mtime_ns=NOW)
        if node.kind == "directory":  # of several trees, each may have it with other rights
            key += f"#{node.mode:o} {node.uid} {node.gid} {node.xattrs}".encode()
            node = replace(node, mtime_ns=max(node.mtime_ns, displaced.get(key, node).mtime_ns))
        elif node.kind == "file":  # the same name may have been set aside with other content before
            key += b"#" + node.content[:16].encode()
            self.set_aside_twice += key in displaced
        displaced[key] = node
        return None


def without_time(node, begun):
    return replace(node, mtime_ns=NOW) if node.mtime_ns >= begun else node


def ledger(root):
    """What of the ledger must be the same whatever happened on the way."""
    with open(newest_ledger(f"{root}/{os.fsdecode(WORKSPACE)}"), encoding="utf-8") as file:
        found = json.load(file)
    return {"phases": {name: entry["phase"] for name, entry in found["entries"].items()},
            "staging": [entry.get("staging") for entry in found["entries"].values() if entry.get("staging")],
            "identities": found.get("identities"), "translation": found.get("translation")}


def lost(before, after, undisturbed):
    """Contents that were there at the beginning, that an undisturbed run keeps, and that are gone."""
    return (before.contents & undisturbed.contents) - after.contents


def names_of(snapshot, contents):
    return sorted(os.fsdecode(p) for p, n in snapshot.nodes.items() if (n.kind, n.content) in contents)


def wrong_answer(outcome, before, between, undone):
    """What is wrong with what a disturbed run said of itself, given what it left, and what of it is not as wanted."""
    if outcome.status not in SENSIBLE | {BAD_FILE} and not outcome.interrupted:
        return f"exit {outcome.status}\n{outcome}"
    if outcome.status in (4, BAD_FILE):
        # A workspace that was begun, empty but for the lock, is no change of anybody's state.
        changes = [line for line in tree.differences(before.state, between.state, times_of_directories=False)
                   if "var/mail-state/.mailstate'" not in line and "/.mailstate-staging." not in line]
        return f"exit {outcome.status}, 'nothing was changed', but: {changes[:5]}\n{outcome}" if changes else ""
    if outcome.status == 0 and undone:
        worst = {finding["severity"] for finding in outcome.findings()}
        if not worst & {"warning", "error"}:
            return f"exit 0 and no finding, but not everything is done\n{outcome}"
    return ""
