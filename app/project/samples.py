"""How many samples a project has, and how many of them train, validate and test. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.project.suggested import Section
from resources.python_code.in_scripts.part_sizes import part_sizes
from resources.training.sections import bindings_of
from resources.training.settings.split import COLUMN
from runtime.messages.checking import PartCounts
from runtime.messages.describing import Column
from runtime.splits import split_of


def samples_of(data: Section, columns: Sequence[Column]) -> int:
    """Samples of the bound columns, of all columns while none is bound; the fewest where they differ."""
    used = {column for names in bindings_of(data).values() for column in names}
    counts = [column.samples for column in columns if column.name in used] or [column.samples for column in columns]
    return min(counts, default=0)


def expected_parts(data: Section, samples: int, own: Mapping[str, int] = MappingProxyType({})) -> PartCounts:
    """By the percents of the project, and the parts that the data itself has (`own`).

    The engine knows better where a column says what goes where.
    """
    split = split_of(data)
    given = own if split.own_parts and split.way != COLUMN and sum(own.values()) == samples else {}
    validating, testing = given.get("validation", 0), given.get("test", 0)
    percents = (0.0 if validating else split.validation_percent, 0.0 if testing else split.test_percent)
    training, validation, test = part_sizes(samples - validating - testing, *percents)
    return PartCounts(max(0, training), validating or max(0, validation), testing or test)
