#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manual pages, as man, groff and mandoc read them."""

import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
PAGES = {"mailstate": 1, "mailstate-layout": 5, "mailstate-findings": 7}
ENVIRONMENT = {**program.CLEAN, "MANWIDTH": "80", "MANROFFOPT": "", "TERM": "dumb"}


def run(*command):
    return subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)


class ManualPage(case.Case):
    def setUp(self):
        self.scratch, self.sources, self.files = self.make_scratch("man"), {}, {}
        for page, section in PAGES.items():
            self.sources[page] = self.assert_done(program.run(["man", page])).out
            self.files[page] = f"{self.scratch}/{page}.{section}"
            with open(self.files[page], "w", encoding="utf-8") as file:
                file.write(self.sources[page])
        self.source, self.file = self.sources["mailstate"], self.files["mailstate"]

    def assert_silent(self, *command):
        said = run(*command)
        self.assertEqual((said.returncode, said.stderr), (0, ""), command)
        return said.stdout

    def rendered(self, page="mailstate", *options):
        text = self.assert_silent("man", "-l", "-E", "UTF-8", *options, self.files[page])
        return re.sub(r".\x08", "", text)  # overstruck letters

    def words(self, page):
        """Of the page, none of them hyphenated."""
        return re.sub(r"\s+", " ", self.rendered(page, "--no-hyphenation", "--no-justification"))

    def test_man_has_nothing_to_say_against_them(self):
        for file in self.files.values():
            self.assert_silent("man", "-l", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", file)

    def test_groff_has_nothing_to_say_against_them(self):
        for file in self.files.values():
            for device in ("utf8", "ascii", "ps", "html"):
                self.assert_silent("groff", "-man", "-ww", "-z", f"-T{device}", file)

    def test_mandoc_has_nothing_to_say_against_them(self):
        for file in self.files.values():
            self.assertEqual(self.assert_silent("mandoc", "-T", "lint", "-W", "style", file), "")

    def test_mandoc_minds_what_is_wrong(self):
        with open(self.file, "a", encoding="utf-8") as file:
            file.write(".FOO\n")
        self.assertNotEqual(run("mandoc", "-T", "lint", self.file).returncode, 0)

    def test_the_first_page_is_the_programs(self):
        self.assertEqual(self.assert_done(program.run(["man"])).out, self.source)

    def test_an_unknown_page_is_refused(self):
        said = program.run(["man", "mailstate-findngs"])
        self.assert_status(said, program.USAGE)
        self.assertIn("mailstate-findings", said.err)
        self.assert_status(program.run(["man", "mailstate", "mailstate-layout"]), program.USAGE)

    def test_that_of_layouts_has_each_key_of_the_schema(self):
        with open(f"{TOP}/src/layouts/layout.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        sections = re.split(r"(?m)^(?=[A-Z])", self.rendered("mailstate-layout"))
        of = schema["definitions"]
        objects = {"LAYOUT": schema, "ENTRIES": of["entry"], "OWNERSHIP RULES": of["ownership_rule"],
                   "BINARIES": of["binary"]}
        for title, described in objects.items():
            section, = (each for each in sections if each.startswith(title + "\n"))
            told = re.findall(r"(?m)^       (\w+): ", section)
            self.assertEqual(sorted(told), sorted(described["properties"]), title)
            flat = {each.split(":")[0]: " ".join(each.split()) for each in re.split(r"(?m)^       (?=\w)", section)[1:]}
            required = sorted(key for key, text in flat.items() if text.endswith("Required."))
            self.assertEqual(required, sorted(described["required"]), title)
        flat = self.words("mailstate-layout")
        words = of["entry"]["properties"]["needs"]["items"]["enum"]
        self.assertIn(", ".join(words) + ".", flat)
        self.assertIn(", ".join(of["kind"]["enum"]) + ".", flat)
        for bound in ("minimum", "maximum"):
            self.assertIn(str(of["entry"]["properties"]["weight"][bound]), flat)

    def test_the_example_of_that_of_layouts_is_a_layout(self):
        text = self.rendered("mailstate-layout")
        example = text[text.index("EXAMPLES\n"):text.index("SEE ALSO")].split("\n", 1)[1]
        with open(f"{self.scratch}/example.json", "w", encoding="utf-8") as file:
            file.write(example)
        self.assert_done(program.run(["layout", "validate", f"{self.scratch}/example.json"]))

    def test_that_of_findings_has_each_code_with_its_words(self):
        flat = self.words("mailstate-findings")
        for code in program.run(["explain", "--list", "--output", "json"]).json()["codes"]:
            for words in (f"{code['code']} ({code['severity']}", code["meaning"], code["cause"], code["hint"]):
                self.assertIn(re.sub(r"\s+", " ", words.replace("…", "...")), flat, code["code"])

    def test_they_are_ascii_and_their_lines_are_short(self):
        for line in "".join(self.sources.values()).splitlines():
            self.assertTrue(line.isascii(), line)
            self.assertEqual(line, line.rstrip())
            if not line.startswith("."):
                self.assertLess(len(line), 130, line)

    def test_it_tells_all_that_the_help_tells(self):
        text = self.rendered()
        flat = re.sub(r"\s+", " ", text)
        told = program.run(["--help"]).out
        commands = re.findall(r"(?m)^  ([a-z]+) ", told[told.index("Commands:"):told.index("What and where:")])
        self.assertIn("man", commands)
        for command in commands:
            self.assertRegex(text, rf"(?m)^   {command}$")
            self.assertIn(f"mailstate {command} [OPTION...]", flat)
            help_text = program.run([command, "--help"]).out
            for option in re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)", help_text):
                self.assertRegex(text, rf"(?m)^       (-\w, )?{option}\b", command)
            examples = help_text[help_text.index("Examples:"):help_text.index("Exit codes:")]
            for example in re.findall(r"(?m)^  (.*)$", examples):
                self.assertIn(example, flat)
        for code in re.findall(r"(?m)^  (\d\S*) ", told[told.index("Exit codes:"):]):
            self.assertRegex(text, rf"(?m)^       {re.escape(code)}\b")
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES",
                        "EXAMPLES", "SEE ALSO"):
            self.assertRegex(text, rf"(?m)^{section}$")
        for word in ("MAILSTATE_<NAME>", "NO_COLOR", "/usr/share/mailstate/seal.json", "postfix(1)"):
            self.assertIn(word, text)

    def test_they_fit_a_terminal(self):
        for page in PAGES:
            for line in self.rendered(page).splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_apropos_can_read_their_names(self):
        for page, words in zip(PAGES, ("keeps the state", "where a mail system keeps", "what mailstate observes")):
            self.assertIn(f"{page} - {words}", run("lexgrog", self.files[page]).stdout)

    def test_json(self):
        told = self.assert_done(program.run(["man", "--output", "json"])).json()
        self.assertEqual((told["command"], told["content"]), ("man", self.source))


if __name__ == "__main__":
    case.main()
