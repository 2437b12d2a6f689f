#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The manifests of scripts/kubernetes without a cluster: what their pods would run, as they would run it."""

import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import images
import jsonschema
import kubernetes
import lab_case
from lab_case import LabCase
from support import program, tree

# By a name that is first in the path: answers what the documented command asks a cluster.
KUBECTL = """#!/bin/sh
case "$*" in
    'get job mailstate-fleet -o json') cat "$ANSWERS/job" ;;
    'logs job/mailstate-gather') cat "$ANSWERS/log" ;;
    *) exit 1 ;;
esac
"""


class ManifestCase(LabCase):
    used = None  # a volume as the deployment's mail server leaves it

    def setUp(self):
        super().setUp()
        self.top = self.make_directory(f"{self.engine.top}/data/{self.volume}")

    def make_directory(self, path):
        os.makedirs(path)
        return path

    def run_pod(self, file, volumes, image="demo", kind="Job", group="containers", index=None):
        """The first container of a pod, to its end."""
        of = kubernetes.container(file, kind, group)
        options, words = kubernetes.options_and_words(of, volumes, index)
        return self.run_once(*options, image=image, command=words, volume="")

    def prepare(self, volume, image="demo"):
        """The deployment's init container."""
        done = self.run_pod("deployment.yaml", {"mail-state": volume}, image, "Deployment", "initContainers")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def deploy(self, volume):
        """The deployment's start on an empty volume, some use of it, and its end."""
        answer = self.prepare(volume)
        self.assertEqual(set(self.decisions(answer).values()), {"prepare"}, answer)
        self.assertEqual({f["code"] for f in answer["findings"] if f["severity"] == "error"}, set())
        self.assertIn("spool-postfix", os.listdir(volume))
        of = kubernetes.container("deployment.yaml", "Deployment")
        options, words = kubernetes.options_and_words(of, {"mail-state": volume})
        name = self.start("demo", *options, command=words, volume="")
        for probe in ("startupProbe", "readinessProbe"):
            command = of[probe]["exec"]["command"]
            self.wait_for(probe, lambda: self.run_in(name, *command).returncode == 0, name)
        self.wait_for_redis(name)
        self.assertEqual(self.said_in(name, "readlink", "/var/lib/redis"), "/var/mail-state/lib-redis")
        self.assertEqual(self.said_in(name, "redis-cli", "set", "key", "value"), "OK")
        mail = "printf 'Subject: keep this\\n\\ntext\\n' | sendmail alice@mail.example.test"
        self.wait_for("postfix", lambda: self.run_in(name, "sh", "-c", mail, user="alice").returncode == 0, name)
        self.wait_for("a held mail", lambda: "hold" in self.run_in(name, "postqueue", "-j").stdout, name)
        self.assertEqual(self.end(name), 0)

    def clone_of_used(self, path):
        """A snapshot of the deployment's volume, which is made once."""
        if ManifestCase.used is None:
            used = self.make_directory(f"{self.top}/used")
            self.deploy(used)
            ManifestCase.used = used
        subprocess.run(["cp", "-a", ManifestCase.used, path], check=True)
        return path

    def report(self, reports, server):
        with open(f"{images.TOP}/src/report/report.schema.json", encoding="utf-8") as file:
            validator = jsonschema.Draft202012Validator(json.load(file))
        with open(f"{reports}/{server}.json", encoding="utf-8") as file:
            report = json.load(file)
        self.assertEqual([f"{list(e.path)}: {e.message}" for e in validator.iter_errors(report)], [])
        return report


class TheDeployment(ManifestCase):
    def test_prepares_its_volume_and_runs_the_mail_server_on_it(self):
        volume = self.clone_of_used(f"{self.top}/volume")
        self.assertIn("dump.rdb", os.listdir(f"{volume}/lib-redis"))
        self.assertEqual(set(self.decisions(self.prepare(volume)).values()), {"keep-unlinked"})

    def test_needs_fsetid(self):
        of = kubernetes.container("deployment.yaml", "Deployment")
        of["securityContext"]["capabilities"]["add"].remove("FSETID")
        answer = self.apply(*kubernetes.capabilities(of))
        self.assertIn("process.capability", self.codes(answer))
        self.assertEqual({name for name, what in self.decisions(answer).items() if what == "leave-alone"},
                         {"postfix-spool"})


class ARehearsal(ManifestCase):
    def picture(self, volume):
        """Without the directories where the rehearsal's scratch comes and goes, and its lock."""
        nodes = tree.manifest(volume)
        for path in (b".", b".mailstate", b".mailstate/staging", b".mailstate/lock"):
            nodes.pop(path, None)
        return nodes

    def test_with_the_newer_image_on_a_clone(self):
        clone, reports = self.clone_of_used(f"{self.top}/clone"), self.make_directory(f"{self.top}/reports")
        before = self.picture(clone)
        done = self.run_pod("rehearsal.yaml", {"mail-state": clone, "reports": reports}, image="later")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(tree.untouched(before, self.picture(clone)), [])
        self.assertEqual(os.listdir(f"{clone}/.mailstate/staging"), [])
        report = self.report(reports, "mail-state")
        entries = {entry["name"]: entry for entry in report["entries"]}
        self.assertEqual(entries["redis"]["rehearsed"]["decision"], "keep-destination")
        self.assertEqual({name for name, entry in entries.items() if entry["undone"]}, set())
        self.assertIn("dms.id-drift", self.codes(report))
        self.assertEqual({step["outcome"] for step in report["rehearsal"]["steps"]}, {"done"})
        self.assertIn("redis", done.stdout)


class AFleet(ManifestCase):
    def rehearse(self, fleet, reports, indexes):
        volumes = {"mail-fleet": fleet, "reports": reports}
        return [self.run_pod("fleet.yaml", volumes, image="later", index=index).returncode for index in indexes]

    def summary(self, reports, completions, since):
        """What the command of scripts/kubernetes/README.md says, of a job that began then."""
        gathered = self.run_pod("gather.yaml", {"reports": reports})
        self.assertEqual(gathered.returncode, 0, gathered.stderr)
        job = kubernetes.manifest("fleet.yaml", "Job")
        job["spec"]["completions"], job["status"] = completions, {"startTime": since}
        answers = f"{self.top}/answers"
        shutil.rmtree(answers, ignore_errors=True)
        os.mkdir(answers)
        for name, text in (("job", json.dumps(job, indent=4)), ("log", gathered.stdout), ("kubectl", KUBECTL)):
            with open(f"{answers}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        os.chmod(f"{answers}/kubectl", 0o755)
        with open(f"{kubernetes.DIRECTORY}/README.md", encoding="utf-8") as file:
            command = re.search(r"^\(kubectl .*\| jq .*$", file.read(), re.MULTILINE)[0]
        environment = {**program.CLEAN, "PATH": f"{answers}:{program.CLEAN['PATH']}", "ANSWERS": answers}
        return subprocess.run(["sh", "-c", command], cwd=kubernetes.DIRECTORY, env=environment, capture_output=True,
                              text=True, check=False)

    def test_says_which_server_would_leave_what_undone(self):
        fleet, reports = self.make_directory(f"{self.top}/fleet"), self.make_directory(f"{self.top}/reports")
        self.prepare(self.clone_of_used(f"{fleet}/mail-0"), image="later")
        self.clone_of_used(f"{fleet}/mail-1")
        self.clone_of_used(f"{fleet}/mail-2")
        os.rename(f"{fleet}/mail-2/lib-redis", f"{fleet}/mail-2/redis")
        os.symlink("redis", f"{fleet}/mail-2/lib-redis")
        self.assertEqual(self.rehearse(fleet, reports, range(4)), [0, 0, 3, 0])
        begun = self.report(reports, "mail-0")["time"]
        done = self.summary(reports, 5, begun)
        self.assertEqual((done.returncode, done.stderr), (3, ""), done.stdout)
        print(done.stdout)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "mail-4: no report of this run")
        self.assertRegex(lines[1], r"^mail-2: would leave undone: redis \(.*link")
        self.assertRegex(lines[2], "^mail-3: its volume was empty")
        self.assertRegex(lines[3], r"^mail-0: as planned: first start \S+ s$")
        self.assertRegex(lines[4], "^mail-1: as planned: .* redis [0-9]+ → 901")
        self.assertEqual(lines[5:], ["2 of 5 would go as planned"])
        self.assertEqual(self.summary(reports, 2, begun).returncode, 0)
        self.assertIn("mail-1: no report of this run", self.summary(reports, 2, "9999-01-01T00:00:00Z").stdout)


if __name__ == "__main__":
    lab_case.main(HERE)
