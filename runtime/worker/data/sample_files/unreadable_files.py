"""Files that cannot be read, each named with where it lies, so that people can look at it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.worker.data.source import Unreadable

KIND: Final = "unreadable_file"
MOST: Final = 200  # named one by one


def told_one_by_one(root: str, column: str, bad: Sequence[Unreadable], *, skipped: bool) -> Iterator[DataProblem]:
    """A note for each file below `root`; of those that are `skipped` there is no sample to be seen."""
    for one in bad[:MOST]:
        if skipped:
            text = Text.of("Skipped {name}: {reason}.", name=one.name, reason=one.reason)
        else:
            text = Text.of("{name} cannot be read: {reason}.", name=one.name, reason=one.reason)
        file, row = str(Path(root, one.name)), None if skipped else one.row
        yield DataProblem("note", text, column=column, kind=KIND, row=row, file=file)
