#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What a person sees: on a terminal of 80 columns, and where there is none."""

import fcntl
import os
import pty
import re
import struct
import sys
import termios

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program
from support.world import GATES

COLOUR = re.compile(r"\x1b\[\d*m")
PROGRESS = re.compile(r"\r\x1b\[K([^\r\n]+)(?=\r)")  # as it stood on the screen, until it was erased
ERASED = "\r\x1b[K"

COMPOSE = """services:
  mailserver:
    image: ghcr.io/docker-mailserver/docker-mailserver:12.1.0
    hostname: mail.example.org
    volumes:
      - ./docker-data/dms/mail-state/:/var/mail-state/
      - ./docker-data/dms/config/:/tmp/docker-mailserver/
      - ./a-rather-long-name-of-a-directory-that-somebody-made/rspamd/:/var/lib/rspamd/
    environment:
      - ENABLE_RSPAMD=1
      - ENABLE_CLAMAV=1
      - RELAY_HOST=[smtp.a-relay-with-a-long-name.example.com]
      - RELAY_PORT=587
      - RELAY_USER=somebody@example.org
      - RELAY_PASSWORD=not-to-be-seen
"""


class OnATerminal:
    """A program whose stdout and stderr are one terminal."""

    def __init__(self, arguments, environment=None, columns=80):
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            variables = {**program.CLEAN, "TERM": "xterm", **(environment or {})}
            os.execve(program.binary(), [program.binary(), *arguments], variables)

    def finish(self):
        shown = b""
        while True:
            try:
                part = os.read(self.screen, 65536)
            except OSError:  # EIO: the other side is closed
                break
            if not part:
                break
            shown += part
        os.close(self.screen)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), shown.decode().replace("\r\n", "\n")


def shown(*arguments, environment=None, **options):
    return OnATerminal(arguments, environment, **options).finish()


class Terminal(case.Case):
    def on_terminal(self, world, command, *more, status=0, columns=80, **variables):
        ended, text = shown(*world.arguments(command, *more), environment=world.environment(**variables),
                            columns=columns)
        self.assertEqual(ended, status, text)
        return text

    def assert_fits(self, text, columns=80):
        lines = COLOUR.sub("", PROGRESS.sub("", text)).replace(ERASED, "").splitlines()
        for line in lines:
            # A path, a command or an address is not broken, so that it can be copied; nor is a line of the log.
            if len(line.split()) > 1 and "://" not in line and not line.startswith(("mailstate: ", "Next: ")):
                self.assertLessEqual(len(line), columns, line)

    def test_every_output_fits_80_columns(self):
        world = self.make_world(size="256M")
        quiet = {"LOG_LEVEL": "error"}  # the log's lines are as long as what they say
        os.mkdir(f"{world.state}/lib-clamav")
        os.mkfifo(f"{world.state}/lib-clamav/a fifo that nobody put there")
        place = self.make_scratch("compose")
        compose, plan, layout = f"{place}/compose.yaml", f"{place}/plan.json", f"{place}/layout.json"
        with open(compose, "w", encoding="utf-8") as file:
            file.write(COMPOSE)
        told = []

        def look(*arguments, status=(0,)):
            ended, text = shown(*arguments, environment=world.environment(**quiet))
            self.assertIn(ended, status, text)
            self.assert_fits(text)
            told.append(text)
            return text

        root = ("--root", world.root)
        look("plan", *root, "--out", plan)
        look("plan", *root, "--adopt-mounts", "--no-link")
        look("probe", *root)
        look("probe", *root, "--write-test")
        look("check", *root, status=(0, 3))
        look("verify", *root, status=(3,))
        look("apply", *root, "--dry-run")
        look("apply", *root)
        os.unlink(world.path("/var/lib/redis"))
        os.chmod(f"{world.state}/lib-postfix", 0o777)
        look("verify", *root, status=(3,))
        look("apply", *root)
        look("apply", *root)
        look("rollback", *root, "--dry-run")
        look("rollback", *root)
        look("seal", "--root", world.image)
        for rule in re.findall(r"(?m)^  (\S+)", look("check", "--list")):
            look("check", "--explain", rule)
        for arguments in (("--to", "v15.0.0"), ("--to", "v14.0.0", "--sender", "me@example.org"),
                          ("--recipient", "a-long-name-of-a-person@a-long-name-of-a-domain.example.org")):
            look("check", "--compose", compose, *arguments, status=(0, 3))
        look("sni", "--certs", f"{place}/none", "--hostname", "mail.example.org", status=(0, 4, 65))
        look("layout", "list")
        with open(layout, "w", encoding="utf-8") as file:
            file.write(program.run(["layout", "show", "mailcow"]).out)
        look("layout", "validate", layout)
        for command in re.findall(r"(?m)^  ([a-z]+) ", program.run(["--help"]).out):
            look(command, "--help")
        self.assertIn("owner or mode", "".join(told))

    def test_long_work_shows_its_progress(self):
        world = self.make_world(size="1G")
        queue = world.path("/var/spool/postfix/deferred/F")
        os.makedirs(queue, exist_ok=True)
        for number in range(30_000):
            with open(f"{queue}/{number:08X}", "wb") as file:
                file.write(b"x" * 2_000)
        text = self.on_terminal(world, "apply", "--jobs", "1")
        lines = PROGRESS.findall(text)
        self.assertGreater(len(lines), 2, text)
        for line in lines:
            self.assertLess(len(line), 80)
        copying = [line for line in lines if line.startswith("postfix-spool: copying")]
        self.assertTrue(copying, lines)
        self.assertRegex(copying[-1], r"^postfix-spool: copying ([\d,]+/[\d,]+ files, )?[\d.]+( \w+)?/[\d.]+ MiB, "
                                      r"[\d.]+ \w+/s, \d+:\d\d left$")
        # What stays on the screen is the report alone.
        self.assertGreater(text.rindex(ERASED), text.rindex("left"))
        self.assertNotIn("\x1b[K", text[text.rindex("apply: "):])

        world.recreate()
        narrow = self.on_terminal(world, "rollback", "--jobs", "1", columns=40)
        for line in PROGRESS.findall(narrow):
            self.assertLess(len(line), 40)

    def test_nobody_sees_progress_who_does_not_want_it(self):
        world = self.make_world(size="1G")
        with open(world.path("/var/lib/redis/large"), "wb") as file:
            for _ in range(300):
                file.write(os.urandom(1 << 20))
        for variables in ({"MAILSTATE_NO_PROGRESS": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b[K", self.on_terminal(world, "apply", "--verify", "content", **variables))
            self.on_terminal(world, "rollback", "--no-progress")
        outcome = self.assert_done(world.run("apply", "--verify", "content"))
        self.assertNotRegex(outcome.out + outcome.err, r"[\x1b\r]")

    def test_colours(self):
        world = self.make_world(size="128M")
        self.assertRegex(self.on_terminal(world, "plan"), COLOUR)
        for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"MAILSTATE_COLOR": "never"}):
            self.assertNotRegex(self.on_terminal(world, "plan", **variables), COLOUR)
        self.assertRegex(self.on_terminal(world, "plan", NO_COLOR=""), COLOUR)
        self.assertRegex(self.on_terminal(world, "plan", "--color", "always", NO_COLOR="1"), COLOUR)
        self.assertRegex(world.run("plan", "--color", "always").out, COLOUR)
        self.assertNotRegex(world.run("plan").out, COLOUR)

    def test_colour_says_nothing_that_words_do_not(self):
        world = self.make_world(size="128M")
        os.mkfifo(f"{world.state}/lib-clamav")
        coloured, plain = (world.run("plan", "--color", when).out for when in ("always", "never"))
        self.assertEqual(COLOUR.sub("", coloured), plain)

    def test_results_and_log_are_apart(self):
        world = self.make_world(size="128M")
        self.assertEqual(self.assert_done(world.run("plan")).err, "")
        outcome = self.assert_done(world.run("apply", LOG_LEVEL="error"))
        self.assertEqual(outcome.err, "")
        self.assertEqual(self.assert_done(program.run(["man"], dict.fromkeys(GATES, "1"))).err, "")


if __name__ == "__main__":
    case.main()
