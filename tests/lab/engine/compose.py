# SPDX-License-Identifier: MIT
"""What a compose override does to a service, as arguments of `docker run`: the engine of the lab has no compose."""

import os
import string

import yaml

KNOWN = {"entrypoint", "command", "environment", "volumes"}


class Service:
    """One of an override file that lies in the directory of the project."""

    def __init__(self, file, name, variables=None):
        with open(file, encoding="utf-8") as opened:
            service = yaml.safe_load(opened)["services"][name]
        if set(service) - KNOWN:
            raise AssertionError(f"{file}: {set(service) - KNOWN} of {name} are unknown here")
        self.entrypoint, self.command = service.get("entrypoint", []), service.get("command", [])
        self.options = []
        for assignment in service.get("environment", []):
            self.options += ["--env", string.Template(assignment).substitute(variables or {})]
        for volume in service.get("volumes", []):
            source, rest = volume.split(":", 1)
            if not source.startswith("./"):
                raise AssertionError(f"{file}: {volume} is not of the project's directory")
            self.options += ["--volume", f"{os.path.dirname(os.path.abspath(file))}{source[1:]}:{rest}"]

    def run_options(self):
        return [*self.options, *(["--entrypoint", self.entrypoint[0]] if self.entrypoint else [])]

    def run_command(self):
        return [*self.entrypoint[1:], *self.command]
