#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Puts a fault into every system call of a run that changes something, one run for each fault, and looks what follows.

Killed before and after each call; each call failed with every error that it can give in life, once and from then on;
writes cut short; told to stop; reads failed; uploads at close(2) failed. After each: no content is lost, and one run
without faults ends with the tree that an undisturbed run gives.

usage: sweep.py [--full] [--seed N] [--runs N] [--scenario NAME] [--case CASE] [--workers N]
  without --full: a sample of that many runs, which has each call and each scenario at least once with each kind of fault
  --workers: so many at a time; where the volume is a FUSE filesystem a run sleeps most of its time, and 24 are not many
  --case: one fault, as a report names it: 'SCENARIO|changes|17|error=EIO|lasting'
"""

import argparse
import multiprocessing
import multiprocessing.connection
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import errnos
import judge
from adopted import adopted_mounts
from before_us import before_us
from resumed import resumed
from scenarios import all_scenarios
from small_world import Template, now, work_apart
from support import namespace, program, tree, volume
from touched import touched

HANGS = 50  # seconds


@dataclass(frozen=True)
class Fault:
    scenario: str
    counted: str  # changes | reads | uploads
    at: int
    what: str  # kill, kill-after, signal=15, short, error=EIO
    lasting: bool
    call: str = ""  # for people

    def __str__(self):
        return "|".join((self.scenario, self.counted, str(self.at), self.what, "lasting" if self.lasting else "once"))

    def kind(self):
        return self.what.partition("=")[0].partition("-")[0]

    def options(self):
        """Of the injector; an upload fails by itself."""
        if self.counted == "uploads":
            return []
        what, _, error = self.what.partition("=")
        if what == "error":
            what = f"error={errnos.number(error)}"
        elif error:
            what = f"{what}={error}"
        options = ["--count", self.counted, "--at", str(self.at), "--fault", what]
        if self.lasting:
            options += ["--onward", "--only", ",".join(errnos.lasting(self.call.split()[0], error))]
        return options


@dataclass
class Verdict:
    fault: Fault
    lost: str = ""
    wrong: str = ""
    said: str = ""  # a bad exit code, or done that is not done
    missed: bool = False  # the fault found no call to befall
    twice: int = 0
    seconds: float = 0.0


class Hangs(Exception):
    """With what the kernel says of each process and thread."""


def states():
    lines = []
    for pid in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
        for thread in os.listdir(f"/proc/{pid}/task"):
            says = []
            for name in ("comm", "wchan", "syscall"):
                with open(f"/proc/{pid}/task/{thread}/{name}", encoding="utf-8") as file:
                    says.append(file.read().strip())
            lines.append(f"{pid}/{thread}: {' '.join(says)}")
    return "\n".join(lines)


def would_change(place):
    """Would the scenario's command change something still? What is restored once more is set aside once more."""
    command = place.scenario.command
    if command[0] == "displaced":
        return None
    ask = ("plan",) if command[0] == "apply" else (*command, "--dry-run")
    outcome = place.run(*ask, "--detailed-exitcode")
    return outcome if outcome.status != 0 else None


def disturbed(place, options):
    """A run under the injector, and its report's last lines."""
    refuse = ["--refuse", place.scenario.refuse] if place.scenario.refuse else []
    command = [os.environ["MAILSTATE_INJECT"], "--report", place.report, *refuse, *options, "--",
               *place.arguments(*place.scenario.command, "--output", "json")]
    process = subprocess.Popen(command, env=program.CLEAN, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, close_fds=False)
    try:
        out, err = process.communicate(timeout=HANGS)
    except subprocess.TimeoutExpired as problem:
        text = states()
        process.kill()  # and what it traces, with it
        process.communicate()
        raise Hangs(f"{' '.join(command)}\n{text}") from problem
    with open(place.report, encoding="utf-8", errors="replace") as file:
        report = file.read().splitlines()
    outcome = program.Outcome(command, process.returncode, os.fsdecode(out), os.fsdecode(err))
    how, number = report[-1].split()
    outcome.killed, outcome.interrupted = how == "signal", False
    if outcome.killed:
        outcome.status = -int(number)
    outcome.injected = int(report[-2].split()[1])
    return outcome, report[:-2]


def undisturbed(place):
    """A run without a fault; the injector is needed only where it stands for a filesystem that lacks something."""
    if place.scenario.refuse:
        return disturbed(place, [])[0]
    return place.run(*place.scenario.command, "--output", "json")


def befallen(place, fault):
    """A run with its fault, and whether it was met."""
    if fault.counted != "uploads":
        return disturbed(place, fault.options())[0]
    place.uploads.fail(fault.at, errnos.number(fault.what.partition("=")[2]), fault.lasting)
    outcome, _ = disturbed(place, [])
    outcome.injected = sum(line.startswith("failed ") for line in place.uploads.done())
    place.uploads.recover()
    return outcome


class Ground:
    """A scenario with its template, the calls of its undisturbed run and the tree that it gives."""

    def __init__(self, top, scenario):
        self.scenario, self.top = scenario, top
        os.mkdir(top)
        if scenario.disk != "tmpfs":
            volume.make(scenario.disk, f"{top}/disk")
            self.top = f"{top}/disk"
        self.template = Template(f"{self.top}/template", scenario)
        place = self.template.instance(f"{self.top}/undisturbed")
        place.start()
        begun = now()
        before = judge.Snapshot(place.root, begun)
        outcome, report = disturbed(place, ["--list"])
        if outcome.status != 0:
            raise RuntimeError(f"{scenario.name}: an undisturbed run fails\n{outcome}")
        self.calls = [line.split(" ", 1)[1] for line in report]
        self.uploads = [line.split(" ", 1)[1] for line in place.uploads.done()] if place.uploads else []
        self.after, self.ledger = judge.Snapshot(place.root, begun), judge.ledger(place.root)
        self.check_drops(before)
        if outcome := would_change(place):
            raise RuntimeError(f"{scenario.name}: a second run would change something: {outcome}")
        place.stop()
        shutil.rmtree(place.top)
        self.reads = self.list_reads()

    def list_reads(self):
        place = self.template.instance(f"{self.top}/undisturbed")
        place.start()
        _, report = disturbed(place, ["--list", "--count", "reads"])
        place.stop()
        shutil.rmtree(place.top)
        return [line.split(" ", 1)[1] for line in report]

    def check_drops(self, before):
        """An undisturbed run drops what the scenario says, and no byte more."""
        import hashlib
        allowed = {("file", hashlib.sha256(text.encode()).hexdigest()) for text in self.scenario.drops}
        gone = {(n.kind, n.content) for p, n in before.nodes.items()
                if n.kind == "file" and not p.startswith(judge.WORKSPACE) and not judge.RECORD.search(p)}
        gone -= self.after.contents
        if gone != allowed:
            raise RuntimeError(f"{self.scenario.name}: an undisturbed run drops {judge.names_of(before, gone)}")

    def faults(self):
        name = self.scenario.name
        for at, call in enumerate(self.calls, 1):
            kind = call.split()[0]
            yield Fault(name, "changes", at, "kill", False, call)
            yield Fault(name, "changes", at, "kill-after", False, call)
            yield Fault(name, "changes", at, "signal=15", False, call)
            if kind in errnos.SHORT:
                yield Fault(name, "changes", at, "short", False, call)
            for error in errnos.names(kind):
                yield Fault(name, "changes", at, f"error={error}", False, call)
                if errnos.lasting(kind, error):
                    yield Fault(name, "changes", at, f"error={error}", True, call)
        for at, call in enumerate(self.reads, 1):
            errors = errnos.names(call.split()[0], reading=True)
            yield Fault(name, "reads", at, f"error={errors[at % len(errors)]}", False, call)
        for at, file in enumerate(self.uploads, 1):
            for error in errnos.UPLOAD.split():
                yield Fault(name, "uploads", at, f"error={error}", False, f"upload {file}")
                if error not in errnos.NEVER_LASTS:
                    yield Fault(name, "uploads", at, f"error={error}", True, f"upload {file}")

    def try_fault(self, fault, worker):
        begin = time.monotonic()
        verdict = Verdict(fault)
        top = f"{self.top}/run-{worker}"
        place = self.template.instance(top)
        place.start()
        try:
            self.look(place, fault, verdict)
        except (Hangs, subprocess.TimeoutExpired) as problem:
            verdict.said = f"still running after {HANGS} s: {problem}"
        finally:
            place.stop()
            shutil.rmtree(top)
        verdict.seconds = time.monotonic() - begin
        return verdict

    def look(self, place, fault, verdict):
        begun = now()
        before = judge.Snapshot(place.root, begun)
        outcome = befallen(place, fault)
        verdict.missed = outcome.injected == 0
        between = judge.Snapshot(place.root, begun)
        self.note_lost(before, between, verdict, "after the disturbed run")
        if fault.kind() != "kill" or outcome.killed is False:
            outcome.interrupted = fault.kind() == "signal" and outcome.status == 143
            verdict.said = judge.wrong_answer(outcome, before, between, self.differences(between))
        repair = undisturbed(place)
        if repair.status != 0:
            verdict.wrong = f"the next run: {repair}"
        after = judge.Snapshot(place.root, begun)
        self.note_lost(before, after, verdict, "after the next run")
        verdict.twice = after.set_aside_twice
        lines = self.differences(after) + after.odd
        found = judge.ledger(place.root) if not lines else self.ledger
        if found != self.ledger:
            lines.append(f"ledger: {found}, expected {self.ledger}")
        if lines and not verdict.wrong:
            verdict.wrong = "\n".join(lines[:12]) + f"\ndisturbed: {outcome}\nnext: {repair}"
        if not verdict.wrong and (outcome := would_change(place)):
            verdict.wrong = f"a third run would change something: {outcome}"

    def differences(self, found):
        """From what an undisturbed run leaves."""
        stays = tuple(f"not expected: {path!r}"[:-1] for path in self.scenario.may_stay)
        return [line for line in tree.differences(self.after.state, found.state) if not line.startswith(stays)]

    def note_lost(self, before, after, verdict, when):
        gone = judge.lost(before, after, self.after)
        if gone and not verdict.lost:
            verdict.lost = f"{when}: {judge.names_of(before, gone)}"


GROUNDS = {}


def work(faults, worker, answer):
    for fault in faults:
        answer.send(GROUNDS[fault.scenario].try_fault(fault, worker))
    answer.send(None)


def verdicts(faults, workers):
    """Of all faults, as they come."""
    answers = []
    for worker in range(workers):
        receive, send = multiprocessing.Pipe(duplex=False)
        work_apart(lambda: work(faults[worker::workers], worker, send))
        send.close()
        answers.append(receive)
    while answers:
        for answer in multiprocessing.connection.wait(answers):
            verdict = answer.recv()  # EOFError: a worker ended before its time
            if verdict is None:
                answers.remove(answer)
            else:
                yield verdict


def sample(faults, runs, seed):
    """Each call with each kind of fault once, each scenario with each kind, each upload; then by lot, every third a kill.
    In the order of the sweep."""
    chosen, seen = set(), set()
    order = list(range(len(faults)))
    random.Random(seed).shuffle(order)
    for i in order:
        fault = faults[i]
        keys = {(fault.counted, fault.call.split()[0], fault.kind()), (fault.scenario, fault.counted, fault.kind())}
        if fault.counted == "uploads":
            keys.add((fault.scenario, fault.at))
        if not keys <= seen:
            seen |= keys
            chosen.add(i)
    kills = [i for i in order if faults[i].kind() == "kill" and i not in chosen]
    others = [i for i in order if faults[i].kind() != "kill" and i not in chosen]
    while len(chosen) < runs and (kills or others):
        wanted = kills if len(chosen) % 3 == 0 and kills or not others else others
        chosen.add(wanted.pop())
    return [faults[i] for i in sorted(chosen)]


def report(verdict):
    for what in ("lost", "wrong", "said"):
        if text := getattr(verdict, what):
            print(f"\n{what}: --case '{verdict.fault}'  ({verdict.fault.call})\n{text}", flush=True)


def sweep(arguments):
    scratch = namespace.enter()
    for number, scenario in enumerate([*all_scenarios(), *touched(), *before_us(), *adopted_mounts(), *resumed()]):
        named = arguments.scenario or (arguments.case or "").partition("|")[0]
        if not named or scenario.name == named:
            GROUNDS[scenario.name] = Ground(f"{scratch}/{number}", scenario)
    faults = [f for ground in GROUNDS.values() for f in list(ground.faults())[::ground.scenario.share]]
    if arguments.case:
        faults = [f for g in GROUNDS.values() for f in g.faults() if str(f) == arguments.case]
    elif not arguments.full:
        print(f"a sample with seed {arguments.seed}")
        faults = sample(faults, arguments.runs, arguments.seed)
    begin, totals, by_scenario, bad = time.monotonic(), Counter(), {}, []
    for verdict in verdicts(faults, arguments.workers):
        row = by_scenario.setdefault(verdict.fault.scenario, Counter())
        for counter in (totals, row):
            counter[verdict.fault.kind()] += 1
            counter["runs"] += 1
            counter["lost"] += bool(verdict.lost)
            counter["wrong"] += bool(verdict.wrong)
            counter["said"] += bool(verdict.said)
            counter["missed"] += verdict.missed
            counter["twice"] += bool(verdict.twice)
        if verdict.lost or verdict.wrong or verdict.said:
            bad.append(verdict)
            if len(bad) <= arguments.shown:
                report(verdict)
    elapsed = time.monotonic() - begin
    print(f"\n{'scenario':36}{'calls':>7}{'kills':>7}{'errors':>8}{'short':>7}{'TERM':>6}{'lost':>6}{'wrong':>7}")
    for name, ground in GROUNDS.items():
        row = by_scenario.get(name, Counter())
        print(f"{name:36}{len(ground.calls):7}{row['kill']:7}{row['error']:8}{row['short']:7}{row['signal']:6}"
              f"{row['lost']:6}{row['wrong']:7}")
    swept = sum(len(g.calls) for g in GROUNDS.values())
    print(f"\nsystem calls swept {swept} · kills {totals['kill']} · injected errors {totals['error'] + totals['short']}"
          f" · signals {totals['signal']} · runs {totals['runs']} · lost contents {totals['lost']} · wrong trees "
          f"{totals['wrong']} · wrong answers {totals['said']}")
    print(f"set aside twice {totals['twice']} · faults that no call met {totals['missed']} · {elapsed:.0f} s, "
          f"{elapsed / max(totals['runs'], 1):.3f} s a run with {arguments.workers} at a time")
    return 1 if bad or not totals["runs"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1500)
    parser.add_argument("--scenario")
    parser.add_argument("--case")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shown", type=int, default=10)
    sys.exit(sweep(parser.parse_args()))


if __name__ == "__main__":
    main()
