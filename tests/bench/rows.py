# SPDX-License-Identifier: MIT
"""The table's rows: what is measured, against what, and what ratio is promised."""

from dataclasses import dataclass, field


@dataclass
class Row:
    name: str
    work: str
    against: str
    figure: str  # as printed
    value: float
    least: float = None  # the promise; for a row with `most`, what it may be at most
    most: float = None
    samples: dict = field(default_factory=dict)

    @property
    def kept(self):
        if self.least is None and self.most is None:
            return None
        return self.value >= self.least if self.most is None else self.value <= self.most

    @property
    def promise(self):
        if self.least is not None:
            return f"≥ {self.least:g}"
        return f"≤ {self.most:g}" if self.most is not None else ""


def table(rows):
    """In Markdown, as in README.md beside it."""
    lines = ["| work | against | measured | promised | kept |", "|---|---|---|---|---|"]
    for row in rows:
        kept = {None: "", True: "yes", False: "**no**"}[row.kept]
        against = row.against.replace("|", "\\|")
        lines.append(f"| {row.work} | {against} | {row.figure} | {row.promise} | {kept} |")
    return "\n".join(lines)
