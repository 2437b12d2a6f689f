#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""apply -- CMD: the command takes the place of the program, and finds everything as if it had been started at once."""

import os
import resource
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, ledger, program
from support.locks import lock_whole_file
from support.world import mount

# What a process has from its parent, as the command finds it. Its own status comes last: a shell that starts something
# blocks signals meanwhile.
SHOW = r"""
echo "pid $$"
cat /proc/$$/limits
for fd in $(ls /proc/$$/fd); do echo "descriptor $fd: $(readlink /proc/$$/fd/$fd)"; done
env | sort
pwd
exec grep -E '^(Umask|SigBlk|SigIgn|ShdPnd|Threads|Cap|NoNewPrivs|Groups)' /proc/self/status
"""
STARTED = ["sh", "-c", "echo started; exit 7"]


def leave_traps():
    """A parent of the careful kind: signals blocked and ignored, a umask, limits and descriptors of its own."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGIO, signal.SIGUSR1])
    os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 2000))
    os.dup2(os.open("/dev/zero", os.O_RDONLY), 7)
    os.close(0)


class TheCommand(case.Case):
    def setUp(self):
        self.world = self.make_world(size="128M")

    def arguments(self, command, *options):
        return self.world.arguments("apply", *options, "--", *command)

    def run_with(self, command, *options, wait=True, **more):
        variables = more.pop("variables", {})
        more.setdefault("restore_signals", True)
        process = program.start(self.arguments(command, *options), self.world.environment(**variables), **more)
        return program.finish(process) if wait else process

    def shown(self, command, **options):
        """What SHOW prints, without the report in front of it, and whether its pid is that of the process."""
        options = {"restore_signals": False, **options}
        process = subprocess.Popen(command, env={**program.CLEAN, **self.world.environment(), "MAILSTATE_JOBS": "2"},
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options)
        lines = process.communicate()[0].decode().splitlines()
        self.assertEqual(process.returncode, 0)
        self.assertIn(f"pid {process.pid}", lines)
        at = lines.index(f"pid {process.pid}")
        # A shell's own, while it reads what a command prints, is no descriptor that it was given.
        return [line for line in lines[at + 1:] if "pipe:[" not in line and not line.endswith(": ")]

    def test_finds_everything_as_its_parent_left_it(self):
        show = ["sh", "-c", SHOW]
        through = [program.binary(), *self.arguments(show)]
        for options in ({"stdin": subprocess.DEVNULL},
                        {"preexec_fn": leave_traps, "close_fds": False}):
            with self.subTest(options):
                expected = self.shown(show, **options)
                self.assertEqual(self.shown(through, **options), expected)
                self.assertEqual(self.shown(through, **options), expected, "where there was nothing to do")

    def test_starts_after_the_work_and_gives_its_own_exit_code(self):
        outcome = self.run_with(STARTED)
        self.assert_status(outcome, 7)
        self.assertTrue(outcome.out.endswith("started\n"), str(outcome))
        self.assert_linked(self.world)
        self.assertNotIn("mailstate: error", outcome.err)

    def test_has_options_of_its_own(self):
        outcome = self.run_with(["sh", "-c", 'echo "$0 $*"', "--layout", "--help", "--", "plan"])
        self.assert_status(outcome, 0)
        self.assertTrue(outcome.out.endswith("--layout --help -- plan\n"), str(outcome))

    def test_that_cannot_be_started_ends_as_in_a_shell(self):
        scratch = self.make_scratch("commands")
        with open(f"{scratch}/plain", "w", encoding="utf-8") as file:
            file.write("echo no program\n")
        for command, status in (("nosuch-command", 127), (f"{scratch}/nosuch", 127), (f"{scratch}/plain", 126),
                                (scratch, 126), (f"{scratch}/plain/below", 126)):
            with self.subTest(command):
                outcome = self.run_with([command])
                self.assert_status(outcome, status)
                self.assertIn(f"mailstate: error: execve {command}", outcome.err)

    def test_is_found_by_path_and_may_be_a_script_without_an_interpreter(self):
        scratch = self.make_scratch("commands")
        with open(f"{scratch}/of-the-path", "w", encoding="utf-8") as file:
            file.write("echo started; exit 7\n")
        os.chmod(f"{scratch}/of-the-path", 0o755)
        outcome = self.run_with(["of-the-path"], variables={"PATH": f"/nowhere:{scratch}:/usr/bin:/bin"})
        self.assert_status(outcome, 7)

    def test_starts_where_nobody_reads_the_report_any_more(self):
        for closed in ("stdout", "stderr"):
            with self.subTest(closed):
                read, write = os.pipe()
                os.close(read)
                command = ["sh", "-c", "echo started >&3; kill -PIPE $$; echo alive >&3"]
                told, tell = os.pipe()
                others = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, closed: write}
                process = subprocess.Popen([program.binary(), *self.arguments(["sh", "-c", 'exec 3>&"$0"; ' + command[2],
                                                                               str(tell)])],
                                           env={**program.CLEAN, **self.world.environment()}, pass_fds=[tell], **others)
                os.close(write)
                os.close(tell)
                with os.fdopen(told) as answer:
                    self.assertEqual(answer.read(), "started\n")
                self.assertEqual(process.wait(), -signal.SIGPIPE, "a closed pipe is death again, as it was")

    def test_is_not_started_by_halves(self):
        """Each exit code of the table, with and without --keep-going."""
        world = self.world
        mount("-t", "tmpfs", "its-own", world.path("/var/lib/redis"))
        strict = ("--strict",)
        self.judged(program.NOT_AS_IT_SHOULD_BE, *strict)

        os.makedirs(f"{world.state}/.mailstate", exist_ok=True)
        newest = ledger.newest(f"{world.state}/.mailstate")
        os.rename(newest, f"{world.state}/ledger.json")
        with open(newest, "w", encoding="utf-8") as file:
            file.write('{"schema": 999}')
        self.judged(program.BLOCKED)
        os.replace(f"{world.state}/ledger.json", newest)

        os.chown(f"{world.state}/lib-rspamd", 0, 0)
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            self.judged(program.LOCKED, "--lock-timeout", "0")

        for options, status in ((("--jobs", "0"), program.USAGE), (("--layout", "/nosuch.json"), program.BAD_FILE)):
            outcome = self.run_with(STARTED, "--keep-going", *options)
            self.assert_status(outcome, status)
            self.assertNotIn("started\n", outcome.out)

    def judged(self, status, *options):
        outcome = self.run_with(STARTED, *options)
        self.assert_status(outcome, status)
        self.assertNotIn("started\n", outcome.out)
        self.assertIn(f"sh is not started, because apply ended with {status}", outcome.err)
        for keep_going in ({"options": ("--keep-going",)}, {"variables": {"MAILSTATE_KEEP_GOING": "1"}}):
            outcome = self.run_with(STARTED, *options, *keep_going.get("options", ()),
                                    variables=keep_going.get("variables", {}))
            self.assert_status(outcome, 7)
            self.assertTrue(outcome.out.endswith("started\n"), str(outcome))
            self.assertIn(f"sh is started although apply ended with {status}", outcome.err)

    def test_is_not_started_after_a_signal(self):
        world = self.world
        self.assert_done(world.run("apply"))
        os.chown(f"{world.state}/lib-rspamd", 0, 0)
        with open(f"{world.state}/.mailstate/lock", "r+b") as lock:
            lock_whole_file(lock.fileno())
            process = self.run_with(STARTED, "--keep-going", wait=False)
            time.sleep(0.5)
            process.terminate()
            outcome = program.finish(process)
        self.assert_status(outcome, 128 + signal.SIGTERM)
        self.assertNotIn("started\n", outcome.out)

    def test_must_be_named_and_is_not_for_dry_runs_or_other_commands(self):
        for arguments in (["apply", "--"], ["apply", "--dry-run", "--", "true"], ["plan", "--", "true"],
                          ["apply", "true"]):
            with self.subTest(arguments):
                outcome = program.run(arguments)
                self.assert_status(outcome, program.USAGE)
                self.assertTrue(outcome.err.startswith("mailstate: error: "), outcome.err)


if __name__ == "__main__":
    case.main()
