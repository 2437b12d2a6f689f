# SPDX-License-Identifier: MIT
"""The pods of scripts/kubernetes as containers of the engine: with their own commands, rights, variables and mounts.

What the kubelet does and Docker does not is done here: $(NAME) is expanded, a missing sub-path is made."""

import os
import re

import images
import yaml

DIRECTORY = f"{images.TOP}/scripts/kubernetes"


def manifest(file, kind):
    with open(f"{DIRECTORY}/{file}", encoding="utf-8") as stream:
        return next(document for document in yaml.safe_load_all(stream) if document["kind"] == kind)


def container(file, kind, group="containers"):
    """The first one of a manifest's pods."""
    return manifest(file, kind)["spec"]["template"]["spec"][group][0]


def capabilities(of):
    """As options of docker."""
    added = of["securityContext"]["capabilities"].get("add", [])
    return ["--cap-drop", "ALL", *(f"--cap-add={name}" for name in added)]


def expanded(text, variables):
    return re.sub(r"\$\(([^)]*)\)", lambda match: variables.get(match[1], match[0]), text)


def variables_of(of, index):
    variables = {}
    for variable in of.get("env", []):
        variables[variable["name"]] = expanded(variable["value"], variables) if "value" in variable else str(index)
    return variables


def mounts(of, volumes, variables):
    for mounted in of["volumeMounts"]:
        source = os.path.join(volumes[mounted["name"]], expanded(mounted.get("subPathExpr", ""), variables))
        os.makedirs(source, exist_ok=True)
        read_only = ",readonly" if mounted.get("readOnly") else ""
        yield f"--mount=type=bind,source={source},destination={mounted['mountPath']}{read_only}"


def options_and_words(of, volumes, index=None):
    """What docker run wants before the image, and after it. `volumes`: by their names, directories of the machine."""
    variables = variables_of(of, index)
    program, *words = [expanded(word, variables) for word in [*of["command"], *of.get("args", [])]]
    options = ["--entrypoint", program, "--env", "KUBERNETES_SERVICE_HOST=10.96.0.1", *capabilities(of)]
    options += [f"--env={name}={value}" for name, value in variables.items()]
    if not of["securityContext"]["allowPrivilegeEscalation"]:
        options += ["--security-opt", "no-new-privileges"]
    return [*options, *mounts(of, volumes, variables)], words
