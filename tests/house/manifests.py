#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The Kubernetes manifests hold to the schema beside this file, and to themselves: volumes, claims, options exist.

The schema is the part of Kubernetes' that they use, with nothing else allowed, so that a slip of the pen is seen; and
what mailstate needs: the capabilities, allowPrivilegeEscalation. What the API server refuses beyond that is looked for
here, and what a rehearsal must not be tried again for. The compose files must be YAML, the base of kustomize and the
overlay that README has for it name what is there, the workflow runs .ci/run, and the quadlets have keys that Podman knows and
options that the program has."""

import configparser
import json
import os
import re
import subprocess
import sys

import jsonschema
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.environ.get("HOUSE_TREE", f"{HERE}/../..")
# Of podman-systemd.unit(5), of Podman 4.6.
QUADLET_KEYS = {"Container": {"Image", "ContainerName", "EnvironmentFile", "Volume", "PublishPort", "HealthCmd",
                              "HealthInterval", "HealthStartPeriod"},
                "Volume": set()}
MAY_PASS = {5, 75, *range(126, 256)}  # exit codes of mailstate that may be others the next time


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


def unset_variables(container):
    """What $(NAME) refers to, and the environment does not have, or has only further down."""
    known = set()
    used = lambda text: set(re.findall(r"\$\(([^)]*)\)", text))
    for variable in container.get("env", []):
        yield from sorted(used(variable.get("value", "")) - known)
        known.add(variable["name"])
    texts = [*container["command"], *container.get("args", [])]
    texts += [mounted.get("subPathExpr", "") for mounted in container["volumeMounts"]]
    yield from sorted(set().union(*map(used, texts)) - known)


def of_container(container, volumes):
    for mounted in container["volumeMounts"]:
        if mounted["name"] not in volumes:
            yield f"mounts {mounted['name']}, which is no volume"
    for variable in unset_variables(container):
        yield f"$({variable}) is not set before it is used"
    commands = [container["command"]]
    commands += [container[p]["exec"]["command"] for p in ("startupProbe", "readinessProbe") if p in container]
    for command in commands:
        for option in options_of(command):
            yield f"mailstate {command[1]} has no {option}"


def of_pod(pod, claims):
    volumes = {volume["name"] for volume in pod["volumes"]}
    for volume in pod["volumes"]:
        if volume["persistentVolumeClaim"]["claimName"] not in claims:
            yield f"volume {volume['name']} is of a claim that is not there"
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        yield from (f"{container['name']}: {complaint}" for complaint in of_container(container, volumes))


def of_job(spec):
    rules = spec.get("podFailurePolicy", {}).get("rules", [])
    given_up = [code for rule in rules for code in rule.get("onExitCodes", {}).get("values", [])]
    if given_up != sorted(given_up):
        yield "exit codes must be in order"
    if any(rule["action"] == "FailIndex" for rule in rules) and "backoffLimitPerIndex" not in spec:
        yield "FailIndex needs backoffLimitPerIndex"
    if "completionMode" in spec and any(rule["action"] == "FailJob" for rule in rules):
        yield "FailJob ends the other indexes, too"
    if not any("rehearse" in container["command"] for container in spec["template"]["spec"]["containers"]):
        return
    if 3 not in given_up:
        yield "a rehearsal that ended with 3 is tried again, and says the same"
    for code in MAY_PASS.intersection(given_up):
        yield f"a rehearsal that ended with {code} is not tried again"


def of_claim(spec, snapshots):
    source = spec.get("dataSource")
    if source and source["name"] not in snapshots:
        yield f"is made from {source['name']}, which is no snapshot"


def names_of(manifests, kind):
    return {manifest["metadata"]["name"] for manifest in manifests if manifest.get("kind") == kind}


def of_manifest(manifest, schema, claims, snapshots):
    if manifest.get("kind") not in schema["kinds"]:
        yield "a kind that the schema does not know"
        return
    of_kind = {**schema, "$ref": f"#/definitions/{schema['kinds'][manifest['kind']]}"}
    error = jsonschema.exceptions.best_match(jsonschema.Draft7Validator(of_kind).iter_errors(manifest))
    if error is not None:
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        return
    spec = manifest["spec"]
    if manifest["kind"] == "PersistentVolumeClaim":
        yield from of_claim(spec, snapshots)
    if manifest["kind"] == "Job":
        yield from of_job(spec)
    for pod in pods(manifest):
        yield from of_pod(pod, claims)
    labels = spec.get("selector", {}).get("matchLabels")
    if labels and labels != spec["template"].get("metadata", {}).get("labels"):
        yield "its selector is not the labels of its pods"


def of_kustomization(directory):
    """What is wrong with the base beside the manifests."""
    base, = documents(f"{directory}/kustomization.yaml")
    if set(base) != {"apiVersion", "kind", "resources"} or base["kind"] != "Kustomization":
        yield "is no base of kustomize"
    for resource in base.get("resources", []):
        if not os.path.isfile(f"{directory}/{resource}"):
            yield f"there is no {resource}"


def of_overlay(directory):
    """What is wrong with the overlay in the page beside the base: where it is, images, and the places of its patches."""
    with open(f"{directory}/README.md", encoding="utf-8") as file:
        overlay, = (yaml.safe_load(block) for block in re.findall(r"(?ms)^```yaml\n(.*?)^```$", file.read()))
    if overlay["resources"] != ["../mailstate/scripts/kubernetes"]:
        yield f"{overlay['resources']} is not the base"
    base, = documents(f"{directory}/kustomization.yaml")
    manifests = [each for resource in base["resources"] if os.path.isfile(f"{directory}/{resource}")
                 for each in documents(f"{directory}/{resource}")]
    images = {each["image"] for manifest in manifests for pod in pods(manifest) for each in pod["containers"]}
    for image in overlay["images"]:
        if image["name"] not in images:
            yield f"there is no image {image['name']}"
    for patch in overlay["patches"]:
        kind, name = patch["target"]["kind"], patch["target"]["name"]
        place = next((each for each in manifests if (each["kind"], each["metadata"]["name"]) == (kind, name)), None)
        for change in yaml.safe_load(patch["patch"]):
            found = place
            for key in change["path"].strip("/").split("/"):
                found = found[int(key)] if isinstance(found, list) else (found or {}).get(key)
            if found is None:
                yield f"{kind} {name} has no {change['path']}"


class Repeated(dict):
    """Keys may be given more than once: each value counts."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


def of_quadlet(directory, name):
    unit = configparser.RawConfigParser(dict_type=Repeated, strict=False, delimiters=("=",), comment_prefixes="#")
    unit.optionxform = str
    unit.read(f"{directory}/{name}", encoding="utf-8")
    section = name.rsplit(".", 1)[1].capitalize()
    if section not in unit.sections():
        yield f"has no section {section}"
        return
    for key in sorted(set(unit[section]) - QUADLET_KEYS[section]):
        yield f"{key} is no key of Podman"
    for command in unit[section].get("HealthCmd", "").splitlines():
        for option in options_of(command.split()):
            yield f"{command} has no {option}"
    for volume in unit[section].get("Volume", "").splitlines():
        source, _, options = volume.partition(":")
        if source.endswith(".volume") and not os.path.isfile(f"{directory}/{source}"):
            yield f"there is no {source}"
        if "U" in options.split(":")[-1].split(","):
            yield f"{volume}: gives every file to one user"


def of_workflow(path):
    jobs = documents(path)[0]["jobs"].values()
    if not any(step.get("run") == ".ci/run" for job in jobs for step in job["steps"]):
        yield "does not run .ci/run"


def others():
    """Complaints about what is not a manifest of Kubernetes, each with its file."""
    for complaint in of_kustomization(f"{TREE}/scripts/kubernetes"):
        yield f"scripts/kubernetes/kustomization.yaml: {complaint}"
    for complaint in of_overlay(f"{TREE}/scripts/kubernetes"):
        yield f"scripts/kubernetes/README.md: {complaint}"
    for name in ("mailserver.container", "mail-state.volume"):
        for complaint in of_quadlet(f"{TREE}/scripts/podman", name):
            yield f"scripts/podman/{name}: {complaint}"
    for complaint in of_workflow(f"{TREE}/.github/workflows/ci.yml"):
        yield f".github/workflows/ci.yml: {complaint}"


def main():
    with open(f"{HERE}/manifests.schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    directory, count = f"{TREE}/scripts/kubernetes", 0
    files = {file: documents(f"{directory}/{file}") for file in sorted(os.listdir(directory))
             if file.endswith(".yaml") and file != "kustomization.yaml"}
    claims = set().union(*(names_of(manifests, "PersistentVolumeClaim") for manifests in files.values()))
    for file, manifests in files.items():
        for manifest in manifests:
            for complaint in of_manifest(manifest, schema, claims, names_of(manifests, "VolumeSnapshot")):
                name = f"{manifest.get('kind')} {manifest.get('metadata', {}).get('name')}"
                print(f"scripts/kubernetes/{file}: {name}: {complaint}")
                count += 1
    for complaint in others():
        print(complaint)
        count += 1
    for file in ("docker-mailserver/compose.override.yaml", "docker-mailserver/helm-values.yaml",
                 "mailcow/docker-compose.override.yml", "mailu/docker-compose.override.yml"):
        documents(f"{TREE}/scripts/{file}")
    print(f"{count} violations" if count else "none found")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
