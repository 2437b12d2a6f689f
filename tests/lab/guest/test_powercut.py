#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The power goes at any moment of an apply: nothing is lost, and the next start ends as an undisturbed one does.

usage: test_powercut.py FILESYSTEM [--cuts NUMBER]
  NUMBER of cuts to replay for each recording; without it, all. Runs inside the guest (guest.py).
"""

import argparse
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", ".."), HERE]
import power
from power import DISKS, FILESYSTEMS, ORIGIN, VOLUME
from support import case, tree
from write_log import make_image, run

ENTRIES = "redis,postfix-spool,postsrsd-secret,fail2ban,getmail"
COMMIT_POINTS = ("renameat2", "renameat", "unlinkat", "fsync", "syncfs", "symlinkat")
RENUMBERED = {"redis": 901, "amavis": 902}


def sample(cuts, number):
    """Evenly, three quarters of them at the calls that publish, link, sync and remove."""
    if not number or len(cuts) <= number:
        return cuts
    def evenly(some, count):
        return some if len(some) <= count else [some[i * len(some) // count] for i in range(count)]
    chosen = evenly([i for i, cut in enumerate(cuts) if cut.call in COMMIT_POINTS], number * 3 // 4)
    others = sorted(set(range(len(cuts))) - set(chosen))
    return [cuts[i] for i in sorted({*chosen, *evenly(others, number - len(chosen)), len(cuts) - 1})]


class PowerCuts(case.Case):
    filesystem, number = None, None
    replayed = possible = lost = wrong = 0

    @classmethod
    def setUpClass(cls):
        run("modprobe", "-a", "loop", "overlay", "dm-log-writes", cls.filesystem.kind)
        # What the kernel writes by itself would make durable what the program did not.
        for name in ("dirty_writeback_centisecs", "dirty_expire_centisecs"):
            with open(f"/proc/sys/vm/{name}", "w", encoding="ascii") as file:
                file.write("0" if name == "dirty_writeback_centisecs" else "360000")

    @classmethod
    def tearDownClass(cls):
        print(f"{cls.filesystem.name}: cuts replayed {cls.replayed} of {cls.possible}, lost contents {cls.lost}, "
              f"wrong trees {cls.wrong}")

    def test_moving_with_the_origin_ahead(self):
        """All that was removed at the origin is gone for good; the volume has what was flushed."""
        self.sweep(False, ORIGIN)

    def test_moving_out_of_an_image_with_the_origin_ahead(self):
        self.sweep(True, ORIGIN)

    def test_moving_with_the_volume_ahead(self):
        """All that was written to the volume is there; the origin has what was flushed."""
        self.sweep(False, VOLUME)

    def test_moving_with_no_disk_ahead(self):
        self.sweep(False, None)

    def test_renumbering(self):
        """An image whose users have other numbers: owners on the volume follow, also those that no rule names."""
        self.sweep(False, None, prepare=self.moved_and_renumbered)

    def moved_and_renumbered(self, machine):
        devices = {disk: run("losetup", "--find", "--show", power.path_of(disk, "base")) for disk in DISKS}
        machine.start(devices)
        self.assert_done(machine.run("apply", "--only", ENTRIES))
        power.account(machine.root, RENUMBERED)
        machine.stop()
        for device in devices.values():
            run("losetup", "--detach", device)

    def sweep(self, layered, ahead, prepare=None):
        machine = power.Machine(self.filesystem, layered)
        machine.make_disks(power.fill)
        if prepare:
            prepare(machine)
        recording = power.Recording(machine, ahead)
        self.assertEqual(recording.record("apply", "--only", ENTRIES), 0, recording.said)
        replays = recording.replays()
        possible = recording.cuts(replays)
        cuts = sample(possible, self.number)
        self.assertGreater(len(possible), 10, "there was hardly a moment to cut at")
        self.attach_trial_disks()
        contents = None
        for cut in cuts:
            for disk in DISKS:
                replays[disk].forward_to(cut.counts[disk])
                replays[disk].copy_to(power.path_of(disk, "trial"))
            machine.start(self.trial)
            try:
                contents = contents or machine.contents()  # of the first cut: before anything was done
                self.judge(machine, recording, cut, contents)
            finally:
                machine.stop()
        PowerCuts.possible += len(possible)
        print(f"{len(recording.calls)} calls, cuts replayed {len(cuts)} of {len(possible)} ... ", end="")

    def attach_trial_disks(self):
        for disk in DISKS:
            make_image(power.path_of(disk, "trial"), self.filesystem.size)
        self.trial = {d: run("losetup", "--find", "--show", power.path_of(d, "trial")) for d in DISKS}
        self.addCleanup(lambda: [run("losetup", "--detach", device) for device in self.trial.values()])

    def judge(self, machine, recording, cut, contents):
        PowerCuts.replayed += 1
        moment = f"before call {cut.step} of {len(recording.calls)}, {cut.call}, durable: {cut.counts}"
        with self.subTest(moment):
            lost = contents - machine.contents()
            PowerCuts.lost += len(lost)
            self.assertEqual(lost, set())
            outcome = machine.run("apply", "--only", ENTRIES)
            volume, displaced = machine.volume_nodes()
            wrong = tree.differences(recording.volume, volume, times_of_directories=False)
            wrong += tree.differences(recording.origin, machine.origin_nodes(), times_of_directories=False)
            wrong += [f"set aside: {item}" for item in displaced ^ recording.displaced]
            if outcome.status != 0 or wrong or machine.run("verify", "--only", ENTRIES).status != 0:
                PowerCuts.wrong += 1
            self.assertEqual(wrong, [], str(outcome))
            self.assert_done(outcome)
            self.assert_done(machine.run("verify", "--only", ENTRIES))
            self.assertEqual(os.listdir(f"{machine.state}/.mailstate/staging"), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("filesystem", choices=FILESYSTEMS)
    parser.add_argument("--cuts", type=int)
    options, more = parser.parse_known_args()
    PowerCuts.filesystem, PowerCuts.number = FILESYSTEMS[options.filesystem], options.cuts
    unittest.main(verbosity=2, argv=[sys.argv[0], *more])


if __name__ == "__main__":
    main()
