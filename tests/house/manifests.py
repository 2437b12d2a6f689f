#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Kubernetes manifests hold to the schema beside this file, and to themselves: volumes, claims, options exist.

The schema is the part of Kubernetes' that they use, with nothing else allowed, so that a slip of the pen is seen; and
what mailstate needs: the capabilities, allowPrivilegeEscalation. The compose files must be YAML."""

import json
import os
import subprocess
import sys

import jsonschema
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.environ.get("HOUSE_TREE", f"{HERE}/../..")


def documents(path):
    with open(path, encoding="utf-8") as file:
        return list(yaml.safe_load_all(file))


def pods(manifest):
    template = manifest["spec"].get("template")
    return [template["spec"]] if template else []


def options_of(command):
    """Options of a mailstate command line that its own help does not know."""
    program = os.environ.get("MAILSTATE")
    if not program or command[0] != "mailstate":
        return []
    known = subprocess.run([program, command[1], "--help"], capture_output=True, text=True, check=True).stdout.split()
    options = command[2:command.index("--")] if "--" in command else command[2:]
    return [word for word in options if word.startswith("--") and word not in known]


def complaints(manifests, schema):
    claims = {m["metadata"]["name"] for m in manifests if m["kind"] == "PersistentVolumeClaim"}
    for manifest in manifests:
        name = f"{manifest.get('kind')} {manifest.get('metadata', {}).get('name')}"
        if manifest.get("kind") not in schema["kinds"]:
            yield f"{name}: a kind that the schema does not know"
            continue
        of_kind = {**schema, "$ref": f"#/definitions/{schema['kinds'][manifest['kind']]}"}
        error = jsonschema.exceptions.best_match(jsonschema.Draft7Validator(of_kind).iter_errors(manifest))
        if error is not None:
            yield f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}"
            continue
        for pod in pods(manifest):
            volumes = {volume["name"] for volume in pod["volumes"]}
            for volume in pod["volumes"]:
                if volume["persistentVolumeClaim"]["claimName"] not in claims:
                    yield f"{name}: volume {volume['name']} is of a claim that is not there"
            for container in [*pod.get("initContainers", []), *pod["containers"]]:
                for mounted in container["volumeMounts"]:
                    if mounted["name"] not in volumes:
                        yield f"{name}: {container['name']} mounts {mounted['name']}, which is no volume"
                commands = [container["command"]]
                commands += [container[p]["exec"]["command"] for p in ("startupProbe", "readinessProbe") if p in container]
                for command in commands:
                    for option in options_of(command):
                        yield f"{name}: {container['name']}: mailstate {command[1]} has no {option}"
        labels = manifest["spec"].get("selector", {}).get("matchLabels")
        if labels and labels != manifest["spec"]["template"].get("metadata", {}).get("labels"):
            yield f"{name}: its selector is not the labels of its pods"


def main():
    with open(f"{HERE}/manifests.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    directory, count = f"{TREE}/scripts/kubernetes", 0
    for file in sorted(os.listdir(directory)):
        for complaint in complaints(documents(f"{directory}/{file}"), schema):
            print(f"scripts/kubernetes/{file}: {complaint}")
            count += 1
    for file in ("docker-mailserver/compose.override.yaml", "docker-mailserver/helm-values.yaml",
                 "mailcow/docker-compose.override.yml", "mailu/docker-compose.override.yml"):
        documents(f"{TREE}/scripts/{file}")
    print(f"{count} violations" if count else "none found")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
