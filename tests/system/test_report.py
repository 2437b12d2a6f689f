#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""--report: the JSON is what the schema says and what stdout says; the page is whole, needs nothing, and no name gets out
of its text."""

import json
import os
import re
import socket
import stat
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.join(HERE, "../..")
sys.path.insert(0, os.path.join(HERE, ".."))
import jsonschema
from support import case, program
from support.content import changing_configuration
from support.page import Page
from support.world import mount

ONLY_IN_REPORTS = {"time", "host", "volume", "capabilities"}


class Reports(case.Case):
    @classmethod
    def setUpClass(cls):
        with open(f"{TOP}/src/report/report.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def setUp(self):
        self.directory = self.make_scratch("report")

    def read(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def assert_good(self, report):
        self.assertEqual([f"{list(error.path)}: {error.message}" for error in self.validator.iter_errors(report)], [])

    def assert_whole(self, text):
        """Well-formed, with nothing from elsewhere; its links are to parts of itself and to the references of findings."""
        page = Page(text)
        self.assertEqual(page.problems, [])
        links = {attributes["href"] for tag, attributes in page.elements if tag == "a"}
        without_links = re.sub(r'<a href="https://[^"]*" rel="noreferrer">', "", text)
        self.assertNotRegex(without_links, r"(?i)https?:|url\(|@import|//[a-z]+\.[a-z]")
        tags = {tag for tag, _ in page.elements}
        self.assertFalse(tags & {"script", "img", "iframe", "object", "embed", "base", "form"}, tags)
        ids = page.attributes("id")
        self.assertEqual(len(ids), len(set(ids)))
        for href in page.attributes("href"):
            self.assertTrue(href == "data:," or href.removeprefix("#") in ids or
                            href in links and href.startswith("https://"), href)
        self.assertFalse([name for _, attributes in page.elements for name in attributes
                          if name.startswith("on") or name == "src"])
        return page

    def reported(self, world, command, *arguments, status=0, **variables):
        """The JSON report of a run, held against its stdout, and the page of the same command's next run."""
        file = f"{self.directory}/report.json"
        outcome = world.run(command, "--report", file, "--output", "json", *arguments, **variables)
        self.assert_status(outcome, status)
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        report = json.loads(self.read(file))
        self.assert_good(report)
        self.assert_good(outcome.json())
        self.assertIn("time", report)
        self.assertEqual({k: v for k, v in report.items() if k not in ONLY_IN_REPORTS},
                         {k: v for k, v in outcome.json().items() if k not in ONLY_IN_REPORTS})
        self.assertEqual((report["exit_code"], report["host"]), (status, socket.gethostname()))
        self.assertEqual(os.listdir(self.directory), ["report.json"])
        return report

    def page(self, world, command, *arguments, status=0, **variables):
        file = f"{self.directory}/report.html"
        self.assert_status(world.run(command, "--report", file, *arguments, **variables), status)
        page = self.assert_whole(self.read(file))
        os.unlink(file)
        return page

    def test_of_every_command_on_one_world(self):
        world = self.make_world(size="256M")
        planned = self.reported(world, "plan")
        self.assertFalse(planned["capabilities"]["tested"])
        self.assertIn("would be moved to the volume", self.page(world, "plan").text())
        rehearsed = self.reported(world, "rehearse", status=world.run("rehearse").status)
        page = self.page(world, "rehearse", status=rehearsed["exit_code"]).text()
        for words in ("First start", "apply again", "Not rehearsed", "that are free on the volume"):
            self.assertIn(words, page)
        self.assertTrue(rehearsed["capabilities"]["tested"])
        self.assertEqual(rehearsed["capabilities"]["results"]["chown"], "yes")
        self.assertNotIn("EXDEV", rehearsed["capabilities"]["results"].get("exchange", ""), "it was not asked")
        elsewhere = self.make_scratch("elsewhere")
        rehearsed = self.reported(world, "rehearse", "--scratch", elsewhere, status=rehearsed["exit_code"])
        self.assertFalse(rehearsed["capabilities"]["tested"])
        self.assertIn("--scratch", rehearsed["capabilities"]["untested"])
        page = self.page(world, "rehearse", "--scratch", elsewhere, status=rehearsed["exit_code"]).text()
        self.assertIn("Not tested: the clone was elsewhere (--scratch).", page)
        self.reported(world, "apply", "--dry-run")
        applied = self.reported(world, "apply")
        self.assertTrue(applied["capabilities"]["tested"])
        self.assertEqual(applied["capabilities"]["results"]["chown"], "yes")
        self.assertIn("There was nothing to do", self.page(world, "apply").text())
        for command in ("verify", "check"):
            self.reported(world, command, status=world.run(command).status)
            self.assertIn("The volume", self.page(world, command, status=world.run(command).status).text())
        self.reported(world, "rollback", "--dry-run")
        self.assertIn("entries would be rolled back", self.page(world, "rollback", "--dry-run").text())
        self.reported(world, "rollback")

    def test_of_a_check_with_relay_and_delivery(self):
        world = self.make_world(filled=False, size="64M")
        arguments = changing_configuration(self.make_scratch("config"))
        status = world.run("check", *arguments).status
        report = self.reported(world, "check", *arguments, status=status)
        self.assertEqual(report["route"]["sender"], "me@example.org")
        text = self.page(world, "check", *arguments, status=status).text()
        for words in ("Relay and delivery", "me@example.org", "[relay.example.net]:587", "far@example.net"):
            self.assertIn(words, text)
        self.assertNotIn("secret-word", text + json.dumps(report))

    def test_of_what_check_prints_of_files(self):
        world = self.make_world(filled=False, size="64M")
        folder = self.make_scratch("project")
        with open(f"{folder}/compose.yaml", "w", encoding="utf-8") as file:
            file.write("services: {m: {image: 'mailserver/docker-mailserver:14.0.0', env_file: gone.env}}\n")
        with open(f"{folder}/other.yaml", "w", encoding="utf-8") as file:
            file.write("services: {m: {image: busybox}}\n")
        for arguments in (["--compose", folder, "--to", "v15.0.0"], ["--compose", f"{folder}/other.yaml"],
                          ["--compose", f"{folder}/gone.yaml"], ["--compose", folder, "--to", "2025-13"],
                          ["--compose", folder, "--recipient", "a@b.c", "--sender", "a@b.c"]):
            with self.subTest(arguments=arguments):
                answer = world.run("check", *arguments, "--output", "json").json()
                self.assert_good(answer)
                self.assertNotIn("time", answer)

    def test_of_the_commands_without_a_report(self):
        with open(f"{TOP}/src/report/answer.schema.json", encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft202012Validator.check_schema(schema)
        world = self.make_world(filled=False, size="64M")
        self.assert_done(world.run("apply"))
        certificates = f"{world.root}/etc/ssl/mail"
        os.makedirs(certificates)
        for arguments in (["probe"], ["history"], ["displaced", "list"], ["displaced", "prune", "--all"], ["layout", "list"],
                          ["seal"], ["sni", "--hostname", "mail.example.org"], ["check", "--list"],
                          ["check", "--explain", "dms.solr"], ["check", "--explain", "origin.mounted"],
                          ["explain", "--list"], ["explain", "dms.solr"]):
            with self.subTest(arguments=arguments):
                answer = world.run(*arguments, "--output", "json").json()
                problems = jsonschema.Draft202012Validator(schema).iter_errors(answer)
                self.assertEqual([f"{list(error.path)}: {error.message}" for error in problems], [])
                self.assertEqual(answer["command"], arguments[0])

    def test_hostile_names(self):
        hostile = "/srv/<script>alert(1)</script>\"'&\x1b\n\udcff\u202e"
        world = self.make_world(filled=False, size="64M")
        os.makedirs(os.fsencode(world.root) + os.fsencode(hostile))
        mount("--bind", os.fsencode(world.state), os.fsencode(world.root) + os.fsencode(hostile))
        report = self.reported(world, "plan", "--state-dir", hostile)
        self.assertIn("\\xff", report["state_dir"])
        page = self.page(world, "plan", "--state-dir", hostile)
        self.assertIn("<script>alert(1)</script>\"'&\\x1b\\x0a\\xff\\xe2\\x80\\xae", page.text())
        self.assertNotIn("\x1b", page.text())

    def test_of_a_run_that_ends_before_it_begins(self):
        world = self.make_world(filled=False, size="64M")
        for output in ("json", "text"):
            file = f"{self.directory}/refused.json"
            outcome = world.run("apply", "--layout", "nosuch", "--report", file, "--output", output)
            self.assert_status(outcome, program.BAD_FILE)
            report = json.loads(self.read(file))
            self.assert_good(report)
            self.assertEqual((report["exit_code"], report["findings"][0]["severity"]), (program.BAD_FILE, "error"))
            os.unlink(file)
        page = self.page(world, "plan", "--layout", "nosuch", status=program.BAD_FILE)
        self.assertIn("A file that the command needs is not valid", page.text())

    def test_what_cannot_be_written_is_a_finding_and_no_failure(self):
        world = self.make_world(size="128M")
        os.mkdir(f"{self.directory}/taken.html")
        for command in ("plan", "rehearse", "apply", "verify", "check", "rollback"):
            status = world.run(command, "--dry-run" if command in ("apply", "rollback") else "--no-progress").status
            for path in (f"{self.directory}/absent/report.json", f"{self.directory}/taken.html"):
                outcome = world.run(command, "--report", path, "--output", "json")
                self.assert_status(outcome, status)
                finding, = self.assert_finding(outcome, "report.not-written", path)
                self.assertEqual(finding["severity"], "warning")
                self.assertTrue(finding["hint"])
        outcome = world.run("plan", "--report", f"{self.directory}/absent/report.json", "--strict")
        self.assert_status(outcome, program.NOT_AS_IT_SHOULD_BE)

    def test_a_report_has_the_finding_that_the_metrics_could_not_be_written(self):
        world = self.make_world(size="128M")
        report = self.reported(world, "plan", "--metrics", f"{self.directory}/absent/x.prom")
        self.assertIn("metrics.not-written", [finding["code"] for finding in report["findings"]])

    def test_another_ending_is_refused(self):
        world = self.make_world(filled=False, size="64M")
        for name in ("-", f"{self.directory}/report.txt"):
            self.assert_status(world.run("plan", "--report", name), program.USAGE)
        self.assertEqual(os.listdir(self.directory), [])

    def test_the_schema_minds_what_is_wrong(self):
        world = self.make_world(filled=False, size="64M")
        report = self.reported(world, "plan")
        for change in ({"decision": "moved"}, {"files": -1}):
            wrong = json.loads(json.dumps(report))
            wrong["entries"][0].update(change)
            self.assertFalse(self.validator.is_valid(wrong), change)
        self.assertTrue(self.validator.is_valid({**report, "new_in_a_later_release": 1}))
        for name in ("version", "host", "capabilities", "findings", "entries", "volume"):
            self.assertFalse(self.validator.is_valid({k: v for k, v in report.items() if k != name}), name)


if __name__ == "__main__":
    case.main()
