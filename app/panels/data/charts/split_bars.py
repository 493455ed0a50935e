"""Class counts of a profile, split by the part that samples are in. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from runtime.messages.checking import ClassCounts
from runtime.messages.profiling import Bars, ColumnProfile, ProfilePart


def with_parts(profile: ColumnProfile, counts: ClassCounts) -> ColumnProfile:
    """The profile whose bars of classes say how many of them train, validate and test."""
    return replace(profile, parts=tuple(_split(part, counts) for part in profile.parts))


def _split(part: ProfilePart, counts: ClassCounts) -> ProfilePart:
    if not isinstance(part, Bars) or not set(part.labels) <= set(counts.names):
        return part
    places = [counts.names.index(label) for label in part.labels]
    columns = {"training": counts.training, "validation": counts.validation, "test": counts.test}
    parts = {name: tuple(numbers[place] for place in places) for name, numbers in columns.items() if any(numbers)}
    totals = tuple(sum(numbers[row] for numbers in parts.values()) for row in range(len(places)))
    return replace(part, counts=totals, parts=parts)
