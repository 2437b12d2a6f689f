#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The completions, completed by the shells that they are written for."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

# In: the words of the line, the last one under the cursor. Out: what the Tab key would offer.
BASH = """
source "$0"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_mailstate
printf '%s\\n' "${COMPREPLY[@]}"
"""

# For an interactive zsh: what its line editor is offered is printed, between two lines with a NUL.
ZSH_SETUP = r"""
PROMPT=
autoload -Uz compinit
compinit -D -u
source $ZSH_SCRIPT
bindkey '^M' undefined
bindkey '^J' undefined
bindkey '^I' complete-word
border() { print -r -- $'\0' }
compprefuncs=(border)
comppostfuncs=(border exit)
zstyle ':completion:*' insert-tab false
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a offered
    builtin compadd -A offered "$@"
    (( $#offered )) && print -rl -- $IPREFIX$^offered
}
# Only now are the terminal's settings the line editor's: what was typed before may be lost.
zle-line-init() { print ready }
zle -N zle-line-init
"""
# On a terminal of its own.
ZSH = r"""
zmodload zsh/zpty || exit 1
zpty z zsh -f -i
zpty -w z "source $1"
while zpty -r z line && [[ $line != *ready* ]]; do :; done
zpty -w -n z "$2"$'\t'
integer borders=0
while zpty -r z line; do
    if [[ $line == *$'\0'* ]]; then
        (( ++borders == 2 )) && break
    elif (( borders )); then
        print -r -- "${line%%[[:space:]]##}"
    fi
done
zpty -d z
"""


def options_in(text):
    return set(re.findall(r"(?m)^  (?:-\w, )?(--[a-z-]+)", text))


class Shell(case.Case):
    shell = None

    @classmethod
    def setUpClass(cls):
        if cls.shell is None:
            raise case.unittest.SkipTest("the base of the others")

    def setUp(self):
        self.place = self.make_scratch(self.shell)
        self.script = f"{self.place}/_mailstate"
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(self.assert_done(program.run(["completion", self.shell])).out)
        self.files = f"{self.place}/files"
        os.makedirs(f"{self.files}/folder")
        for name in ("a file.json", "plan.json"):
            with open(f"{self.files}/{name}", "w", encoding="utf-8"):
                pass

    def run_shell(self, *command):
        done = subprocess.run(command, cwd=self.files, env={**program.CLEAN, "HOME": self.place, "TERM": "dumb"},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)
        self.assertEqual((done.returncode, done.stderr), (0, ""), command)
        return done.stdout

    def offers(self, *words):
        raise NotImplementedError

    def assert_offers(self, expected, *words):
        self.assertEqual(sorted(self.offers(*words)), sorted(expected), words)

    def test_commands(self):
        self.assert_offers(["plan"], "pl")
        told = program.run(["--help"]).out
        names = re.findall(r"(?m)^  ([a-z]+) ", told[told.index("Commands:"):told.index("What and where:")])
        self.assertGreater(len(names), 8)
        self.assert_offers(names, "")

    def test_the_options_of_each_command_are_those_of_its_help(self):
        for command in ("plan", "apply", "verify", "check", "sni", "layout", "rollback", "probe"):
            expected = options_in(program.run([command, "--help"]).out)
            self.assertIn("--output" if command == "layout" else "--jobs", expected)
            self.assertEqual(set(self.offers(command, "--")), expected, command)

    def test_options_of_other_commands_are_not_offered(self):
        self.assert_offers(["--dry-run"], "apply", "--dr")
        self.assert_offers([], "verify", "--dr")

    def test_options_that_are_given_do_not_hide_the_command(self):
        self.assert_offers(["--detailed-exitcode"], "--root", "/", "plan", "--jobs", "4", "--det")

    def test_values_of_a_choice(self):
        self.assert_offers(["text", "json", "junit", "sarif", "github"], "plan", "--output", "")
        self.assert_offers(["metadata"], "apply", "--verify", "m")
        self.assert_offers(["docker-mailserver", "mailcow", "mailu"], "check", "--system", "")

    def test_layouts_and_files(self):
        self.assert_offers(["docker-mailserver"], "plan", "--layout", "d", )
        self.assert_offers(["mailcow", "mailu"], "layout", "show", "mail")

    def test_arguments(self):
        self.assert_offers(["list", "show", "validate"], "layout", "")
        self.assert_offers(["bash", "fish", "zsh"], "completion", "")

    def test_rules(self):
        rules = re.findall(r"(?m)^  (\S+)", program.run(["check", "--list"]).out)
        self.assert_offers([rule for rule in rules if rule.startswith("mailu.")], "check", "--explain", "mailu.")

    def test_codes(self):
        self.assert_offers(["adoption.copied", "adoption.changed-copy"], "explain", "adoption.c")


class Bash(Shell):
    shell = "bash"

    def offers(self, *words):
        line = ["mailstate"]
        for word in words:  # as bash cuts them
            line += [part for part in re.split("(=)", word) if part] if "=" in word else [word]
        return [word for word in self.run_shell("bash", "-c", BASH, self.script, *line).split("\n") if word]

    def test_syntax(self):
        self.assertEqual(self.run_shell("bash", "-n", self.script), "")

    def test_values_behind_an_equals_sign(self):
        self.assert_offers(["text", "json", "junit", "sarif", "github"], "plan", "--output=")
        self.assert_offers(["json", "junit"], "plan", "--output=j")

    def test_lists_are_completed_word_by_word(self):
        self.assert_offers(["redis,rspamd"], "plan", "--only", "redis,rs")

    def test_files_and_directories(self):
        self.assert_offers(["a file.json", "plan.json", "folder"], "plan", "--out", "")
        self.assert_offers(["folder"], "plan", "--root", "")
        self.assert_offers(["plan.json"], "layout", "validate", "p")
        self.assert_offers(["plan.json"], "plan", "--layout", "pl")

    def test_nothing_where_nothing_can_be_known(self):
        self.assert_offers([], "check", "--sender", "")

    def test_the_program_behind_two_dashes(self):
        self.assertIn("unshare", self.offers("apply", "--", "unsh"))
        self.assert_offers(["plan.json"], "apply", "--keep-going", "--", "cat", "pl")

    def test_the_tab_key(self):
        """A whole interactive bash on a terminal."""
        command = f"source {self.script}; cd {self.files}; PS1=; bind 'set bell-style none'\n"
        typed = command + "echo mailstate-is-ready\n" + "mailstate roll\t --verify con\t --only postgr\t; exit\n"
        said = subprocess.run(["script", "-qec", "bash --norc --noprofile -i", "/dev/null"], input=typed,
                              env={**program.CLEAN, "HOME": self.place, "TERM": "dumb"}, capture_output=True,
                              text=True, check=False, timeout=300).stdout
        self.assertIn("mailstate rollback  --verify content  --only postgrey", said)


class Zsh(Shell):
    shell = "zsh"

    def offers(self, *words):
        setup = f"{self.place}/setup"
        with open(setup, "w", encoding="utf-8") as file:
            file.write(ZSH_SETUP.replace("$ZSH_SCRIPT", self.script))
        said = self.run_shell("zsh", "-f", "-o", "extendedglob", "-c", ZSH, "zsh", setup, " ".join(["mailstate", *words]))
        return [line for line in said.splitlines() if line]

    def test_syntax(self):
        self.assertEqual(self.run_shell("zsh", "-n", self.script), "")

    def test_files_and_directories(self):
        self.assertIn("plan.json", self.offers("plan", "--out", "p"))
        self.assertIn("plan.json", self.offers("layout", "validate", "p"))


class Fish(Shell):
    shell = "fish"

    def offers(self, *words):
        line = " ".join(["mailstate", *words])
        said = self.run_shell("fish", "--no-config", "-c", f"source {self.script}; complete -C '{line}'")
        return [row.split("\t")[0] for row in said.splitlines()]

    def test_syntax(self):
        self.assertEqual(self.run_shell("fish", "--no-execute", self.script), "")

    def test_descriptions(self):
        said = self.run_shell("fish", "--no-config", "-c", f"source {self.script}; complete -C 'mailstate pl'")
        self.assertEqual(said, "plan\tshow what apply would do, and why; change nothing\n")

    def test_lists_are_completed_word_by_word(self):
        self.assertIn("redis,rspamd", self.offers("plan", "--only", "redis,rs"))

    def test_files_and_directories(self):
        self.assert_offers(["plan.json"], "plan", "--out", "pl")
        self.assert_offers(["folder/"], "plan", "--root", "fo")
        self.assert_offers(["plan.json"], "layout", "validate", "pl")


del Shell

if __name__ == "__main__":
    case.main()
