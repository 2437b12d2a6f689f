# SPDX-License-Identifier: MIT
"""The commands of the pages (README.md and those beside what they describe) that name this test: each block is run line by
line, in a root with a mail container's state, a volume and the installed package, as stranger.py makes it. A remark
'exits with N' after a command says how it ends; without one it ends with 0.

docker is a stand-in there: it builds nothing, and runs an image's program with the directory at the place of its volume."""

import glob
import os
import re
import shlex
import shutil
import subprocess

import debian
from stranger import Root
from support import case, program
from support.world import GATES

TOP = os.path.abspath(f"{os.path.dirname(os.path.abspath(__file__))}/../..")
BLOCK = re.compile(r"(?ms)^<!-- run by tests/package/pages.py -->\n```sh\n(.*?)^```$")
DOCKER = r"""#!/bin/bash
[[ $1 == run ]] || exit 0
while [[ $1 != mailstate ]]; do
    [[ $1 != -v ]] || { IFS=: read -r from to _ <<<"$2" && mount --bind "$from" "$to" || exit; }
    [[ $1 != -w ]] || { cd "$2" || exit; }
    shift
done
exec /usr/bin/"$@"
"""
COMPOSE = """services:
  mailserver:
    image: ghcr.io/docker-mailserver/docker-mailserver:13.3.1
    environment:
      - ENABLE_RSPAMD=1
    volumes:
      - ./state:/var/mail-state
"""
BREAKING = "      - ./redis:/var/lib/redis\n"  # what README's check finds
DISPLACED = "20261121T020635Z-redis.61bc02e1a3f09d74"  # of the page; here it is what the machine has


def blocks(page):
    with open(f"{TOP}/{page}", encoding="utf-8") as file:
        return BLOCK.findall(file.read())


def pages():
    return [page for page in sorted(os.path.relpath(path, TOP) for path in
                                    [f"{TOP}/README.md", *glob.glob(f"{TOP}/[a-z]*/**/README.md", recursive=True)])
            if not page.startswith("build") and blocks(page)]


class Pages(case.Case):
    """One root a page, so that no page depends on another."""

    def setUp(self):
        self.root = Root(self.make_scratch("pages"))
        self.addCleanup(self.root.remove)
        shutil.copy(debian.package(), f"{self.root.top}/root")
        self.inside("dpkg --install *.deb")
        self.write("/usr/bin/docker", DOCKER, 0o755)
        for directory in ("/tmp", "/mnt/spare", "/root/data/conf/postfix", "/var/lib/prometheus/node-exporter"):
            os.makedirs(f"{self.root.top}{directory}", exist_ok=True)
        self.write("/root/data/conf/postfix/main.cf", "")  # as mailcow is recognised
        os.makedirs(f"{self.root.top}/etc/systemd/system", exist_ok=True)
        self.write("/etc/systemd/system/postfix.service", "[Service]\nExecStart=true\n")

    def write(self, path, text, mode=0o644):
        with open(f"{self.root.top}{path}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{self.root.top}{path}", mode)

    def inside(self, command, status=0):
        environment = {**program.CLEAN, **{gate: "1" for gate in GATES}, "TERM": "dumb"}
        done = subprocess.run(["chroot", self.root.top, "bash", "-c", f"cd && {command}"], env=environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=120)
        self.assertEqual(done.returncode, status, f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout

    def set_something_aside(self):
        """Redis ran from its origin after a roll back: the next apply sets the volume's copy aside."""
        self.inside("mailstate apply && mailstate rollback")
        self.write("/var/lib/redis/dump.rdb", "written since")
        self.inside("mailstate apply")
        return self.inside("mailstate displaced list --output json")

    def identifier(self, listing):
        return re.search(r'"id":"([^"]*redis[^"]*)"', listing)[1]

    def run_page(self, page):
        known = None
        self.write("/root/docker-compose.yml", COMPOSE + (BREAKING if page == "README.md" else ""))
        for block in blocks(page):
            for line in block.splitlines():
                words = shlex.split(line, comments=True)
                if words[:2] == ["mailstate", "displaced"] and known is None:
                    known = self.identifier(self.set_something_aside())
                ending = re.search(r"#.*exits with (\d+)", line)
                command = line.replace(DISPLACED, known) if known else line
                self.inside(command, int(ending[1]) if ending else 0)
                yield line

    def test_each_command_ends_as_its_page_says(self):
        self.assertGreater(len(pages()), 4)
        for page in pages():
            with self.subTest(page=page):
                self.assertGreater(len(list(self.run_page(page))), 0)
            self.doCleanups()
            self.setUp()
