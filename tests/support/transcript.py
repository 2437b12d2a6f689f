# SPDX-License-Identifier: MIT
"""What a run has said, with what differs from run to run left open, beside what it is expected to say."""

import difflib
import os
import re

# Each is written as the word behind it.
OPEN = (
    (r"/dev/loop\d+", "/dev/loopN"),
    (r"(?<=version )\d+\.\d+\.\d+", "X.Y.Z"),
    (r"\d{8}T\d{6}Z", "DATE"),
    (r"(?<=since )\d\d:\d\d:\d\d", "HH:MM:SS"),
    (r"(?<=pid )\d+ on \S+?(?=[,)])", "N on HOST"),
    (r"(?<=in )\d+\.\d+ s", "T s"),
    (r"[\d.,]+ [KMG]iB free", "N MiB free"),
)


def normalised(said):
    for pattern, word in OPEN:
        said = re.sub(pattern, word, said)
    return said


def differences(said, path):
    """The lines that differ from those of the file; empty where none does.

    MAILSTATE_WRITE_TRANSCRIPTS=1 writes the file instead: read what has changed as an operator would.
    """
    said = normalised(said)
    if os.environ.get("MAILSTATE_WRITE_TRANSCRIPTS") == "1":
        with open(path, "w", encoding="utf-8") as file:
            file.write(said)
    with open(path, encoding="utf-8") as file:
        expected = file.read()
    return list(difflib.unified_diff(expected.splitlines(), said.splitlines(), "expected", "said", lineterm=""))
