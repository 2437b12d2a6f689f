#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What check reads of a compose project is what compose reads: generated projects with merges, extends, overrides, env
files and interpolation, against docker-compose 1.29 of Debian (package docker-compose). What check read is seen in what it
finds: the value of a switch that is neither 0 nor 1, the source of a mount at a managed directory, the image's tag, rights."""

import json
import logging
import os
import random
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support import case, program

try:
    from compose.config import config
    from compose.config.environment import Environment
except ImportError:
    config = None

PROJECTS = 120
SWITCHES = ["ENABLE_RSPAMD", "ENABLE_SRS", "ENABLE_CLAMAV", "ENABLE_FAIL2BAN", "ENABLE_AMAVIS"]
VALUES = ["1", "0", "a b", "x=y", "${TAG}", "${TAG:-d}", "${NONE:-e}", "${NONE-f}", "$$TAG", "${EMPTY:-g}", "${EMPTY-h}",
          "mail.example.org", "${TAG}.$TAG"]
TARGETS = ["/var/spool/postfix", "/var/lib/postfix", "/var/lib/logrotate"]


class Generator:
    """A project in a directory of its own; what a seed makes is always the same."""

    def __init__(self, seed, top):
        self.random = random.Random(seed)
        self.top = top
        os.makedirs(top)

    def some(self, values, most=3):
        return self.random.sample(values, self.random.randint(0, min(most, len(values))))

    def write(self, name, value):
        with open(f"{self.top}/{name}", "w", encoding="utf-8", newline="") as file:
            file.write(value if isinstance(value, str) else json.dumps(value, indent=1))

    def environment(self):
        chosen = {name: self.random.choice(VALUES) for name in self.some(SWITCHES)}
        if self.random.random() < 0.5:
            return chosen
        return [f"{name}={value}" for name, value in chosen.items()]

    def service(self, extends=None):
        service = {"environment": self.environment()}
        if self.random.random() < 0.6:
            service["volumes"] = [f"{self.random.choice(['./state', 'named', '/srv/x'])}:{target}"
                                  f"{self.random.choice(['', ':ro'])}" for target in self.some(TARGETS)]
        for rights, values in (("cap_add", ["FSETID", "CHOWN"]), ("cap_drop", ["FSETID", "MKNOD"]),
                               ("security_opt", ["no-new-privileges:true"])):
            if self.random.random() < 0.3:
                service[rights] = self.some(values)
        if self.random.random() < 0.4:
            service["env_file"] = self.random.choice(["one.env", ["one.env", "two.env"], ["two.env"]])
        if extends:
            service["extends"] = extends
        return service

    def project(self):
        self.write(".env", "TAG=15.1.0\nEMPTY=\n")
        self.write("one.env", "ENABLE_SRS=one\n\n# comment\nENABLE_RSPAMD=a#b\n")
        self.write("two.env", "ENABLE_SRS=two\r\nENABLE_CLAMAV=three\r\n")
        image = {"image": "mailserver/docker-mailserver:${TAG:-14.0.0}"}
        state = {"volumes": ["./mail-state:/var/mail-state"]}
        self.write("base.yml", {"version": "3.8", "services": {"base": {**image, **self.service()}}})
        mail = {**image, **self.service(self.random.choice(
            [None, {"service": "other"}, {"file": "base.yml", "service": "base"}]))}
        mail["volumes"] = mail.get("volumes", []) + state["volumes"]
        text = json.dumps({"version": "3.8", "services": {"other": {"image": "nginx", **self.service()}, "mail": mail},
                           "volumes": {"named": {}}}, indent=1)
        if self.random.random() < 0.4:  # merge keys through two levels
            base = self.service()
            base["volumes"] = base.get("volumes", []) + state["volumes"]
            text = (f"version: '3.8'\nx-a: &a {json.dumps(base)}\nx-b: &b\n  <<: *a\n  restart: always\nservices:\n  mail:\n"
                    f"    <<: *b\n    image: {image['image']}\nvolumes: {{named: {{}}}}\n")
        self.write("docker-compose.yml", text)
        if self.random.random() < 0.6:
            self.write("docker-compose.override.yml", {"version": "3.8", "services": {"mail": self.service()}})


def is_switch(value):
    return value.strip() in ("", "0", "1")


def by_compose(top):
    """What the findings must show, by the configuration that compose makes of the files."""
    loaded = config.load(config.find(top, None, Environment.from_env_file(top)))
    mail = next(service for service in loaded.services if service["name"] == "mail")
    values = {name: "" if value is None else str(value).replace("$$", "$")
              for name, value in mail.get("environment", {}).items()}
    return {
        "tag": mail["image"].rpartition(":")[2],
        "switches": {f"{name}={value}" for name, value in values.items()
                     if name in SWITCHES and not is_switch(value) and "#" not in value},
        "mounts": {(volume.internal, os.path.normpath(os.path.join(top, volume.external))
                    if str(volume.external).startswith((".", "/")) else volume.external)
                   for volume in mail.get("volumes", []) if volume.internal in TARGETS},
        "rights": {"no-new-privileges" for _ in mail.get("security_opt", [])[:1]} |
                  {"FSETID" for _ in [1] if "FSETID" in mail.get("cap_drop", []) and
                   "FSETID" not in mail.get("cap_add", [])},
    }


def by_check(top):
    outcome = program.run(["check", "--compose", "docker-compose.yml", "--to", "v15.1.0", "--output", "json"], cwd=top)
    answer = outcome.json()
    judged = next(each for each in answer["judged"] if each["service"] == "mail")
    seen = {"tag": judged["from"], "switches": set(), "mounts": set(), "rights": set()}
    for finding in answer["findings"]:
        if finding["code"] == "dms.env-syntax":
            seen["switches"].update(re.findall(r"^(\w+=.*) is neither 0 nor 1", finding["message"]))
        if finding["code"] == "dms.direct-mount":
            source = finding["data"]["source"]
            if source.startswith((".", "/")):
                source = os.path.normpath(os.path.join(top, source))
            seen["mounts"].add((finding["data"]["target"], source))
        if finding["code"] == "dms.sgid-lost":
            seen["rights"].update(word for word in ("no-new-privileges", "FSETID") if word in finding["message"])
        if finding["code"] in ("compose.unreadable", "env.unreadable", "env.line"):
            raise AssertionError(str(outcome))
    return seen


class Compose(case.Case):
    def test_reads_as_compose_does(self):
        if config is None:
            self.skipTest("docker-compose (package docker-compose, with its Python modules) is not installed")
        logging.disable(logging.CRITICAL)
        top = self.make_scratch("compose")
        for seed in range(PROJECTS):
            project = f"{top}/{seed}"
            Generator(seed, project).project()
            with self.subTest(seed=seed):
                self.assertEqual(by_check(project), by_compose(project))
        print(f"{PROJECTS} projects read as docker-compose reads them", file=sys.stderr)


if __name__ == "__main__":
    case.main()
