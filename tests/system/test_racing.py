#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Hostile neighbours: while apply and rollback work as root, a service's user swaps what they work on.

The attacks are those that succeeded on tools of this kind. A victim tree on the same filesystem, outside of every origin,
destination and .mailstate, must never be read, written or given away: its access times count too (strictatime).
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program, tree
from support.content import write
from support.image import write_accounts
from support.world import mount, unmount

UID, GID = 101, 104
SECRET = b"only for root"
SECONDS = float(os.environ.get("MAILSTATE_RACE_SECONDS", "7"))  # of each attack
LEAST = 20_000  # swaps of each of the five attacks
LAYOUT = {
    "name": "raced", "version": 1, "state_dir": "/var/mail-state", "defaults": {},
    "entries": [
        # The rules ask for another group and mode than the service gives its files: there is always something to change.
        {"name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis",
         "ownership": [{"match": "**", "owner": "redis", "group": "postdrop"},
                       {"match": "**", "kind": "file", "mode": "0644"},
                       {"match": "**", "kind": "directory", "mode": "2755"}]},
        # In a directory that the service owns, so that it can swap the origin itself.
        {"name": "inner", "origin": "/var/lib/service/data", "destination": "inner",
         "ownership": [{"match": "**", "owner": "redis", "group": "postdrop"}]}],
}
figures = Counter()


def identity(path):
    """Everything of an inode that reading, writing or giving away would change."""
    found = os.lstat(path)
    return (found.st_ino, found.st_mode, found.st_uid, found.st_gid, found.st_nlink, found.st_size, found.st_mtime_ns,
            found.st_ctime_ns, found.st_atime_ns)


class Racing(case.Case):
    def setUp(self):
        self.disk = self.make_scratch("disk")
        image = os.memfd_create("image")
        try:
            path = f"/proc/self/fd/{image}"
            run = {"check": True, "stdin": subprocess.DEVNULL, "pass_fds": [image]}
            subprocess.run(["truncate", "--size", "256M", path], **run)
            subprocess.run(["mkfs.ext4", "-q", "-F", path], **run)
            subprocess.run(["mount", "-o", "loop,strictatime", path, self.disk], **run)
        finally:
            os.close(image)
        self.addCleanup(unmount, self.disk)
        os.chmod(self.disk, 0o755)
        self.root, self.victim, self.volume = (f"{self.disk}/{name}" for name in ("root", "victim", "volume"))
        self.state = f"{self.root}/var/mail-state"
        for directory in ("var/mail-state", "var/lib/redis", "var/lib/service", "proc"):
            os.makedirs(f"{self.root}/{directory}")
        write_accounts(self.root)
        os.mkdir(self.volume)
        mount("--bind", self.volume, self.state)
        mount("-t", "proc", "proc", f"{self.root}/proc")
        for directory in ("redis", "service"):
            os.chown(f"{self.root}/var/lib/{directory}", UID, GID)
        self.layout = f"{self.disk}/layout.json"
        with open(self.layout, "w", encoding="utf-8") as file:
            json.dump(LAYOUT, file)
        self.make_victim()

    def make_victim(self):
        """Names that stand in the service's tree, too, so that a walk that was led here goes on."""
        os.makedirs(f"{self.victim}/inner/two")
        for name in ("secret", "file", "inner/secret", "inner/two/secret"):
            write(f"{self.victim}/{name}", SECRET, mode=0o600)
        os.chmod(self.victim, 0o755)
        # What anybody may write may be linked anywhere, fs.protected_hardlinks or not.
        write(f"{self.victim}/open", "for everybody", mode=0o666)

    def record(self):
        """Of each inode that the service's user itself cannot change."""
        names = (".", "secret", "file", "inner", "inner/secret", "inner/two", "inner/two/secret")
        nodes = {name: identity(f"{self.victim}/{name}") for name in names}  # without listing, which is reading
        for directory in ("etc", "", "var"):
            nodes[directory] = identity(f"{self.root}/{directory}")[:5]
        return nodes

    def assert_safe(self, before, outcome):
        self.assertEqual(before, self.record(), f"the victim was touched\n{outcome}")
        opened = os.lstat(f"{self.victim}/open")
        self.assertEqual((opened.st_uid, opened.st_gid, opened.st_mode & 0o7777), (0, 0, 0o666), str(outcome))

    def assert_nothing_copied(self):
        for top in (f"{self.root}/var", self.volume):
            found = subprocess.run(["grep", "-rlF", "--devices=skip", SECRET.decode(), top], capture_output=True,
                                   check=False)
            self.assertEqual(found.stdout, b"", "a secret was copied")

    def run_verb(self, verb):
        outcome = program.run([verb, "--root", self.root, "--layout", self.layout, "--output", "json"])
        self.assertIn(outcome.status, (program.DONE, program.MIDWAY), str(outcome))
        figures["runs"] += 1
        for entry in outcome.json()["entries"]:
            figures[f"{verb} {entry['decision']}"] += 1
        return outcome

    def empty_displaced(self):
        displaced = f"{self.volume}/.mailstate/displaced"
        for name in os.listdir(displaced):
            path = f"{displaced}/{name}"
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)

    def take_out_hard_links(self, top):
        for name in ("hard", "hard-secret", "file", "plain"):
            path = f"{top}/{name}"
            with contextlib.suppress(FileNotFoundError):  # the racer stops a moment after it was told to
                if os.lstat(path).st_nlink > 1:
                    os.unlink(path)

    def undisturbed(self, racer, verb, top):
        """Gets the entry to where it can be attacked next: against the racer alone it would hardly ever get there."""
        racer.send_signal(signal.SIGSTOP)
        self.take_out_hard_links(top)
        outcome = self.run_verb(verb)
        racer.send_signal(signal.SIGCONT)
        return outcome

    def rounds(self, how, who, top, victim, seconds=SECONDS, enough=lambda: True):
        """The racer, once for each round to be run against it, until time, swaps and what is `enough` have been had."""
        swaps, counter = 0, os.memfd_create("swaps")
        racer = subprocess.Popen([os.environ["RACER"], *map(str, who), top, victim, how], stdout=counter, cwd="/")
        try:
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline or swaps < LEAST or not enough():
                yield racer
                self.assertIsNone(racer.poll(), "the racer has ended")
                swaps = int.from_bytes(os.pread(counter, 8, 0), sys.byteorder)
                self.assertLess(time.monotonic(), deadline + 120, f"{how}: only {swaps} swaps")
        finally:
            racer.kill()
            racer.wait()
            os.close(counter)
        figures["swaps"] += swaps
        print(f"{how}: {swaps} swaps", end=", ", file=sys.stderr)

    def race(self, how, tree):
        before, top, start = self.record(), f"{self.root}{tree}", dict(figures)
        with contextlib.closing(self.rounds(how, (UID, GID), top, self.victim)) as rounds:
            for racer in rounds:
                for verb in ("apply", "apply"):
                    self.assert_safe(before, self.run_verb(verb))
                self.assert_safe(before, self.undisturbed(racer, "apply", top))
                for verb in ("apply", "apply", "rollback"):  # the owners of a tree in place; the way back
                    self.assert_safe(before, self.run_verb(verb))
                self.assert_safe(before, self.undisturbed(racer, "rollback", top))
                self.empty_displaced()
        print(f"{figures['runs'] - start.get('runs', 0)} runs", file=sys.stderr)
        self.assert_nothing_copied()
        for reached in ("apply in-place", "rollback roll-back"):
            self.assertGreater(figures[reached], start.get(reached, 0), f"never in the race: {reached}")
        self.take_out_hard_links(top)
        self.assert_safe(before, self.run_verb("apply"))
        self.assertEqual(os.listdir(f"{self.volume}/.mailstate/staging"), [])

    def test_whoever_follows_is_seen(self):
        """The other tests can fail."""
        before = self.record()
        os.symlink(self.victim, f"{self.root}/var/lib/redis/link")
        for careless in ("true", "cat link/secret", "ls link/", "chown 0:0 link/inner", "touch link/inner/two/new"):
            subprocess.run(careless, shell=True, cwd=f"{self.root}/var/lib/redis", capture_output=True, check=True)
            seen = self.record()
            self.assertEqual(seen == before, careless == "true", careless)
            before = seen

    def test_hard_links_planted_while_owners_change(self):
        """systemd-tmpfiles followed hard links to files of others (CVE-2017-18078)."""
        self.race("hard-links", "/var/lib/redis")

    def test_directories_swapped_for_links(self):
        """systemd-tmpfiles followed links in the parts of a path (CVE-2018-6954)."""
        self.race("directories", "/var/lib/redis")

    def test_files_swapped_for_links_and_fifos(self):
        """OpenRC's checkpath looked, and then changed the owner of what was there by then (CVE-2018-21269)."""
        self.race("files", "/var/lib/redis")

    def test_an_origin_swapped_for_a_link(self):
        """runc prepared a mount's target, and used what was there by then (CVE-2021-30465)."""
        self.race("origin", "/var/lib/service/data")

    def test_a_rehearsals_scratch_swapped_for_a_link(self):
        """Whoever looked its path up again would find the originals there: "root" is a name in the scratch, too."""
        for number in range(300):
            write(f"{self.root}/var/lib/redis/{number}", f"content {number}\n" * 50, (UID, GID))
        spare, compared = f"{self.disk}/spare", 0
        os.mkdir(spare, 0o700)
        before = tree.manifest(self.root, cross=False)
        race = self.rounds("scratch", (0, 0), spare, self.disk, SECONDS / 2, enough=lambda: compared > 0)
        with contextlib.closing(race) as rounds:
            for racer in rounds:
                outcome = program.run(["rehearse", "--root", self.root, "--layout", self.layout, "--scratch", spare,
                                       "--output", "json"])
                # Blocked: it was swapped before it could be opened.
                self.assertIn(outcome.status, (program.DONE, program.NOT_AS_IT_SHOULD_BE, program.BLOCKED), str(outcome))
                self.assert_untouched(before, tree.manifest(self.root, cross=False))
                steps = {step["name"]: step["outcome"] for step in outcome.json().get("rehearsal", {}).get("steps", [])}
                compared += steps.get("compare") == "done"
                racer.send_signal(signal.SIGSTOP)
                for name in os.listdir(spare):  # what it took for another's, and left
                    path = f"{spare}/{name}"
                    os.unlink(path) if os.path.islink(path) else os.rmdir(path)
                racer.send_signal(signal.SIGCONT)
        print(f"{compared} whole rehearsals", file=sys.stderr)

    def test_everything_at_once(self):
        self.race("everything", "/var/lib/redis")

    @classmethod
    def tearDownClass(cls):
        print("racing, with 0 escapes unless a test failed: " +
              ", ".join(f"{number} {what}" for what, number in sorted(figures.items())), file=sys.stderr)


if __name__ == "__main__":
    case.main()
