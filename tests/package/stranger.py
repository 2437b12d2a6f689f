# SPDX-License-Identifier: MIT
"""The way of somebody who has never seen the program, as README tells it: its commands are read out of README, and run as
they stand there, one after the other, in a root that has a mail container's state, a volume, and nothing of the program."""

import os
import re
import shutil
import stat
import subprocess

import debian
from support import case, content, expected, image, program, tree
from support.world import ENTRIES, GATES, SECRET, make_ext4, mount, unmount

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../README.md")
SECTION = "## From the first look to the way back\n"
PLACES = [*ENTRIES.values(), SECRET]
MACHINE = ("/etc/manpath.config", "/etc/groff", "/etc/profile", "/etc/profile.d/bash_completion.sh", "/etc/alternatives")
DEVICES = {"null": 3, "zero": 5, "urandom": 9}


def commands():
    """Of the section's one block of shell, without the remarks behind them."""
    with open(README, encoding="utf-8") as file:
        section = file.read().split(SECTION)[1].split("\n## ")[0]
    block, = re.findall(r"(?s)^```sh\n(.*?)^```$", section, re.MULTILINE)
    return [line.split("#")[0].strip() for line in block.splitlines()]


class Root:
    """The machine's programs are seen through an overlay, so that what is installed stays here; all else is new."""

    def __init__(self, top):
        self.disk, self.volume = f"{top}/disk", f"{top}/volume"
        make_ext4(self.disk, "512M")
        make_ext4(self.volume, "256M")
        self.top = f"{self.disk}/root"
        for directory in ("root/usr", "root/root", "root/etc/profile.d", "upper", "work"):
            os.makedirs(f"{self.disk}/{directory}")
        debian.prepare(self.top)
        for name in os.listdir("/"):
            if os.path.islink(f"/{name}") and os.readlink(f"/{name}").startswith("usr/"):  # bin, lib, sbin …
                os.symlink(os.readlink(f"/{name}"), f"{self.top}/{name}")
        mount("-t", "overlay", "-o", f"lowerdir=/usr,upperdir={self.disk}/upper,workdir={self.disk}/work", "overlay",
              f"{self.top}/usr")
        for path in MACHINE:
            copy = shutil.copytree if os.path.isdir(path) else shutil.copy
            copy(path, self.top + path, **({"symlinks": True} if os.path.isdir(path) else {}))
        image.build(self.top)
        content.fill(self.top, image.USERS, image.GROUPS)
        os.mkdir(f"{self.top}/dev")
        for name, minor in DEVICES.items():
            os.mknod(f"{self.top}/dev/{name}", stat.S_IFCHR | 0o666, os.makedev(1, minor))
        os.symlink("/proc/self/fd", f"{self.top}/dev/fd")
        mount("-t", "proc", "proc", f"{self.top}/proc")
        mount("--bind", self.volume, f"{self.top}/var/mail-state")

    def remove(self):
        for path in (self.top + "/usr", self.volume, self.disk):
            unmount(path)


class Stranger(case.Case):
    def setUp(self):
        self.root = Root(self.make_scratch("stranger"))
        self.addCleanup(self.root.remove)
        self.environment = {**program.CLEAN, **{gate: "1" for gate in GATES}, "TERM": "dumb", "MANWIDTH": "80",
                            "MANOPT": "--warnings"}

    def inside(self, *command, **options):
        return subprocess.run(["chroot", self.root.top, *command], env=self.environment, capture_output=True, text=True,
                              check=False, timeout=120, **options)

    def run_as_it_stands(self, command):
        done = self.inside("bash", "-c", f"cd && {command}", stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}{done.stderr}")
        return done

    def state(self):
        """All that the services have, each origin by itself."""
        nodes = self.everything()
        return {origin: tree.below(nodes, origin) for origin, _ in PLACES if os.fsencode(origin)[1:] in nodes}

    def everything(self):
        return {top + b"/" + path: node for top in (b"etc", b"var")
                for path, node in tree.manifest(f"{self.root.top}/{top.decode()}").items()}

    def assert_as_it_was(self, before):
        """But for the owners and modes that the rules ask for, and what is stale."""
        now = self.state()
        for origin, nodes in before.items():
            wanted = expected.after_apply(origin, nodes, image.USERS, image.GROUPS)
            # What was removed because it was stale has left its time on the directory.
            self.assert_same(wanted, now[origin], times_of_directories=origin != expected.SPOOL)

    def changes_nothing(self, command):
        before = self.everything()
        done = self.run_as_it_stands(command)
        after = self.everything()
        for nodes in (before, after):  # where the scratch of a rehearsal comes and goes
            del nodes[b"var/mail-state"]
        self.assert_untouched(before, after)
        return done

    # What each command is to show, in README's order.

    def installs(self, command):
        os.mkdir(f"{self.root.top}/root/build")
        shutil.copy(debian.package(), f"{self.root.top}/root/build")
        self.run_as_it_stands(command)

    def shows_the_manual(self, command):
        done = self.run_as_it_stands(command)
        self.assertEqual(done.stderr, "")
        for words in ("MAILSTATE(1)", "EXIT STATUS", "mailstate rehearse [OPTION...]"):
            self.assertIn(words, re.sub(r".\x08", "", done.stdout))

    def completes(self, command):
        typed = command.split("<Tab>")[0]
        shell = f"chroot {self.root.top} bash --login -i"
        said = subprocess.run(["script", "-qec", shell, "/dev/null"], env=self.environment, text=True, check=False,
                              input=f"PS1=; bind 'set bell-style none'\n{typed}\t --help\nexit\n", capture_output=True,
                              timeout=120).stdout
        self.assertRegex(said, rf"{typed}earse +--help")
        self.assertIn("Usage: mailstate rehearse", said)

    def plans(self, command):
        self.assertIn("/var/lib/redis", self.changes_nothing(command).stdout)

    def rehearses(self, command):
        said = self.changes_nothing(command).stdout
        for words in ("first start", "rehearse: the real run would complete everything that is planned"):
            self.assertIn(words, said)
        self.assertEqual(os.listdir(self.root.volume), [])

    def applies(self, command):
        self.run_as_it_stands(command)
        for origin, destination in PLACES:
            self.assertEqual(os.readlink(self.root.top + origin), f"/var/mail-state/{destination}")

    def verifies(self, command):
        self.assertIn("everything matches the layout", self.changes_nothing(command).stdout)

    def applies_again(self, command):
        before = self.everything()
        self.assertIn("nothing", self.run_as_it_stands(command).stdout)
        self.assert_untouched(before, self.everything())

    def goes_back(self, command):
        self.run_as_it_stands(command)
        self.assert_as_it_was(self.before)

    WAY = [(r"dpkg --install \S+\.deb", installs), (r"man mailstate", shows_the_manual),
           (r"mailstate reh<Tab>", completes), (r"mailstate plan\b.*", plans), (r"mailstate rehearse\b.*", rehearses),
           (r"mailstate apply\b.*", applies), (r"mailstate verify\b.*", verifies),
           (r"mailstate apply\b.*", applies_again), (r"mailstate rollback\b.*", goes_back)]

    def test_the_way_as_readme_tells_it(self):
        self.before = self.state()
        told = commands()
        self.assertEqual(len(told), len(self.WAY), told)
        for command, (form, check) in zip(told, self.WAY):
            self.assertRegex(command, rf"\A{form}\Z")
            check(self, command)
