#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Two machines that move the same entry to one volume whose locks exclude nobody: NFSv3 mounted with `nolock`.

A few pairs are part of test_nfs.py. More, inside the guest:

    guest.py --limit 3600 lab/guest/nfs_pairs.py --held 20 --free 200 [--hold SECONDS] [--files N]
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", ".."), HERE]
import nfs_case
from support import program
from support.content import write

ENTRY, ORIGIN, DESTINATION = "rspamd", "/var/lib/rspamd", "lib-rspamd"
RUN = ("apply", "--only", ENTRY, "--jobs", "1", "--lock-timeout", "60")
# A run may find that another one was faster and leave the rest to the next run.
FAIR = (program.DONE, program.MIDWAY, program.LOCKED)


class Pair:
    """Two containers, each with mail of its own, and what was seen of it afterwards."""

    def __init__(self, case, files):
        self.case, self.server = case, case.server_directory()
        self.containers = [case.make_container(case.mount_client(self.server, options="nolock")) for _ in range(2)]
        self.contents, self.last = set(), None
        for number, container in enumerate(self.containers):
            for file in range(files):
                for name, text in ((f"own-{number}-{file}", f"mail {file} of {number}\n"),
                                   (f"same-{file}", f"mail {file} of either, here of {number}\n")):
                    write(f"{container.path(ORIGIN)}/{name}", text, (102, 105))
                    self.contents.add(text)

    def start(self, container, *strace):
        command = [*strace, program.binary(), *container.arguments(*RUN)]
        process = subprocess.Popen(command, env={**program.CLEAN, **container.environment()}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.command = command
        return process

    def remove(self):
        """Else a hundred of them fill the export."""
        shutil.rmtree(self.server)

    def lost(self):
        """Contents that are nowhere: neither on the volume, as the server has it, nor at the origins."""
        found = set()
        for top in (self.server, *(container.path(ORIGIN) for container in self.containers)):
            for directory, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(directory, name)
                    if name.startswith(("own-", "same-")):
                        with open(path, encoding="ascii") as file:
                            found.add(file.read())
        return self.contents - found

    def links(self, container):
        """A run that meets what its client does not know yet leaves the entry, warns, and is to be started again."""
        self.last = container.run(*RUN)
        self.case.assert_done(self.last)
        return container.link(ORIGIN) == f"/var/mail-state/{DESTINATION}"

    def wait_for_link(self, container):
        """An NFS client may believe what it knows of a directory for acdirmax, which is 60 s: nfs(5)."""
        deadline = time.monotonic() + 75
        while not self.links(container):
            self.case.assertLess(time.monotonic(), deadline, f"no run saw what the other one did; the last:\n{self.last}")

    def judge(self, processes):
        outcomes = [program.finish(process) for process in processes]
        for outcome in outcomes:
            self.case.assertIn(outcome.status, FAIR, str(outcome))
        self.case.assertEqual(self.lost(), set(), "\n".join(map(str, outcomes)))
        # Each of them again, and a container that is made anew: all are done, and nothing is lost by it.
        third = self.case.make_container(self.case.mount_client(self.server, options="nolock"))
        for container in (*self.containers, third):
            self.wait_for_link(container)
        self.case.assertEqual(self.lost(), set())
        self.case.assert_no_litter(self.server)


def strace(*injections):
    return ("strace", "-f", "-qq", "-o", "/dev/null", *injections)


def hold_renames_of(name, seconds):
    return strace("-P", name, "-e", "trace=renameat2", "-e", f"inject=renameat2:delay_enter={int(seconds * 1e6)}")


def hold_unlinks(seconds):
    return strace("-e", "trace=unlinkat", "-e", f"inject=unlinkat:delay_enter={int(seconds * 1e6)}")


class PairsWithoutLocks:
    """The publishing of the first is held while the second one works; and pairs that nobody holds."""
    held, free, hold, files = 1, 4, 3, 12

    def test_pairs_of_which_the_first_is_held_while_it_publishes(self):
        for _ in range(self.held):
            pair = Pair(self, self.files)
            first = pair.start(pair.containers[0], *hold_renames_of(DESTINATION, self.hold / 2))  # it is tried twice
            staging = f"{pair.server}/.mailstate/staging"
            self.wait_until(lambda: os.path.isdir(staging) and any(n.startswith(ENTRY) for n in os.listdir(staging)),
                            "the beginning of a copy")
            time.sleep(0.3 + self.files / 200)
            second = pair.start(pair.containers[1], *hold_unlinks(0.2))
            pair.judge([first, second])
            pair.remove()

    def test_pairs_that_start_up_to_a_second_apart(self):
        seed = random.randrange(2**32)
        print(f"seed {seed} ... ", end="")
        chance = random.Random(seed)
        for _ in range(self.free):
            pair = Pair(self, self.files)
            first = pair.start(pair.containers[0])
            time.sleep(chance.random())
            pair.judge([first, pair.start(pair.containers[1])])
            pair.remove()


    def miss_the_last_change(self, client, path, aside):
        """Leaves the client with a wrong idea of the path: two changes within one tick of the server's clock."""
        def sees():
            directory = os.open(os.path.dirname(client), os.O_RDONLY | os.O_DIRECTORY)  # close-to-open
            try:
                return os.path.exists(client)
            finally:
                os.close(directory)

        def misses_it():
            os.rename(path, aside)
            is_gone = not sees()
            os.rename(aside, path)
            time.sleep(0.05)
            return is_gone and not sees()

        self.wait_until(misses_it, "a change that the client does not notice", 60)

    def test_a_client_that_does_not_notice_what_the_other_one_published(self):
        pair = Pair(self, self.files)
        late, early = pair.containers
        self.assert_done(early.run(*RUN))
        self.miss_the_last_change(f"{late.state}/{DESTINATION}", f"{pair.server}/{DESTINATION}",
                                  f"{os.path.dirname(pair.server)}/aside")
        first = late.run(*RUN, "--output", "json")
        self.assert_finding(first, "volume.shared")
        self.assertEqual(pair.lost(), set())
        self.assertTrue(pair.links(late), pair.last)  # it was published once, and not believed to be absent for ever
        self.assertEqual(pair.lost(), set())


class All(PairsWithoutLocks, nfs_case.Case):
    version, backing = "3", "tmpfs"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held", type=int, default=20)
    parser.add_argument("--free", type=int, default=200)
    parser.add_argument("--hold", type=float, default=6)
    parser.add_argument("--files", type=int, default=40)
    All.held, All.free, All.hold, All.files = vars(parser.parse_args()).values()
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
