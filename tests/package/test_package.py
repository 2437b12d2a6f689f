#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Debian package: what cpack makes, what lintian says of it, and what a root has in which it was installed.

With it run stranger.py, which goes README's way from the package to the roll back, pages.py, which runs the commands of
the other pages, and booted.py, whose systemd starts the unit."""

import gzip
import os
import re
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from booted import Unit
from debian import package, prepare, run
from pages import Pages
from stranger import Stranger
from support import case, namespace, program

TOP = os.path.abspath(f"{os.path.dirname(os.path.abspath(__file__))}/../..")
FILES = {
    "usr/bin/mailstate", "usr/share/bash-completion/completions/mailstate",
    "usr/share/man/man1/mailstate.1.gz", "usr/share/man/man5/mailstate-layout.5.gz",
    "usr/share/man/man7/mailstate-findings.7.gz",
    "usr/share/zsh/vendor-completions/_mailstate", "usr/share/fish/vendor_completions.d/mailstate.fish",
    "usr/share/mailstate/layout.schema.json", "usr/share/mailstate/report.schema.json", "usr/share/mailstate/answer.schema.json",
    "usr/share/doc/mailstate/copyright", "usr/share/doc/mailstate/changelog.gz",
    "usr/share/lintian/overrides/mailstate", "usr/lib/systemd/system/mailstate.service",
}


class Package(case.Case):
    @classmethod
    def setUpClass(cls):
        cls.deb = package()
        cls.root = f"{namespace.enter()}/root"
        prepare(cls.root)
        run("dpkg", f"--root={cls.root}", "--install", cls.deb)

    def installed(self):
        found = set()
        for directory, _, names in os.walk(f"{self.root}/usr"):
            found |= {os.path.relpath(f"{directory}/{name}", self.root) for name in names}
        return found

    def inside(self, *arguments):
        return run("chroot", self.root, "/usr/bin/mailstate", *arguments)

    def test_its_name_says_version_and_architecture(self):
        version = self.inside("--version").split()[1]
        architecture = run("dpkg", "--print-architecture").strip()
        self.assertEqual(os.path.basename(self.deb), f"mailstate_{version}_{architecture}.deb")
        self.assertNotIn("Depends:", run("dpkg-deb", "--info", self.deb))

    def test_the_demo_builds_all_that_is_packaged(self):
        """On a machine that has the packages for the build and not those for tests, as the demo leaves it. Nothing is
        compiled here: ninja tells what it would make."""
        build = self.make_scratch("build")
        run("cmake", "-S", TOP, "-B", build, "-G", "Ninja", "-DCMAKE_DISABLE_FIND_PACKAGE_GTest=ON")
        with open(f"{TOP}/scripts/demo", encoding="utf-8") as file:
            target, = re.findall(r"cmake --build build --target (\w+);", file.read())
        told = run("ninja", "-C", build, "-n", target)  # Linking CXX executable src/app/mailstate, Generating _mailstate
        with open(f"{build}/src/package/cmake_install.cmake", encoding="utf-8") as file:
            packaged = {os.path.relpath(path, build) for path in re.findall(rf'"({build}/[^"$]+)"', file.read())}
        self.assertIn("src/package/mailstate.1.gz", packaged)
        self.assertEqual([path for path in packaged if not os.path.exists(f"{build}/{path}") and
                          not re.search(rf"(?m)[ /]{re.escape(os.path.basename(path))}$", told)], [])

    def test_lintian_has_nothing_to_say_against_it(self):
        said = subprocess.run(["lintian", "--allow-root", "--fail-on", "error,warning", "--tag-display-limit", "0",
                               self.deb], capture_output=True, text=True, check=False, env=program.CLEAN)
        self.assertEqual((said.returncode, said.stdout), (0, ""), said.stderr)

    def test_each_override_is_needed(self):
        said = subprocess.run(["lintian", "--allow-root", "--show-overrides", self.deb], capture_output=True, text=True,
                              check=False, env=program.CLEAN).stdout
        self.assertIn("statically-linked-binary", said)
        self.assertNotIn("unused-override", said)

    def test_it_has_what_belongs_to_it_and_nothing_else(self):
        self.assertEqual(self.installed(), FILES)
        for name in FILES:
            seen = os.stat(f"{self.root}/{name}")
            mode = 0o755 if name == "usr/bin/mailstate" else 0o644
            self.assertEqual((stat.S_IMODE(seen.st_mode), seen.st_uid, seen.st_gid), (mode, 0, 0), name)

    def test_the_change_log_is_of_this_version_and_day(self):
        with gzip.open(f"{self.root}/usr/share/doc/mailstate/changelog.gz", "rt", encoding="utf-8") as file:
            log = file.read()
        version, = re.findall(r"\A(?:mailstate) \((\S+)\)", log)
        self.assertEqual(f"mailstate {version}\n", self.inside("--version"))
        day = run("date", "--utc", "--date", re.search(r"(?m)^ -- .*>  (.*)$", log)[1], "+%Y-%m-%d").strip()
        self.assertIn(f".TH MAILSTATE 1 {day} ", self.inside("man"))

    def test_man_finds_the_pages(self):
        manuals = f"{self.root}/usr/share/man"
        for page, words in (("mailstate.1", "EXIT STATUS"), ("mailstate-layout.5", "OWNERSHIP RULES"),
                            ("mailstate-findings.7", "origin.mounted")):
            name, section = page.split(".")
            with gzip.open(f"{manuals}/man{section}/{page}.gz", "rt", encoding="utf-8") as file:
                self.assertEqual(file.read(), self.inside("man", name))
            self.assertIn(words, re.sub(r".\x08", "", run("man", "--manpath", manuals, name)))

    def test_the_shells_find_the_completions(self):
        share = f"{self.root}/usr/share"
        for shell, path in {"bash": "bash-completion/completions/mailstate", "zsh": "zsh/vendor-completions/_mailstate",
                            "fish": "fish/vendor_completions.d/mailstate.fish"}.items():
            with open(f"{share}/{path}", encoding="utf-8") as file:
                self.assertEqual(file.read(), self.inside("completion", shell))
        asked = 'source "$0"; COMP_WORDS=(mailstate roll); COMP_CWORD=1; _mailstate; echo "${COMPREPLY[@]}"'
        said = run("bash", "-c", asked, f"{share}/bash-completion/completions/mailstate")
        self.assertEqual(said, "rollback\n")

    def test_what_is_installed_works(self):
        world = self.make_world(size="128M")
        run("cp", f"{self.root}/usr/bin/mailstate", f"{world.root}/usr/sbin/mailstate")
        for command in ("plan", "apply", "verify", "rollback"):
            run("chroot", world.root, "/usr/sbin/mailstate", command)
        self.assertFalse(os.path.islink(world.path("/var/lib/postfix")))

    def test_it_goes_without_a_trace(self):
        run("dpkg", f"--root={self.root}", "--purge", "mailstate")
        self.assertEqual(self.installed(), set())
        run("dpkg", f"--root={self.root}", "--install", self.deb)
        self.assertEqual(self.installed(), FILES)


__all__ = ["Package", "Pages", "Stranger", "Unit"]  # what unittest runs

if __name__ == "__main__":
    case.main()
