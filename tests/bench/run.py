#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The benchmark: mailstate and its peers in turn, medians, ratios. Run it by scripts/bench.

usage: run.py [--only GROUP,...] [--runs NUMBER] [--files NUMBER] [--series NUMBER,...]
              [--nfs-files NUMBER] [--delays MILLISECONDS,...] [--older PROGRAM] [--json FILE]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from bench import moving, network, rehearsing, rows, starting, trees
from bench.machine import Tree
from bench.moving import Moves, Renames, Starts, start_row, start_rows
from bench.peers import BARE
from support import namespace

MIB = 1 << 20


def size_for(files, bytes_per_file):
    """Of a disk, in bytes: the data, the inodes, and room for both."""
    return 256 * MIB + files * (bytes_per_file + 512)


def small_tree(scratch, files, largest=8192):
    return Tree(scratch, size_for(files, largest), files + files // 50 + 4096,
                lambda top: trees.small_files(top, files, largest))


def moves(options, scratch):
    """Many small files, as they come after a boot, and again with their content in the cache."""
    tree = small_tree(scratch, options.files)
    work = f"cold move, {options.files:,} files of 1 to 8 KiB, ext4 to ext4, durable at the end"
    cold = Moves(tree, options.runs, ("cp -a", "rsync -aHAX", "tar | tar", "mv", BARE))
    yield from cold.rows("many", work, {"cp -a": 2.2, "rsync -aHAX": 2.5, "tar | tar": None, "mv": None, BARE: None})
    warm = Moves(tree, options.runs, ("cp -a",), cached=True)
    yield from warm.rows("many-cached", "the same, origin in the cache", {"cp -a": None})
    tree.remove()


def one_disk(options, scratch):
    """The rename itself, by the time between its first and its last system call; beside it the whole start, of which a
    look at each file is most, and mv."""
    tree = small_tree(scratch, options.files)
    renamed = Renames(tree, options.runs)
    tree.remove()
    work = f"move of {options.files:,} files within one filesystem"
    for name, figure, most in (("rename", "the rename and what makes it durable", 20), ("start", "the whole start", None),
                               ("mv", "`mv` and `sync`", None)):
        took = 1000 * statistics.median(renamed.seconds[name])
        yield rows.Row(f"one-disk-{name}", f"{work}: {figure}, milliseconds", "", f"{took:.1f} ms", took, most=most,
                       samples=renamed.seconds)


def large(options, scratch):
    tree = Tree(scratch, 1024 * MIB, 4096, trees.large_files)
    for cached, name, note in ((False, "large", ""), (True, "large-cached", ", origin in the cache")):
        measured = Moves(tree, options.runs, ("cp -a", "rsync -aHAX"), cached)
        yield from measured.rows(name, f"cold move, 300 MB in 3 files{note}",
                                 {"cp -a": None if cached else 1, "rsync -aHAX": None})
    tree.remove()


def odd(options, scratch):
    tree = Tree(scratch, 1024 * MIB, 65536, trees.odd_files)
    measured = Moves(tree, options.runs, ("cp -a", "rsync -aHAXS"))
    yield from measured.rows("odd", "cold move, 20,000 files with hard links, holes or extended attributes",
                             {"cp -a": None, "rsync -aHAXS": None})
    tree.remove()


def starts(options, scratch):
    tree = small_tree(scratch, options.files)
    later = Starts(tree, options.runs)
    tree.remove()
    work = f"start with nothing to change, {options.files:,} files, full ownership pass"
    yield from start_rows("nothing", work, later.compare(), 4)
    yield from start_rows("nothing-cold", "the same, nothing cached", later.compare(cold=True), None)
    disowned = later.compare_disowned()
    yield from start_rows("everything", "the same, all owners wrong", disowned, 1.4)
    yield start_row("everything-bare", "the same, all owners wrong", disowned, None, BARE)
    yield from start_rows("renumbered", "the same, all owners renumbered, with their ledger",
                          later.compare_renumbering(), None)
    quick = later.compare("--ownership", "quick")
    took = rows_median(quick)
    yield rows.Row("quick", "start with nothing to change, `--ownership=quick`, milliseconds", "",
                   f"{took:.1f} ms", took, most=20, samples=quick.json())
    later.remove()


def rows_median(comparison):
    return 1000 * moving.median(comparison.costs["mailstate"])


def calls(_options, scratch):
    counted = moving.copy_calls(scratch, trees.small_files)
    peers = ", ".join(f"{name} {number:.1f}" for name, number in counted.items() if name != "mailstate")
    yield rows.Row("calls", "system calls a small file, whole move with comparison and removal", peers,
                   f"{counted['mailstate']:.1f}", counted["mailstate"])


def series(options, scratch):
    """Time a file and peak memory must not grow with the number of files; what grows of the time is the kernel's where
    it grows for the bare system calls, too."""
    for files in options.series:
        tree = small_tree(scratch, files, largest=4096)
        comparison = Moves(tree, options.runs if files <= 100_000 else 1, (BARE,)).comparison
        tree.remove()
        measured = comparison.costs["mailstate"]
        took, bare = (moving.median(comparison.costs[name]) / files * 1e6 for name in ("mailstate", BARE))
        peak = max(cost.peak for cost in measured) / 1024
        yield rows.Row(f"series-{files}", f"cold move of {files:,} files, microseconds a file", BARE,
                       f"{bare:.1f} µs : {took:.1f} µs", took, samples=comparison.json())
        yield rows.Row(f"memory-{files}", f"peak memory for {files:,} files, MiB", "", f"{peak:.0f} MiB", peak, most=64)


def small(options, scratch):
    yield from starting.small_container(scratch, options.runs)
    yield from starting.program_start(options.runs)


def rehearsal(options, scratch):
    files = min(options.files, 50_000)
    tree = Tree(scratch, size_for(2 * files, 8192), 3 * files + 8192, lambda top: trees.small_files(top, files, 8192))
    yield from rehearsing.rehearsal(tree, options.runs, files)
    tree.remove()


def nfs(options, _scratch):
    yield from network.rows(options.nfs_files, options.delays, options.runs)


GROUPS = {"one-disk": one_disk, "small": small, "calls": calls, "large": large, "odd": odd, "starts": starts, "moves": moves,
          "series": series, "rehearsal": rehearsal, "nfs": nfs}


def numbers(text):
    return [int(number) for number in text.split(",")]


def groups(text):
    names = text.split(",")
    for name in names:
        if name not in GROUPS:
            raise argparse.ArgumentTypeError(f"no group {name!r}: there are {', '.join(GROUPS)}")
    return names


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=groups, default=list(GROUPS), metavar="GROUP,...", help=", ".join(GROUPS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=200_000)
    parser.add_argument("--series", type=numbers, default=[10_000, 100_000, 1_000_000], metavar="NUMBER,...")
    parser.add_argument("--nfs-files", type=int, default=2000)
    parser.add_argument("--delays", type=numbers, default=[0, 1, 5], metavar="MILLISECONDS,...",
                        help="of the network in nfs, each way")
    parser.add_argument("--older", metavar="PROGRAM", help="an older build, beside this one in moves and starts")
    parser.add_argument("--json", metavar="FILE", help="all samples, and the machine's processors and kernel")
    return parser.parse_args()


def main():
    options = parse()
    report = os.path.abspath(options.json) if options.json else None
    if options.older:
        os.environ["MAILSTATE_OLDER"] = os.path.abspath(options.older)
    scratch = namespace.enter()
    measured = []
    for name in options.only:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        for row in GROUPS[name](options, scratch):
            print(f"  {row.work}: {row.figure}", file=sys.stderr, flush=True)
            measured.append(row)
    print(rows.table(measured))
    if report:
        kernel = subprocess.run(["uname", "-srm"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        with open(report, "w", encoding="utf-8") as file:
            json.dump({"processors": os.cpu_count(), "kernel": kernel, "runs": options.runs,
                       "rows": [{**vars(row), "kept": row.kept} for row in measured]}, file, indent=1)


if __name__ == "__main__":
    main()
