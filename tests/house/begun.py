#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""No TRY in a braced value behind its first member: where it returns from there, the members before it are never
destroyed, since it is a statement expression (by gcc's and clang's own account no use for one)."""

import os
import re
import subprocess
import sys

TREE = os.environ.get("HOUSE_TREE", f"{os.path.dirname(os.path.abspath(__file__))}/../..")
BLOCK = re.compile(r"(?:[){};>]|\b(?:const|override|final|else|do|try|noexcept|mutable))$")


def plain(text):
    """Without comments, and with the length that it has."""
    return re.sub(r"//[^\n]*", lambda match: " " * len(match[0]), text)


def opener(text, at):
    """Of the bracket that encloses a place: where it is, and whether a comma of its own comes before the place."""
    depth, comma = 0, False
    for i in range(at - 1, -1, -1):
        if text[i] in ")]}":
            depth += 1
        elif text[i] in "([{":
            if depth == 0:
                return i, comma
            depth -= 1
        elif depth == 0 and text[i] == ";":
            break
        comma = comma or depth == 0 and text[i] == ","
    return -1, False


def main():
    listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "--", "src/*.cpp", "src/*.hpp", "include/*.hpp"],
                            cwd=TREE, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    found = 0
    for path in listed:
        with open(f"{TREE}/{path}", encoding="utf-8") as file:
            text = plain(file.read())
        for match in re.finditer(r"\bTRY\(", text):
            begin, comma = opener(text, match.start())
            if begin >= 0 and text[begin] == "{" and comma and not BLOCK.search(text[:begin].rstrip()):
                found += 1
                line = text.count("\n", 0, match.start()) + 1
                print(f"{path}:{line}: TRY behind a member of a braced value: ask for it before the value is begun")
    if not listed:
        print("no source was looked at")
    return 1 if found or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
