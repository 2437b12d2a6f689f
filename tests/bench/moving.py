# SPDX-License-Identifier: MIT
"""Cold moves, and later starts over what was moved."""

import os

from bench import peers
from bench.machine import KEPT, ORIGIN, Tree
from bench.measure import Comparison, between_calls, cost_of, median, system_calls
from bench.rows import Row

RENUMBERED = (901, 904)
AS_THEY_ARE = ("mv", peers.BARE, peers.OLDER)


def entries(top):
    return 1 + sum(len(directories) + len(names) for _, directories, names in os.walk(top))


def apply(machine, *arguments):
    return cost_of(machine.mailstate("apply", *arguments))


class Moves:
    """A tree moved by the program and by its peers, `cached` or not."""

    def __init__(self, tree, runs, against, cached=False):
        self.tree, self.cached, self.sizes = tree, cached, set()
        contenders = {"mailstate": lambda machine: self.move(machine, machine.mailstate("apply"))}
        for name in (*against, *peers.older()):
            contenders[name] = lambda machine, name=name: self.move(machine, peers.copying(name, machine))
        self.comparison = Comparison(contenders, runs, self.prepare)

    def prepare(self):
        machine = self.tree.machine()
        if self.cached:
            machine.remember()
        return machine

    def move(self, machine, command):
        cost = cost_of(command)
        self.sizes.add(entries(machine.root + KEPT))
        if len(self.sizes) != 1:
            raise RuntimeError(f"not the same number of entries: {self.sizes}")
        return cost

    def rows(self, name, work, promises):
        """promises: peer → least ratio, or None for a peer that is only shown."""
        costs = self.comparison.costs
        ours = median(costs["mailstate"])
        for peer, least in {**promises, **dict.fromkeys(peers.older())}.items():
            ratio = self.comparison.ratio(peer)
            yield Row(f"{name}/{peer}", work, named(peer) + ("" if peer in AS_THEY_ARE else " and `sync`"),
                      f"{median(costs[peer]):.2f} s : {ours:.2f} s = {ratio:.2f} × faster", ratio, least,
                      samples=self.comparison.json())


class Renames:
    """Moves within one filesystem: seconds of each kind, run by run."""

    def __init__(self, tree, runs):
        kinds = {"rename": self.rename, "start": lambda machine: apply(machine).seconds,
                 "mv": lambda machine: cost_of(peers.copying("mv", machine)).seconds}
        self.seconds = {name: [] for name in kinds}
        for _ in range(runs):
            for name, measure in kinds.items():
                machine = tree.one_disk()
                machine.remember()
                self.seconds[name].append(measure(machine))
                machine.remove()

    @staticmethod
    def rename(machine):
        return between_calls(machine.mailstate("apply"), "symlinkat", "renameat2.*RENAME_EXCHANGE", "fsync")


class Starts:
    """Later starts over one moved tree, against chown -R of it."""

    def __init__(self, tree, runs):
        self.runs, self.machine = runs, tree.machine()
        apply(self.machine)

    def remove(self):
        self.machine.remove()

    def compare(self, *arguments, cold=False):
        ready = Ready(self.machine, cold)
        contenders = {"mailstate": lambda machine: apply(machine, *arguments),
                      "chown -R": lambda machine: cost_of(peers.owning(machine))}
        for peer in peers.older():
            contenders[peer] = lambda machine: cost_of(peers.apply_older(machine, *arguments))
        return Comparison(contenders, self.runs, lambda: ready.prepare())

    def compare_disowned(self):
        """Each run finds all of it in the wrong hands."""
        def disown():
            cost_of(peers.owning(self.machine, 0, 0))
            return Ready(self.machine).prepare()

        contenders = {"mailstate": self.owning(apply)}
        for peer in peers.older():
            contenders[peer] = self.owning(lambda machine: cost_of(peers.apply_older(machine)))
        for peer in ("chown -R", peers.BARE):
            contenders[peer] = self.owning(lambda machine, peer=peer: cost_of(peers.owning(machine, peer=peer)))
        return Comparison(contenders, self.runs, disown)

    def owning(self, work):
        def run(machine):
            cost = work(machine)
            self.check_owner((101, 104))
            return cost
        return run

    def compare_renumbering(self):
        """Each run finds the owners that the run before it left, and changes all of them."""
        now = {"of": (101, 104)}

        def renumbered():
            now["of"] = RENUMBERED if now["of"] != RENUMBERED else (101, 104)
            self.machine.renumber(*now["of"])
            return now["of"]

        def ours(machine, command=apply):
            renumbered()
            cost = command(machine)
            self.check_owner(now["of"])
            return cost

        def theirs(machine):
            cost = cost_of(peers.owning(machine, *renumbered()))
            apply(machine)  # for the ledger: it notes the numbers of this image
            return cost

        contenders = {"mailstate": ours, "chown -R": theirs}
        for peer in peers.older():
            contenders[peer] = lambda machine: ours(machine, lambda older: cost_of(peers.apply_older(older)))
        return Comparison(contenders, self.runs, lambda: Ready(self.machine).prepare())

    def check_owner(self, owner):
        status = os.stat(self.machine.root + KEPT)
        if (status.st_uid, status.st_gid) != owner:
            raise RuntimeError(f"the owner was not changed to {owner}")


class Ready:
    """The same machine for each run."""

    def __init__(self, machine, cold=False):
        self.machine, self.cold = machine, cold

    def prepare(self):
        if self.cold:
            self.machine.forget()
        else:
            entries(self.machine.root + KEPT)
        return self

    def remove(self):
        pass

    def __getattr__(self, name):
        return getattr(self.machine, name)


def named(peer):
    return peer if peer in (peers.BARE, peers.OLDER) else f"`{peer}`"


def start_rows(name, work, comparison, least):
    """Against chown -R, and an older build."""
    yield start_row(name, work, comparison, least)
    for peer in peers.older():
        yield start_row(f"{name}-older", work, comparison, None, peer)


def start_row(name, work, comparison, least, peer="chown -R"):
    costs, ratio = comparison.costs, comparison.ratio(peer)
    return Row(name, work, named(peer), f"{median(costs[peer]):.3f} s : {median(costs['mailstate']):.3f} s = "
               f"{ratio:.2f} × faster", ratio, least, samples=comparison.json())


def copy_calls(scratch, fill, few=500, many=2500):
    """System calls a file, by the difference of two sizes: of the whole move, and of cp -a."""
    result = {}
    for name in ("mailstate", "cp -a", "rsync -aHAX"):
        counted = []
        for number in (few, many):
            tree = Tree(scratch, 256 << 20, 2 * number + 4096, lambda top, number=number: fill(top, number))
            machine = tree.machine()
            command = machine.mailstate("apply") if name == "mailstate" else peers.copying(name, machine)
            counted.append(system_calls(command))
            machine.remove()
            tree.remove()
        result[name] = (counted[1] - counted[0]) / (many - few)
    return result
