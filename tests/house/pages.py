#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What the pages (*.md) say exists: files and headings that links and code name, commands and options of mailstate, codes
of findings, switches of layouts, and what explains the messages in README's table. Addresses elsewhere are whole; tests have
no network to look them up. README is short; each block of commands is run by a test or says why not. MAILSTATE: the program;
without it options, codes and generated parts are not looked at."""

import functools
import os
import re
import subprocess
import sys

import yaml

TREE = os.environ.get("HOUSE_TREE", f"{os.path.dirname(os.path.abspath(__file__))}/../..")
PROGRAM = os.environ.get("MAILSTATE")
LONGEST_README = 160
MARK = re.compile(r"<!-- (?:run by (?P<test>\S+)|not run: (?P<reason>\S.*)) -->")
NAMED_FILE = re.compile(r"(?:\.\./)*[\w.-]+/(?:[\w.-]+/)*[\w-]+\.(?:cpp|hpp|py|sh|json|jq|yaml|yml|in|css|service|container)")

problems = []


def blame(page, text):
    problems.append(f"{page}: {text}")


def outside_code(text):
    return re.sub(r"(?ms)^```.*?^```$", "", text)


def slug(heading):
    """As GitHub makes a heading's anchor."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@functools.cache
def headings(path):
    with open(f"{TREE}/{path}", encoding="utf-8") as file:
        return {slug(each) for each in re.findall(r"(?m)^#+ (.*)$", outside_code(file.read()))}


def links(page, text):
    for target in re.findall(r"\]\(([^)\s]+)\)", outside_code(text)):
        if re.match(r"[a-zA-Z]+:", target):
            if not re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+(/[^\s<>]*)?|mailto:[^@\s]+@[^@\s]+", target):
                blame(page, f"{target} is no whole address")
            continue
        path, _, heading = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        if not os.path.exists(f"{TREE}/{path}"):
            blame(page, f"a link to {target} leads nowhere")
        elif heading and heading not in headings(path):
            blame(page, f"a link to {target} leads to no heading")


def files(page, text):
    """Files that are named in code, from the top or from a page's own directory."""
    for code in re.findall(r"`([^`\n]+)`", outside_code(text)):
        if NAMED_FILE.fullmatch(code) and not any(
                os.path.exists(f"{TREE}/{place}/{code}") for place in (".", os.path.dirname(page))):
            blame(page, f"there is no file {code}")


def blocks(page, text):
    """The commands of each block of shell, whose mark is the line before it."""
    for before, block in re.findall(r"(?ms)^([^\n]*)\n```sh\n(.*?)^```$", text):
        mark = MARK.fullmatch(before)
        if mark is None:
            blame(page, f"no test and no reason is named for the commands '{block.splitlines()[0]}' …")
        elif mark["test"] and not reads_pages(mark["test"]):
            blame(page, f"{mark['test']} is no test that reads a page")
        yield block


def settings(page, text):
    """Blocks of other languages that call the program: a list is a command line, such as [mailstate, apply, --]."""
    for language, block in re.findall(r"(?ms)^```(yaml|dockerfile)\n(.*?)^```$", text):
        if language == "yaml":
            try:
                yaml.safe_load(block)
            except yaml.YAMLError as problem:
                blame(page, f"a block is no YAML: {problem}")
        yield re.sub(r"[\[\], ]+", " ", re.sub(r"#.*", "", block)).replace("RUN mailstate", "\nmailstate")


def reads_pages(test):
    path = f"{TREE}/{test}"
    if not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8") as file:
        return "README.md" in file.read()


@functools.cache
def options_of(command):
    said = subprocess.run([PROGRAM, "help", command], capture_output=True, text=True, check=False)
    return set(re.findall(r"--[a-z][a-z-]+", said.stdout)) if said.returncode == 0 else None


def commands(page, code):
    """Calls of the program: at the beginning of a line or a pipe the command exists; everywhere its options are of it."""
    for before, name, rest in re.findall(r"(?m)(^|\| |&& | )mailstate ([a-z]+)(?![\w<])([^|;&#\n]*)", code):
        known = options_of(name)
        if known is None and before != " ":
            blame(page, f"mailstate has no command {name}")
        for option in re.findall(r"(?:^| )(--[a-z][a-z-]*)", rest.split(" -- ")[0]):
            if known is not None and option not in known:
                blame(page, f"mailstate {name} has no {option}")


def scripts(page, block):
    for name in re.findall(r"(?:^|\s)((?:scripts|tests|\.ci)/[\w./-]+)", block):
        if not os.path.exists(f"{TREE}/{name}"):
            blame(page, f"there is no {name}")


@functools.cache
def codes():
    said = subprocess.run([PROGRAM, "explain", "--list"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in said.splitlines() if line.strip()}


def named_codes(page, text):
    floors = {code.split(".")[0] for code in codes()}
    for code in re.findall(r"`([a-z]+\.(?!yaml`|json`)[a-z][a-z0-9-]+)`", text):
        if code.split(".")[0] in floors and code not in codes():
            blame(page, f"there is no code {code}")


@functools.cache
def switches():
    """The variables by which the built-in layouts switch entries on and off."""
    directory = f"{TREE}/src/layouts"
    names = [name for name in os.listdir(directory) if name.endswith(".json") and "schema" not in name]
    texts = []
    for name in names:
        with open(f"{directory}/{name}", encoding="utf-8") as file:
            texts.append(file.read())
    return set(re.findall(r"\bENABLE_[A-Z_]+", "".join(texts)))


def variables(page, code):
    for name in re.findall(r"\b(ENABLE_[A-Z_]+)=", code):
        if name not in switches():
            blame(page, f"no built-in layout has a switch {name}")


def symptoms(text):
    """Each message of README's table is explained by the codes beside it."""
    rows = re.findall(r"(?m)^\| `([^`]+)`[^|]*\| ([^|]*) \|", text[text.index("| message |"):].split("\n\n")[0])
    if not rows:
        blame("README.md", "has no table of messages")
    for message, cause in rows:
        said = subprocess.run([PROGRAM, "explain", "--symptom", message], capture_output=True, text=True,
                              check=False).stdout
        named = re.findall(r"`([a-z]+\.[a-z-]+)`", cause)
        for code in named or ["(no code)"]:
            if not re.search(rf"(?m)^{re.escape(code)} ", said):
                blame("README.md", f"'{message}' is not explained by {code}")


def look_at(page):
    with open(f"{TREE}/{page}", encoding="utf-8") as file:
        text = file.read()
    links(page, text)
    files(page, text)
    code = list(blocks(page, text))
    for block in code:
        scripts(page, block)
    inline = re.findall(r"`([^`\n]+)`", outside_code(text))
    for each in [*code, *inline]:
        variables(page, each)
    if PROGRAM:
        for each in [*code, *inline, *settings(page, text)]:
            commands(page, each.replace("\\\n", " "))
        named_codes(page, text)
    if page == "README.md":
        if len(text.splitlines()) > LONGEST_README:
            blame(page, f"has more than {LONGEST_README} lines")
        if PROGRAM:
            symptoms(text)


def main():
    for page in sys.argv[1:]:
        look_at(page)
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
