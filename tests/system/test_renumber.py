#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A later image gives the same users other numbers; what is on the volume belongs to the same names afterwards."""

import os
import sys
from dataclasses import replace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, tree
from support.content import write


class ARenumberedImage(case.Case):
    def setUp(self):
        self.world = self.make_world()
        # An entry without rules that holds files of several users: only their names can tell whose they are.
        users, groups = self.world.users, self.world.groups
        for name in ("redis", "postfix", "clamav", "nobody"):
            group = groups.get(name, groups["nogroup"])
            write(f"{self.world.image}/var/lib/dovecot/of {name}", name, (users[name], group), 0o6755)
        write(f"{self.world.image}/var/lib/dovecot/of nobody known", "4711", (4711, 4712), 0o640)
        self.world.stop_container()
        self.world.start_container()
        self.assert_done(self.world.run("apply"))

    def state(self):
        return tree.without(tree.manifest(self.world.state), ".mailstate")

    def translated(self, nodes, users, groups):
        """A manifest with each owner's new number, by name; a file that changes hands has no SUID and SGID any more."""
        to_uid = {old: users.get(name, old) for name, old in self.world.users.items()}
        to_gid = {old: groups.get(name, old) for name, old in self.world.groups.items()}
        translated = {}
        for path, node in nodes.items():
            uid, gid = to_uid.get(node.uid, node.uid), to_gid.get(node.gid, node.gid)
            changes_hands = node.kind == "file" and (uid, gid) != (node.uid, node.gid)
            translated[path] = replace(node, uid=uid, gid=gid, mode=node.mode & ~0o6000 if changes_hands else node.mode)
        return translated

    def recreate(self, users, groups):
        wanted = self.translated(self.state(), users, groups)
        self.world.recreate(users=users, groups=groups)
        self.assert_done(self.world.run("apply"))
        self.assert_linked(self.world)
        self.assert_same(wanted, self.state(), times_of_directories=False)
        before = tree.manifest(self.world.state)
        self.assert_done(self.world.run("apply"))
        self.assert_untouched(before, tree.manifest(self.world.state))
        self.assert_done(self.world.run("verify"))

    def test_new_numbers(self):
        self.recreate({"redis": 300, "postfix": 301, "_rspamd": 302}, {"redis": 400, "postdrop": 401})

    def test_numbers_swapped_between_users(self):
        users, groups = self.world.users, self.world.groups
        self.recreate({"redis": users["postfix"], "postfix": users["redis"]},
                      {"redis": groups["postdrop"], "postdrop": groups["redis"]})

    def test_numbers_going_round_among_three_users(self):
        users = self.world.users
        self.recreate({"redis": users["clamav"], "clamav": users["postfix"], "postfix": users["redis"]}, {})

    def test_back_and_forth(self):
        users = {"redis": self.world.users["redis"], "clamav": self.world.users["clamav"]}
        self.recreate({"redis": users["clamav"], "clamav": users["redis"]}, {})
        self.recreate(users, {})

    def test_a_quick_ownership_pass_sees_it_too(self):
        users = self.world.users
        wanted = self.translated(self.state(), {"redis": 555, "postfix": users["redis"]}, {})
        self.world.recreate(users={"redis": 555, "postfix": users["redis"]})
        self.assert_done(self.world.run("apply", "--ownership", "quick"))
        self.assert_same(wanted, self.state(), times_of_directories=False)


if __name__ == "__main__":
    case.main()
