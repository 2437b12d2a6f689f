#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs a test file inside a throw-away user-mode-linux guest, as root of a kernel of its own.

usage: guest.py [--memory SIZE] [--limit SECONDS] FILE [ARGUMENT...]

FILE is named from tests/ on. What it prints is printed as it comes, and its exit status is this program's. The guest has the
program under test as MAILSTATE, a scratch directory that is a tmpfs, and no network but a loopback interface.
Its processes live in a pid namespace of their own: none outlives this one.
"""

import argparse
import glob
import os
import shlex
import shutil
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, TESTS)
from support import namespace, program

FAILED = 98  # the guest gave no exit status

COMMAND = """set -e
mkdir /tmp/scratch
install -m 755 /run/job/mailstate /run/mailstate
export MAILSTATE=/run/mailstate MAILSTATE_TEST_SCRATCH=/tmp/scratch MAILSTATE_NO_SKIP=1 PYTHONDONTWRITEBYTECODE=1
cd /tmp/scratch
exec /usr/bin/python3 -u {arguments}
"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", default="1G")
    parser.add_argument("--limit", type=int, default=300, help="seconds after which the guest is ended")
    parser.add_argument("file")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser.parse_args()


def root_tree():
    """The guest's root, built where it is missing."""
    built = subprocess.run([f"{HERE}/root"], check=True, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    return built.stdout.strip()


def modules():
    found = glob.glob("/usr/lib/uml/modules/*")
    if not shutil.which("linux.uml") or not found:
        namespace.skip_all("needs the package user-mode-linux")
    return found[0]


def make_job(directory, options):
    os.mkdir(directory)
    shutil.copy(program.binary(), f"{directory}/mailstate")
    shutil.copy(f"{HERE}/init", f"{directory}/init")
    with open(f"{directory}/command", "w", encoding="utf-8") as command:
        command.write(COMMAND.format(arguments=shlex.join([f"/mnt/tests/{options.file}", *options.arguments])))


def end_all(scratch, limit):
    """As the first process of its pid namespace this one takes the whole guest along."""
    print(f"the guest was ended after {limit} seconds\n{console_of(scratch)}", flush=True)
    os._exit(FAILED)


def console_of(scratch):
    with open(f"{scratch}/console", encoding="utf-8", errors="replace") as console:
        return "".join(console.readlines()[-30:])


def boot(scratch, options):
    """The guest's console goes to a file, what its command prints to our standard output."""
    job, root = f"{scratch}/job", f"{scratch}/root"
    os.mkdir(root)
    # The tree of the cache with our init in it: another init is no reason to build another tree.
    subprocess.run(["mount", "--bind", root_tree(), root], check=True)
    subprocess.run(["mount", "--bind", f"{HERE}/init", f"{root}/init"], check=True)
    command = ["linux.uml", f"mem={options.memory}", "quiet", f"uml_dir={scratch}/", "umid=guest",
               "rootfstype=hostfs", f"rootflags={root}", "ro", "init=/init", "con=null", "con0=null,fd:2",
               "ssl0=null,fd:1", f"lab.job={job}", f"lab.modules={modules()}", f"lab.tests={TESTS}"]
    clock = threading.Timer(options.limit, end_all, [scratch, options.limit])
    clock.daemon = True
    with open(f"{scratch}/console", "wb") as console:
        clock.start()
        guest = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=console, stdout=subprocess.PIPE,
                                 env={**program.CLEAN, "TMPDIR": scratch})
        for line in guest.stdout:
            print(line.decode(errors="replace"), end="", flush=True)
        guest.wait()
    clock.cancel()


def main():
    options = parse()
    scratch = namespace.enter()
    modules()
    make_job(f"{scratch}/job", options)
    boot(scratch, options)
    if not os.path.exists(f"{scratch}/job/status"):
        print(f"the guest gave no exit status\n{console_of(scratch)}")
        sys.exit(FAILED)
    with open(f"{scratch}/job/status", encoding="ascii") as status:
        sys.exit(int(status.read()))


if __name__ == "__main__":
    main()
