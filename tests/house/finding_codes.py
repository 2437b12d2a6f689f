#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The codes of the finding table and of the rule book against those that the sources name: none is named that no table
has, none of the finding table is unused, and no source makes a finding by hand. With MAILSTATE, the program's own list
(explain --list) is these codes."""

import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.environ.get("HOUSE_TREE", f"{HERE}/../..")
ROWS = "src/model/findings"
MAKERS = {"include/mailstate/model/finding_table.hpp", "src/model/finding_table.cpp", "src/preflight/judge_rules.cpp"}
BY_ABILITY = "volume.lacks-"  # the rest is the ability's name, as in layouts
LOOKING_UP = MAKERS | {"src/app/answers/explain.cpp", "src/model/volume_causes.cpp"}
CODE = re.compile(r'"([a-z]+\.[a-z]+(?:-[a-z0-9]+)*)"')
FILE_ENDS = (".cf", ".conf", ".cpp", ".env", ".hpp", ".json", ".jsonl", ".pem", ".sh", ".yaml", ".yml")
BY_HAND = re.compile(r"(?<!struct )\bFinding(?: \w+)? ?\{\s*[^\s}]"
                     r"|\{\s*(?:Severity::\w+|[\w.>-]*severity)\s*,(?!\s*Severity::)"
                     r'|\.code = "[^"]*";')
LOOK_UP = re.compile(r"\bfrom_row\(|\bfindings::find\(")

problems = []


def blame(text):
    problems.append(text)
    print(text)


def sources():
    for top in ("include", "src"):
        for folder, _, names in os.walk(f"{TREE}/{top}"):
            for name in sorted(names):
                if name.endswith((".hpp", ".cpp")):
                    path = f"{folder}/{name}"
                    with open(path, encoding="utf-8") as file:
                        yield os.path.relpath(path, TREE), re.sub(r"(?m)(?<!:)//.*$", "", file.read())


def codes_of(kind, texts):
    codes = [code for text in texts for code in re.findall(kind + r'\{\s*"([^"]*)"', text)]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        blame(f"{code}: has two rows")
    for code in codes:
        if not CODE.fullmatch(f'"{code}"'):
            blame(f"{code}: a code has a dot, and small letters")
    return set(codes)


def named_in(text, families):
    found = {code for code in CODE.findall(text) if not code.endswith(FILE_ENDS)}
    return {code for code in found if code.split(".")[0] in families}


def check_makers(path, text):
    if path not in MAKERS and BY_HAND.search(text):
        line = text[:BY_HAND.search(text).start()].count("\n") + 1
        blame(f"{path}:{line}: makes a finding by hand; make_finding() has its row")
    if path not in LOOKING_UP and LOOK_UP.search(text):
        blame(f"{path}: looks a row up by a text; a FindingCode is checked where it is compiled")


def check_list(codes):
    said = subprocess.run([os.environ["MAILSTATE"], "explain", "--list", "--output", "json"],
                          stdout=subprocess.PIPE, check=True).stdout
    listed = {row["code"] for row in json.loads(said)["codes"]}
    for code in sorted(codes ^ listed):
        blame(f"{code}: in " + ("the tables, but not listed" if code in codes else "the list, but in no table"))


def main():
    texts = dict(sources())
    rows = codes_of("FindingRow", [text for path, text in texts.items() if path.startswith(ROWS)])
    rules = codes_of("Rule", [text for path, text in texts.items() if path.startswith("src/preflight/")])
    if len(rows) < 100 or len(rules) < 70:
        blame(f"only {len(rows)} rows and {len(rules)} rules were looked at")
    families = {code.split(".")[0] for code in rows | rules}
    used = set()
    for path, text in texts.items():
        if path.startswith(ROWS):
            continue
        check_makers(path, text)
        named = named_in(text, families)
        used |= named
        for code in sorted(named - rows - rules):
            blame(f"{path}: names {code}, which is in no table")
        if f'"{BY_ABILITY}"' in text:
            used |= {code for code in rows if code.startswith(BY_ABILITY)}
    for code in sorted(rows - used):
        blame(f"{code}: nothing states it")
    if "MAILSTATE" in os.environ:
        check_list(rows | rules)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
