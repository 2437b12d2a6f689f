#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The schema of the layout file and the program's own reader say the same of each layout, good or bad."""

import copy
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "../..")
sys.path.insert(0, os.path.join(HERE, ".."))
import jsonschema
from support import case, program

WHOLE = {
    "comment": "of the whole", "name": "whole", "version": 1, "state_dir": "/var/mail-state", "defaults": {"A": "1", "B": "${A}"},
    "entries": [{"comment": "of one", "name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis", "kind": "directory",
                 "enabled": [{"env": "A", "is": 1}, {"env": "B", "is_not": 0}], "needs": ["chown"],
                 "ownership": [{"match": "**", "owner": "redis", "group": "redis", "mode": "0750", "kind": "directory"}],
                 "stale": ["*.pid"], "disposable": ["*.rdb"],
                 "disposable_if_equal_to_root": ["etc/**"], "spare": ["clamav"], "in_place": True}],
    "binaries": [{"path": "/usr/sbin/postdrop", "owner": "root", "group": "postdrop", "mode": "2755"}],
    "storage_names": [".mine", ".old-*"]}

# What a schema cannot know: how brackets pair, what globs match, and what one value says of another.
BEYOND_A_SCHEMA = {'{"A": "${B}", "B": "x${A}"}', "{a", '"**"]', '["*"]', '["*/**"]', "{*.pid,?*}", '["."]', '["[!.]*", ".*"]',
                   '["**/*"]'}


def places(value, path=()):
    """Every path into a document."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def changed(path, change):
    document = copy.deepcopy(WHOLE)
    change(at(document, path[:-1]), path[-1])
    return document


def bad_examples():
    """Texts of entries and layouts that the reader's own tests hold to be wrong, without the mark of the place."""
    with open(f"{TOP}/tests/unit/model/layout_json_test.cpp", encoding="utf-8") as file:
        source = file.read()
    around = '{{ "name": "test", "version": 1, "state_dir": "/var/mail-state", "entries": [{}]{} }}'
    redis = '{{"name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis", {}}}'
    wrong = source[source.index("const Wrong wrong_shape"):source.index("INSTANTIATE")].replace("@@", "")
    for more in re.findall(r'\{redis_with\(R"\((.*?)\)"\)', wrong):
        yield more, around.format(redis.format(more), "")
    for more in re.findall(r'\{layout_around\("", R"\((.*?)\)"\)', wrong):
        yield more, around.format("", more)
    for text in re.findall(r'\{R"\((.*?)\)",', wrong):
        yield text, text


class LayoutSchema(case.Case):
    @classmethod
    def setUpClass(cls):
        with open(f"{TOP}/src/layouts/layout.schema.json", encoding="utf-8") as file:
            cls.schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(cls.schema)
        cls.validator = jsonschema.Draft7Validator(cls.schema)

    def setUp(self):
        self.file = f"{self.make_scratch('layout')}/layout.json"

    def by_reader(self, text):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        return program.run(["layout", "validate", self.file])

    def assert_both(self, good, text, why):
        outcome = self.by_reader(text)
        self.assert_status(outcome, 0 if good else program.BAD_FILE)
        errors = [error.message for error in self.validator.iter_errors(json.loads(text))]
        self.assertEqual(not errors, good, f"{why}\n{text}\n{errors}\n{outcome}")
        return outcome

    def test_the_layouts_of_the_program_and_of_the_tests(self):
        layouts = [path for path in glob.glob(f"{TOP}/src/layouts/*.json") if not path.endswith(".schema.json")]
        layouts += glob.glob(f"{TOP}/tests/fuzz/corpus/layout/*.json")
        self.assertGreater(len(layouts), 3)
        for path in layouts:
            with open(path, encoding="utf-8") as file:
                self.assert_both(True, file.read(), path)
        self.assert_both(True, json.dumps(WHOLE), "the whole of a layout")

    def test_the_example_of_the_readme(self):
        with open(f"{TOP}/src/layouts/README.md", encoding="utf-8") as file:
            example = re.search(r'```json\n(\{ "name": "mine".*?)```', file.read(), re.DOTALL)[1]
        self.assert_both(True, example, "README")

    def test_both_require_the_same_keys(self):
        """Each key taken out: what one misses, the other does too."""
        agreed = 0
        for path in places(WHOLE):
            if path and isinstance(path[-1], str):
                text = json.dumps(changed(path, lambda parent, key: parent.pop(key)))
                self.assert_both(self.by_reader(text).status == 0, text, f"without {path}")
                agreed += 1
        self.assertGreater(agreed, 25)

    def test_both_refuse_unknown_keys_and_wrong_types(self):
        for path in places(WHOLE):
            if isinstance(at(WHOLE, path), dict) and path != ("defaults",):
                text = json.dumps(changed((*path, "unheard_of"), lambda parent, key: parent.update({key: 1})))
                self.assert_both(False, text, f"an unknown key in {path}")
            for wrong in (None, 1.5, True, "", [], {}, [7]) if path else ():
                text = json.dumps(changed(path, lambda parent, key, value=wrong: parent.__setitem__(key, value)))
                self.assert_both(self.by_reader(text).status == 0, text, f"{path} is {wrong!r}")

    def test_both_know_the_same_words(self):
        entry = self.schema["definitions"]["entry"]["properties"]
        hint = self.by_reader(json.dumps(changed(("entries", 0, "needs", 0), lambda p, k: p.__setitem__(k, "x")))).err
        known = re.findall(r'"([a-z-]+)"', hint[hint.index("Known are"):])
        self.assertEqual(known, entry["needs"]["items"]["enum"])
        for path, words in {("entries", 0, "kind"): entry["kind"]["enum"], ("entries", 0, "needs", 0): known,
                            ("entries", 0, "ownership", 0, "kind"): self.schema["definitions"]["kind"]["enum"]}.items():
            for word in words:
                self.assert_both(True, json.dumps(changed(path, lambda p, k, w=word: p.__setitem__(k, w))), word)
        kinds = self.by_reader(json.dumps(changed(("entries", 0, "ownership", 0, "kind"),
                                                  lambda p, k: p.__setitem__(k, "x")))).err
        for kind in self.schema["definitions"]["kind"]["enum"]:
            self.assertIn(f'"{kind}"', kinds)

    def test_both_mind_the_same_values(self):
        values = {
            ("name",): ["", ".a", "-a", "a b", "ä", "a" * 64, "a" * 65, "_", "A.b-c"],
            ("version",): [0, 1, -1, 10**9, 10**9 + 1],
            ("state_dir",): ["/", "x", "/a/", "/a//b", "/a/..", "/a/../b", "/a/.", "/...", "/a/.b", "/\\xff", "/\\x5c",
                             "/a\\b", "/a\\x5", "/ä b"],
            ("entries", 0, "destination"): ["", "/a", ".mailstate", ".mailstate/x", ".mailstatex", "a/.mailstate", "a/b",
                                            "a//b", "a/", "..", "a/../b", ".a", "a\\b"],
            ("entries", 0, "enabled", 0, "env"): ["", "1A", "A B", "A1", "_", "a-b", "Ä"],
            ("entries", 0, "enabled", 0, "is"): [-5, 2**63 - 1],
            ("entries", 0, "ownership", 0, "owner"): ["101", "a:b", "a/b", "a,b", "a b", "a1", "1a", "_x", "ä"],
            ("entries", 0, "ownership", 0, "mode"): ["0", "75", "755", "2755", "02755", "0789", "u+x"],
            ("entries", 0, "ownership", 0, "match"): [".", "a/b", "/a", "a//b", "a/", "*", "a\\*b"],
            ("binaries", 0, "path"): ["usr/x", "/usr/x"],
            ("storage_names", 0): ["", ".", "..", "...", "a/b", "*", "a*b", "a**", "a*", ".a", "#a b", "\\xff", "a\\b"],
            ("defaults", "A"): ["", "$", "$A", "${", "${}", "${A B}", "x${C}y", "${C", "$${C}"],
        }
        for path, candidates in values.items():
            for value in candidates:
                text = json.dumps(changed(path, lambda parent, key, v=value: parent.__setitem__(key, v)))
                self.assert_both(self.by_reader(text).status == 0, text, f"{path} is {value!r}")

    def test_the_bad_examples_of_the_readers_own_tests(self):
        tried = 0
        for example, text in bad_examples():
            if any(beyond in example for beyond in BEYOND_A_SCHEMA):
                self.assert_status(self.by_reader(text), program.BAD_FILE)
                continue
            try:
                json.loads(text)
            except ValueError:
                self.fail(f"not taken out of the tests as it stands there: {text}")
            self.assert_both(False, text, example)
            tried += 1
        self.assertGreater(tried, 25)


if __name__ == "__main__":
    case.main()
