#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Idioms that no native reader would write, in what users read: pages, texts of the program, lines of scripts. Comments are
not looked at. What to write instead is beside each."""

import os
import re
import subprocess
import sys

TREE = os.environ.get("HOUSE_TREE", f"{os.path.dirname(os.path.abspath(__file__))}/../..")
IDIOMS = {
    r"(?:is|are|was|and) said": "is reported, and reports it",
    r"left (?:alone|untouched) and said": "left alone and reported",
    r"in silence": "silently",
    r"(?:one|link|directory) is made": "is created",
    r"put(?:s|ting)? right": "corrects, sets",
    r"all the same": "anyway",
    r"(?:stands?|lies?|lay|stood) (?:in|on|below|beside|behind|inside|there|before)": "is",
    r"behind (?:`?--|the move)": "after",
    r"(?<!there )is no(?! longer)": "is not a",
    r"passe[sd] over": "skip",
    r"be had with": "be combined with",
    r"from 1 on": "1 or more",
    r"found out": "detected",
    r"whoever|somebody(?: else)?": "the user, another process",
    r"as it should be": "correct; problems found",
    r"cut off": "interrupted",
    r"worked in as": "accessed as",
    r"any more": "no longer",
    r"(?:taken|put) out of the way": "moved away",
}
LITERAL = r'"(?:[^"\\\n]|\\.)*"'
RAW = re.compile(r'R"\((.*?)\)"', re.S)


def files(*patterns):
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard",
                             "--", *patterns], cwd=TREE, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [path for path in sorted(set(listed.splitlines())) if os.path.exists(f"{TREE}/{path}")]


def literals(text):
    """Adjacent literals are one text."""
    text = re.sub(r"(?m)(?<!:)//.*$", "", text)
    yield from RAW.findall(text)
    for run in re.findall(rf"(?:{LITERAL}\s*)+", RAW.sub("", text)):
        yield "".join(part[1:-1] for part in re.findall(LITERAL, run))


def texts(path):
    with open(f"{TREE}/{path}", encoding="utf-8") as file:
        text = file.read()
    if path.endswith((".cpp", ".hpp")):
        return list(literals(text))
    return [text if path.endswith((".md", ".json")) else re.sub(r"(?m)(?:^|\s)#.*$", "", text)]


def main():
    looked_at, found = 0, 0
    for path in files("*.md", "include", "scripts", "src"):
        for text in texts(path):
            looked_at += 1
            for idiom, better in IDIOMS.items():
                for match in re.finditer(rf"\b(?:{idiom})(?!\w)", re.sub(r"\s+", " ", text), re.IGNORECASE):
                    found += 1
                    print(f"{path}: '{match[0]}': write {better}")
    if looked_at < 1000:
        print(f"only {looked_at} texts were looked at")
    return 1 if found or looked_at < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
