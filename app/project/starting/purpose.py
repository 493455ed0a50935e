"""What a model that starts from data is to do: which columns go in, which come out, and what each of them is. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from resources.text import Text
from runtime.messages.describing import Column
from runtime.spec import Windows

Form = Literal["picture", "sequence", "words", "sound", "numbers"]  # of what goes in
Aim = Literal["classes", "yes_or_no", "value", "vector", "mask"]  # of what comes out

_TRUTHS: Final = {"y", "target", "targets", "label", "labels", "class", "classes", "truth", "output", "mask"}
_PARTS: Final = re.compile(r"[\W_]+")
_MOST_CLASSES: Final = 1000
_MOST_ONE_HOT: Final = 1000  # places for the words of one column
_KEYS: Final = {"id", "name", "file", "filename", "path", "index", "key"}


@dataclass(frozen=True, slots=True)
class Given:
    """Columns that go into one input, side by side where they are several. `size` is that of a sample then.

    `window`: how many rows of a time series a sample has; none where each row is a sample.
    """

    form: Form
    columns: tuple[Column, ...]
    size: int = 0
    window: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """What one output tells. `units`: how many classes, or numbers."""

    aim: Aim
    column: Column
    units: int


@dataclass(frozen=True, slots=True)
class Purpose:
    """`unused` are the columns beside them that no input takes, without those that only name a sample."""

    given: tuple[Given, ...]
    sought: tuple[Sought, ...]
    unused: tuple[Column, ...] = ()

    @property
    def unlabelled(self) -> tuple[str, ...]:
        """What is told and has gaps: there is nothing to learn from samples without it."""
        taken = {column.name for given in self.given for column in given.columns}
        return tuple(each.column.name for each in self.sought if each.column.missing and each.column.name not in taken)


class NoPurposeError(Exception):
    """Data that no model can be started from; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


def aim_of(column: Column) -> Sought | None:
    """What an output for the column tells; None for a column that none can tell."""
    single = all(size == 1 for size in column.shape)
    if column.kind == "mask":
        highest = int(column.maximum) if column.maximum is not None else 1
        classes = highest + 1 if 1 < highest < 64 else 1
        return Sought("mask", column, classes)
    if column.kind == "category" and column.categories and single:
        return Sought("classes", column, len(column.categories))
    if column.kind in ("text", "image", "audio", "date") or not column.samples:
        return None
    if not single:
        return Sought("vector", column, math.prod(column.shape)) if len(column.shape) == 1 else None
    whole = column.dtype.startswith(("int", "uint")) or column.dtype == "bool"
    if whole and column.kind == "category" and column.maximum is not None and (column.minimum or 0) >= 0:
        if column.maximum <= 1:
            return Sought("yes_or_no", column, 1)
        if column.maximum < _MOST_CLASSES:
            return Sought("classes", column, int(column.maximum) + 1)
    if column.dtype == "bool":
        return Sought("yes_or_no", column, 1)
    return Sought("value", column, 1)


def targets_of(columns: Sequence[Column]) -> list[Column]:
    """The columns that can be told, the likeliest first: a mask, by its name, classes of pictures, the last one."""
    last = len(columns) - 1
    has_pictures = any(column.kind in ("image", "audio") for column in columns)

    def rank(entry: tuple[int, Column]) -> tuple[int, ...]:
        place, column = entry
        words = set(_PARTS.split(column.name.lower()))
        named = bool(words & _TRUTHS)
        told = aim_of(column)
        aim = told.aim if told is not None else ""
        classes = has_pictures and aim in ("classes", "yes_or_no")
        return (aim != "mask", not named, bool(words & _KEYS), not classes, last - place)

    return [column for _place, column in sorted(enumerate(columns), key=rank) if aim_of(column) is not None]


def purpose_of(columns: Sequence[Column], targets: Sequence[str], windows: Windows | None = None) -> Purpose:
    """All other columns go in, save those that nothing can take. Raises NoPurposeError.

    Of `windows` the past of all columns of numbers goes in, also that of what is told.
    """
    by_name = {column.name: column for column in columns}
    sought = [aim for name in targets if name in by_name and (aim := aim_of(by_name[name])) is not None]
    if not sought:
        raise NoPurposeError(Text("Say which column the model is to tell."))
    samples = sought[0].column.samples
    if windows is not None:
        given = _past([column for column in columns if column.samples == samples], targets, windows)
    else:
        left = [column for column in columns if column.name not in targets and column.samples == samples]
        given = _given(left, [aim.aim for aim in sought])
    if not given:
        raise NoPurposeError(Text("There is no other column that a model could tell it from."))
    taken = {column.name for each in given for column in each.columns} | set(targets)
    if windows is not None:
        taken |= {windows.order_by, windows.group_by}
    unused = (column for column in columns if column.name not in taken and not _names_samples(column))
    return Purpose(tuple(given), tuple(sought), tuple(unused))


def _past(columns: Sequence[Column], targets: Sequence[str], windows: Windows) -> list[Given]:
    """What is told by a later row (a horizon) goes in as it was before; at a horizon of 0 it would give itself away."""
    apart = {windows.order_by, windows.group_by, *(targets if not windows.horizon else ())}
    numbers = [
        column
        for column in columns
        if column.name not in apart and not column.categories and not column.shape and width_of(column)
        if not _is_number_of_row(column)
    ]
    return [Given("sequence", tuple(numbers), len(numbers), windows.length)] if numbers else []


def _given(columns: Sequence[Column], aims: Sequence[Aim]) -> list[Given]:
    found: list[Given] = []
    numbers: list[Column] = []
    for column in columns:
        if column.kind == "image" and len(column.shape) in (2, 3):
            found.append(Given("picture", (column,)))
        elif column.kind == "audio":
            found.append(Given("sound", (column,)))
        elif len(column.shape) == 2 and column.kind != "mask":
            found.append(Given("sequence", (column,)))
        elif _is_free_text(column):
            found.append(Given("words", (column,)))
        elif width_of(column) and not _is_number_of_row(column):
            numbers.append(column)
    rich = [each for each in found if each.form != "words"]
    if rich:  # beside pictures or sound, texts are the names of files
        found = rich
        numbers = [column for column in numbers if not column.categories]
    if "mask" in aims:
        return [each for each in found if each.form == "picture"][:1]
    if numbers:
        found.append(Given("numbers", tuple(numbers), sum(map(width_of, numbers))))
    return found


def _is_free_text(column: Column) -> bool:
    words = set(_PARTS.split(column.name.lower()))
    return column.kind == "text" and not words & _KEYS and all(size == 1 for size in column.shape)


def _names_samples(column: Column) -> bool:
    """Such as the name of a file: nobody wonders that it does not go in."""
    return bool(set(_PARTS.split(column.name.lower())) & _KEYS)


def _is_number_of_row(column: Column) -> bool:
    """Such as `id` or `user_id`: a number that names a sample, by which a model learns the order of the file."""
    words = _PARTS.split(column.name.lower())
    whole = column.dtype.startswith(("int", "uint")) and column.kind == "number"
    return whole and (words[-1] == "id" or words in (["index"], ["key"]))


def width_of(column: Column) -> int:
    """How many numbers a column becomes beside others; 0 if it cannot be one of them."""
    if column.kind in ("text", "image", "mask", "audio", "date"):
        return 0
    if column.categories:
        return len(column.categories) if 1 < len(column.categories) <= _MOST_ONE_HOT else 0
    return math.prod(column.shape) if len(column.shape) <= 1 else 0
