#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Volumes on NFS, v3 and v4.2, over tmpfs and ext4: runs inside the guest (guest.py)."""

import os
import signal
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", ".."), HERE]
import nfs
import nfs_case
import nfs_pairs
from support import program, tree
from support.content import access_list, write

SECRET = "/etc/postsrsd.secret"
REDIS = (101, 104)


class MovingOverNfs:
    """The bulk of the work, on every kind of export."""

    def test_everything_is_moved_and_a_second_apply_changes_nothing(self):
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        before = self.manifests(container)
        self.assert_done(container.run("apply"))
        self.assert_moved(container, before, server)
        self.assert_no_litter(server)
        self.assert_settled(container)
        seen = tree.manifest(server), self.everything(container)
        self.assert_done(container.run("apply"))
        self.assert_untouched(seen[0], tree.manifest(server))
        self.assert_untouched(seen[1], self.everything(container))

    def test_root_squash_leaves_every_origin_as_it_was(self):
        for owner, mode in ((65534, 0o755), (0, 0o755), (0, 0o1777)):
            with self.subTest(f"the export belongs to {owner}, mode {mode:04o}"):
                server = self.server_directory("root_squash")
                os.chown(server, owner, owner)
                os.chmod(server, mode)
                container, = self.make_containers(server, 1)
                before = self.everything(container)
                outcome = self.assert_done(container.run("apply", "--output", "json"))
                self.assert_finding(outcome, "volume.root-squash", "no_root_squash", "mkdir", "chown 101:104 lib-redis")
                self.assert_untouched(before, self.everything(container))
                self.assertEqual([n for n in os.listdir(server) if n != ".mailstate"], [])
                self.assert_no_litter(server)


class SharingOverNfs:
    """More than one client, a service that works as itself, and what NFS does otherwise than a disk."""

    def start_redis(self, directory):
        """The real one, as its user, with no data to load."""
        own = self.make_scratch("redis")
        os.chown(own, *REDIS)
        socket = f"{own}/socket"
        server = subprocess.Popen(["setpriv", "--reuid=101", "--regid=104", "--clear-groups", "redis-server", "--port", "0",
                                   "--unixsocket", socket, "--dir", directory, "--dbfilename", "saved.rdb", "--save", ""],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.wait_until(lambda: os.path.exists(socket), "the start of Redis")
        return lambda *words: subprocess.run(["redis-cli", "-s", socket, *words], check=True, capture_output=True,
                                             text=True).stdout.strip()

    def test_other_owners_of_what_root_makes_are_told_apart(self):
        for squash, code, words in (("all_squash", "volume.all-squash", ["no_all_squash"]),
                                    ("anonuid", "volume.root-squash", ["anonuid=1005", "no_root_squash"])):
            with self.subTest(squash):
                server = self.server_directory(squash)
                os.chmod(server, 0o1777)
                container, = self.make_containers(server, 1)
                before = self.everything(container)
                for _ in range(2):
                    self.assert_finding(self.assert_done(container.run("apply", "--output", "json")), code, *words)
                self.assert_untouched(before, self.everything(container))
                self.assertEqual([n for n in os.listdir(server) if n != ".mailstate"], [])

    def test_under_root_squash_a_service_moves_as_itself_into_its_own_directory(self):
        for owner in (0, 65534):
            with self.subTest(f"the export belongs to {owner}"):
                server = self.server_directory("root_squash")
                os.chown(server, owner, owner)
                os.mkdir(f"{server}/lib-redis")
                os.chown(f"{server}/lib-redis", *REDIS)
                os.chmod(f"{server}/lib-redis", 0o750)
                container, = self.make_containers(server, 1)
                before = self.manifests(container)
                outcome = self.assert_done(container.run("apply", "--output", "json"))
                self.assert_finding(outcome, "volume.root-squash", "no_root_squash")
                self.assertEqual(container.link("/var/lib/redis"), "/var/mail-state/lib-redis")
                moved = tree.without(tree.manifest(f"{server}/lib-redis"), ".mailstate", ".")
                self.assertEqual({(node.uid, node.gid) for node in moved.values()}, {REDIS})
                self.assertEqual({path: node.content for path, node in moved.items()},
                                 {path: node.content for path, node in before.pop("/var/lib/redis").items() if path != b"."})
                for origin, nodes in before.items():
                    self.assert_untouched(nodes, tree.manifest(container.path(origin)))
                redis = self.start_redis(f"{container.state}/lib-redis")
                self.assertEqual((redis("SET", "key", "value"), redis("SAVE")), ("OK", "OK"))
                redis("SHUTDOWN", "NOSAVE")
                saved = os.stat(f"{server}/lib-redis/saved.rdb")
                self.assertEqual((saved.st_uid, saved.st_gid), REDIS)
                seen = tree.manifest(f"{server}/lib-redis")
                self.assert_done(container.run("apply"))
                returned = self.assert_done(container.run("rollback", "--output", "json"))
                self.assert_finding(returned, "rollback.root-squash", "redis", "no_root_squash")
                self.assertEqual(container.link("/var/lib/redis"), "/var/mail-state/lib-redis")
                self.assert_same(tree.without(seen, ".mailstate"),
                                 tree.without(tree.manifest(f"{server}/lib-redis"), ".mailstate"))

    def mark(self, containers):
        """Content that only one of the containers has; of the secret the last one has the newest."""
        contents = set()
        for number, container in enumerate(containers):
            for path, text in ((f"/var/lib/redis/of-{number}", f"only in {number}\n"), (SECRET, f"secret {number}\n")):
                write(container.path(path), text, time=(1_800_000_000 + number) * 10**9)
                contents.add(text)
        return contents

    def test_two_clients_that_start_at_once_both_end_right(self):
        server = self.server_directory()
        containers = self.make_containers(server, 2)
        self.mark(containers)
        for process in [container.start("apply") for container in containers]:
            self.assert_done(program.finish(process))
        for container in containers:
            self.assert_settled(container)
        self.assert_no_litter(server)
        self.assert_kept({"only in 0\n", "only in 1\n"}, server)

    def test_a_client_that_looked_in_vain_sees_what_another_one_made_since(self):
        """The second client believes for 30 seconds that a name which it did not find is not there."""
        server = self.server_directory()
        os.mkdir(f"{server}/etc")
        os.chmod(f"{server}/etc", 0o755)
        first, second = containers = self.make_containers(server, 2)
        contents = self.mark(containers)
        self.assert_done(second.run("plan"))
        for name in ("etc/postsrsd.secret", "lib-redis", ".mailstate"):
            self.assertFalse(os.path.exists(f"{second.state}/{name}"))
        self.assert_done(first.run("apply"))
        self.assertFalse(os.path.exists(f"{second.state}/etc/postsrsd.secret"), "nothing was tested")
        self.assert_done(second.run("apply"))
        for container in containers:
            self.assert_settled(container)
        with open(f"{server}/etc/postsrsd.secret", encoding="ascii") as secret:
            self.assertEqual(secret.read(), "secret 0\n")
        self.assert_kept(contents - {"secret 1\n"}, server)  # each container makes one: it is disposable
        self.assert_no_litter(server)

    def test_what_one_client_wrote_last_is_what_the_other_one_reads(self):
        server = self.server_directory()
        first, second = containers = self.make_containers(server, 2)
        for container in containers:
            self.assert_done(container.run("apply"))
        for turn, container in enumerate((first, second, first)):
            for each in containers:
                each.renumber({"redis": 1000 + turn}, {})
            self.assert_done(container.run("apply"))
            for each in containers:
                self.assert_done(each.run("apply"))
                self.assert_settled(each)
            self.assertEqual(os.stat(f"{server}/lib-redis/dump.rdb").st_uid, 1000 + turn)

    def test_a_killed_holder_of_the_lock_blocks_nobody_for_longer_than_its_lease(self):
        server = self.server_directory()
        first, second = containers = self.make_containers(server, 2)
        self.mark(containers)
        holder = first.start("apply")
        lock = f"{server}/.mailstate/lock"
        self.wait_until(lambda: os.path.exists(lock) and os.stat(lock).st_size, "taking the lock")
        holder.send_signal(signal.SIGSTOP)
        self.assertIsNone(holder.poll(), "the first run ended before it could be stopped")
        self.assert_status(second.run("apply", "--lock-timeout", "1"), program.LOCKED)
        holder.kill()
        self.assertEqual(program.finish(holder).status, -signal.SIGKILL)
        self.assert_done(second.run("apply", "--lock-timeout", str(nfs.LEASE)))
        self.assert_done(first.run("apply"))
        for container in containers:
            self.assert_settled(container)
        self.assert_no_litter(server)
        self.assert_kept({"only in 0\n", "only in 1\n", "secret 1\n"}, server)

    def test_a_file_that_is_held_open_while_it_is_removed_keeps_its_directory(self):
        """NFS renames it to .nfsXXXX, which stays until it is closed: its directory is not empty until then."""
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        before = self.manifests(container)
        staging = f"{container.volume}/.mailstate/staging"
        names = [f"redis.00112233445566a{number}" for number in range(6)]  # of runs that were cut off
        for name in names:
            os.makedirs(f"{staging}/{name}/below", mode=0o700)
            write(f"{staging}/{name}/below/file", "half a copy")
        for path in (staging, f"{container.volume}/.mailstate"):
            os.chmod(path, 0o700)
        held = names[2]
        with open(f"{staging}/{held}/below/file", "rb"):
            self.assert_done(container.run("apply"))
            self.assert_moved(container, before, server)
            left, = os.listdir(staging)
            self.assertTrue(left.startswith(held), left)  # claimed: it has a name of that run now
            self.assert_done(container.run("verify"))
        os.chown(f"{container.volume}/lib-redis/dump.rdb", 0, 0)  # something to do
        self.assert_done(container.run("apply"))
        self.assert_settled(container)

    def test_a_stale_file_that_is_held_open(self):
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        self.assert_done(container.run("apply"))
        pids = f"{container.volume}/spool-postfix/pid"
        write(f"{pids}/master.pid", "999999\n")
        with open(f"{pids}/master.pid", "rb"):
            self.assert_done(container.run("apply"))
            self.assertNotIn("master.pid", os.listdir(f"{server}/spool-postfix/pid"))
            self.assert_done(container.run("apply"))
            self.assert_settled(container)
        self.wait_until(lambda: os.listdir(f"{server}/spool-postfix/pid") == [], "the removal of .nfsXXXX")

    def test_a_volume_that_vanished_on_the_server(self):
        """ESTALE for whatever is asked of it; mounted anew, everything is moved."""
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        before = self.everything(container)
        os.rmdir(server)
        outcome = container.run("apply")
        self.assert_status(outcome, program.BLOCKED)
        self.assertIn("ESTALE", outcome.out + outcome.err)
        self.assert_untouched(before, self.everything(container))
        container.stop_container()
        server = self.server_directory()
        container.volume = self.mount_client(server)
        container.start_container()
        then = self.manifests(container)
        self.assert_done(container.run("apply"))
        self.assert_moved(container, then, server)

    def test_an_acl_is_kept_or_its_entry_is_left_alone(self):
        server = self.server_directory()
        container, = self.make_containers(server, 1)
        directory = container.path("/var/lib/fail2ban")
        os.chmod(directory, 0o750)
        os.setxattr(directory, "system.posix_acl_access", access_list(997, 5))
        before = tree.manifest(directory)
        outcome = self.assert_done(container.run("apply", "--output", "json"))
        if self.version == "3":
            self.assert_same(before, tree.manifest(f"{server}/lib-fail2ban"))
            return
        self.assertEqual(outcome.entries()["/var/lib/fail2ban"]["outcome"], "failed")
        self.assertIn("system.posix_acl_access", str(outcome))
        self.assert_untouched(before, tree.manifest(directory))
        self.assert_no_litter(server)


class V3OnExt4(MovingOverNfs, SharingOverNfs, nfs_case.Case):
    version, backing = "3", "ext4"


class V42OnTmpfs(MovingOverNfs, SharingOverNfs, nfs_case.Case):
    version, backing = "4.2", "tmpfs"

    def test_a_machine_that_is_cut_off_while_it_holds_the_lock(self):
        """NFSv4 takes the lock away when its lease has run out. (NFSv3 has no leases: who waits there gives up.)"""
        server = self.server_directory()
        machine = nfs.FarMachine()
        self.addCleanup(machine.remove)
        first = self.make_container(self.mount_client(server, machine))
        second, = self.make_containers(server, 1)
        holder = first.start("apply")
        self.addCleanup(holder.kill)
        staging = f"{server}/.mailstate/staging"
        self.wait_until(lambda: os.path.isdir(staging) and os.listdir(staging), "the beginning of a copy")
        holder.send_signal(signal.SIGSTOP)
        self.assertIsNone(holder.poll(), "the first run ended before it could be stopped")
        self.assert_status(second.run("apply", "--lock-timeout", "1"), program.LOCKED)
        machine.connect("down")
        begun = time.monotonic()
        self.assert_done(second.run("apply", "--lock-timeout", str(3 * nfs.LEASE)))
        print(f"done after {time.monotonic() - begun:.1f} s, the lease has {nfs.LEASE} s ... ", end="")
        machine.connect("up")
        holder.kill()
        program.finish(holder)
        # What the killed run had written and the server never got is reported to whoever syncs next, once: one entry
        # stays at its origin for that.
        for _ in range(2):
            self.assert_done(first.run("apply"))
        # They mount the volume by different addresses: to each it is another one until it has tested what it can do.
        for container in (first, second):
            self.assert_done(container.run("apply"))
            self.assert_settled(container)
        self.assert_no_litter(server)


class V3OnTmpfs(MovingOverNfs, nfs_pairs.PairsWithoutLocks, nfs_case.Case):
    version, backing = "3", "tmpfs"


class V42OnExt4(MovingOverNfs, nfs_case.Case):
    version, backing = "4.2", "ext4"


if __name__ == "__main__":
    unittest.main(verbosity=2)
