"""What is said of how the numbers of a table as text were read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Protocol

from resources.text import Text
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend
from runtime.worker.data.columns import number_text
from runtime.worker.data.tables.cells_source import mixed_zones


class Reading(Protocol):
    """How a column was read: `Reading` of `resources/python_code/in_scripts/tables.py` without its values."""

    example: tuple[int, str, float] | None
    decimal: str
    mixed: int | None
    mark: str
    other: float | None
    sure: bool
    zones: int | None


def doubts(file: str, name: str, reading: Reading, place: Callable[[int], Text]) -> Iterator[DataProblem]:
    if reading.mixed is not None:
        text = Text.of(
            "{file}: at {place} the numbers of {column} have another unit than before it (% or a currency).",
            file=file,
            place=place(reading.mixed),
            column=name,
        )
        yield DataProblem("error", text, column=name, kind="units")
    if reading.zones is not None:
        yield mixed_zones(file, name, place(reading.zones))
    if reading.example is not None:
        yield from _example(file, name, reading, place)


def _example(file: str, name: str, reading: Reading, place: Callable[[int], Text]) -> Iterator[DataProblem]:
    """How a number was read that Python would not read so, or that has two meanings."""
    assert reading.example is not None
    row, text, value = reading.example
    if reading.other is None or math.isnan(reading.other) or (reading.sure and reading.mark == ","):
        note = Text.of(
            "{file}: “{text}” in {column} is read as {value}.",
            file=file,
            text=text,
            column=name,
            value=number_text(value),
        )
        yield DataProblem("note", note, column=name)
    elif reading.mark == ",":
        question = Text.of(
            "{file}: “{text}” in {column} at {place} may be {value} or {other}: write it in one way.",
            file=file,
            text=text,
            column=name,
            place=place(row),
            value=number_text(value),
            other=number_text(reading.other),
        )
        yield DataProblem("error", question, column=name, kind="mark", mend=_mend(value, reading.decimal))
    elif not reading.sure or reading.decimal == ",":
        doubt = Text.of(
            "{file}: “{text}” in {column} at {place} is read as {value}, but may be {other}.",
            file=file,
            text=text,
            column=name,
            place=place(row),
            value=number_text(value),
            other=number_text(reading.other),
        )
        mend = _mend(reading.other, "," if reading.decimal == "." else ".")
        yield DataProblem("warning", doubt, column=name, kind="mark", mend=mend)


def _mend(value: float, decimal: str) -> ProposedMend:
    """Read the table with this decimal mark, by which the number is `value`."""
    text = Text("Read it as {value}", {"value": number_text(value)})
    return ProposedMend(text, (OptionChange("decimal", decimal),))
