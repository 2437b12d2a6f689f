# SPDX-License-Identifier: MIT
"""The unit of the package, started by a systemd of its own: pid 1 of a root with a mail container's state, a volume and the
installed package. A service that asks for the old place is one of those that the unit is ordered before."""

import glob
import os
import shutil
import subprocess
import time

import debian
from stranger import Root
from support import case, namespace, program

UNITS = {
    "postfix.service": "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nStandardOutput=file:/var/log/postfix\n"
                       "ExecStart=readlink /var/spool/postfix\n",
    # Without what a whole boot needs and does: sysinit.target would set the kernel's parameters.
    "mailstate.service.d/test.conf": "[Unit]\nDefaultDependencies=no\n[Service]\nStandardError=file:/var/log/mailstate\n"
                                     "StandardOutput=file:/var/log/mailstate-result\n",
    "test.target": "[Unit]\nDefaultDependencies=no\nRequires=postfix.service mailstate.service\n",
}
BOOT = """cgroup=$1 root=$2
mount -t tmpfs tmpfs "$root/run"
mount -t sysfs -o ro sysfs "$root/sys"
mount --bind -o ro "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
echo $$ >"$cgroup/cgroup.procs"
exec unshare --cgroup sh -ec 'mount -t cgroup2 cgroup2 "$0/sys/fs/cgroup"
    exec chroot "$0" env -i container=test PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --unit=test.target' "$root"
"""


class Cgroup:
    """Of version 2, which is in no namespace; systemd makes others in it."""

    def __init__(self, scratch):
        top = f"{scratch}/cgroups"
        os.mkdir(top)
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", top], check=True)
        self.path = f"{top}/mailstate-unit-{os.path.basename(namespace.enter())}"
        os.mkdir(self.path)

    def remove(self):
        deadline = time.monotonic() + 10
        below = sorted(glob.glob(f"{self.path}/**/", recursive=True), key=len, reverse=True)
        while os.path.isdir(self.path) and time.monotonic() < deadline:
            for path in below:
                try:
                    os.rmdir(path)
                except OSError:
                    time.sleep(0.05)  # its processes are about to end


class Unit(case.Case):
    def setUp(self):
        scratch = self.make_scratch("unit")
        self.root = Root(scratch)
        self.addCleanup(self.root.remove)
        self.cgroup = Cgroup(scratch)
        self.addCleanup(self.cgroup.remove)
        shutil.copy(debian.package(), f"{self.root.top}/root")
        debian.run("chroot", self.root.top, "sh", "-c", "dpkg --install /root/*.deb")
        for directory in ("run", "sys", "tmp", "var/log", "etc/systemd/system/mailstate.service.d"):
            os.makedirs(f"{self.root.top}/{directory}", exist_ok=True)
        for name, text in UNITS.items():
            with open(f"{self.root.top}/etc/systemd/system/{name}", "w", encoding="utf-8") as file:
                file.write(text)

    def read(self, name):
        try:
            with open(f"{self.root.top}/var/log/{name}", encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def boot(self, until):
        """Until a file of /var/log says something; then systemd and all that it has started are killed."""
        command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc=" + self.root.top + "/proc",
                   "--uts", "--ipc", "sh", "-ec", BOOT, "boot", self.cgroup.path, self.root.top]
        systemd = subprocess.Popen(command, env=program.CLEAN, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not self.read(until) and systemd.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        ended = systemd.poll()
        systemd.kill()
        systemd.wait()
        self.assertTrue(self.read(until), f"systemd: {ended}; mailstate: {self.read('mailstate')}")

    def test_systemd_has_nothing_to_say_against_it(self):
        said = subprocess.run(["chroot", self.root.top, "systemd-analyze", "verify", "mailstate.service"],
                              env=program.CLEAN, capture_output=True, text=True, check=False)
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))

    def test_the_services_start_after_it(self):
        self.boot(until="postfix")
        self.assertEqual(self.read("postfix"), "/var/mail-state/spool-postfix\n")
        self.assertIn("moved /var/spool/postfix to /var/mail-state/spool-postfix", self.read("mailstate"))
        self.assertRegex(self.read("mailstate-result"), r"apply: \d+ entries moved")
