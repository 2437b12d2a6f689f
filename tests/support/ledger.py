# SPDX-License-Identifier: MIT
"""The ledger's files in a workspace: ledger.<n>.json, the highest number counts."""

import os
import re

NAME = re.compile(r"ledger\.([0-9]+)\.json")


def names(workspace):
    """The oldest first."""
    found = [NAME.fullmatch(name) for name in os.listdir(workspace)]
    return [match[0] for match in sorted(filter(None, found), key=lambda match: int(match[1]))]


def newest(workspace):
    return f"{workspace}/{names(workspace)[-1]}"


def remove(workspace):
    for name in names(workspace):
        os.unlink(f"{workspace}/{name}")
