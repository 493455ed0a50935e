"""Which samples train, validate and test: one answer for the trainer, checks, remarks and what people are shown.

The same settings give the same samples, in every process and in exported scripts, which hold the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from resources.plain import listed
from resources.python_code.in_scripts.part_sizes import part_sizes
from resources.text import Text
from resources.training.settings.split import COLUMN, GROUP, LAST, NEED_COLUMN, RANDOM, STRATIFIED, TIME, WAYS
from runtime.lazy import LazyModule
from runtime.spec import RunSpec
from runtime.splits import SplitSpec
from runtime.worker.data.columns import number_text
from runtime.worker.data.source import Array, DataError, Part, Rows, Source
from runtime.worker.data.windowed import WindowedSource

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import splits
else:
    np = LazyModule("numpy")
    splits = LazyModule("resources.python_code.in_scripts.splits")

PARTS: Final[tuple[Part, ...]] = ("training", "validation", "test")


@dataclass(frozen=True, slots=True)
class Parts:
    """The samples of each part."""

    training: Rows
    validation: Rows
    test: Rows

    def rows(self, part: Part) -> Rows:
        found: Rows = getattr(self, part)
        return found


def split_rows(source: Source, split: SplitSpec, samples: int, truths: Sequence[str] = ()) -> Parts:
    """The parts of `samples` samples; `truths` are the columns of all outputs.

    Raises DataError naming what of the settings, or of the column that they name, cannot be used.
    """
    if isinstance(source, WindowedSource):
        return _of_windows(source, split, truths)
    source = source.raw()  # steps learn from the training part, and change nothing of what is split by
    part = _given(source, split, samples)
    if part is None:
        return Parts(*_divided(source, split, range(samples), truths, split.validation_percent, split.test_percent))
    pool = in_a_row(np.flatnonzero(part == 0))
    validation, test = in_a_row(np.flatnonzero(part == 1)), in_a_row(np.flatnonzero(part == 2))
    left = split if split.way != COLUMN else SplitSpec(RANDOM, seed=split.seed)
    percents = (0.0 if len(validation) else split.validation_percent, 0.0 if len(test) else split.test_percent)
    training, more_validation, more_test = _divided(source, left, pool, truths, *percents)
    return Parts(training, validation if len(validation) else more_validation, test if len(test) else more_test)


def _of_windows(source: WindowedSource, split: SplitSpec, truths: Sequence[str]) -> Parts:
    """Rows are split, and windows go where all their rows are."""
    order_by = source.windows.order_by
    if split.way == LAST and order_by:
        split = msgspec.structs.replace(split, way=TIME, column=order_by)
    parts = split_rows(source.rows, split, source.row_count, truths)
    part_of_row = np.zeros(source.row_count, np.int8)
    for number, part in enumerate(PARTS):
        part_of_row[as_array(parts.rows(part))] = number
    part_of_window = source.in_parts(part_of_row)
    return Parts(*(in_a_row(np.flatnonzero(part_of_window == number)) for number in range(len(PARTS))))


def given_parts(source: Source, split: SplitSpec) -> bool:
    """Whether the data itself, or a column of it, puts samples into parts."""
    return split.way == COLUMN or (split.own_parts and any(source.parts().values()))


def own_counts(source: Source, samples: int) -> dict[str, int]:
    """How many of `samples` samples the data itself puts into each part; nothing where it says of none."""
    own = source.parts()
    if not any(own.values()):
        return {}
    counts: dict[str, int] = {part: sum(len(range(samples)[rows]) for rows in own.get(part, ())) for part in PARTS}
    return {**counts, "training": samples - counts["validation"] - counts["test"]}


def in_part(part: Rows, rows: Array) -> Array:
    """Whether each of `rows` is in the part."""
    if isinstance(part, range):
        return (rows >= part.start) & (rows < part.stop)
    return np.isin(rows, part)


def as_array(rows: Rows) -> Array:
    return np.arange(rows.start, rows.stop) if isinstance(rows, range) else rows


def _given(source: Source, split: SplitSpec, samples: int) -> Array | None:
    """The place in PARTS of each sample where the data says it; None where it does not."""
    if split.way == COLUMN:
        return _named_parts(source, _column(source, split, samples), samples)
    own = source.parts() if split.own_parts else {}
    if not any(own.values()):
        return None
    part = np.zeros(samples, np.int8)
    for number, name in enumerate(PARTS):
        for rows in own.get(name, ()):
            part[rows] = number
    return part


def _divided(
    source: Source, split: SplitSpec, pool: Rows, truths: Sequence[str], validation: float, test: float
) -> list[Rows]:
    if validation + test >= 100:
        text = Text.of(
            "{validation} % for validation and {test} % for the test leave nothing to train on.",
            validation=f"{validation:g}",
            test=f"{test:g}",
        )
        raise DataError(text)
    count = len(pool)
    if split.way in NEED_COLUMN or (split.way == STRATIFIED and validation + test):
        columns = _labels(source, split, pool, truths)
        if split.way == TIME:
            chosen = splits.parts_by_time(columns[0], validation, test)
        elif split.way == GROUP:
            chosen = splits.parts_by_group(columns[0], validation, test, split.seed)
        else:
            chosen = splits.parts_by_class(columns, validation, test, split.seed)
    elif split.way == RANDOM and validation + test:
        chosen = splits.parts_at_random(count, validation, test, split.seed)
    else:
        training, validating, _ = part_sizes(count, validation, test)
        return [pool[:training], pool[training : training + validating], pool[training + validating :]]
    rows = as_array(pool)
    return [in_a_row(rows[places]) for places in chosen]


def in_a_row(rows: Rows) -> Rows:
    """Rows without a gap are a range."""
    if isinstance(rows, range):
        return rows
    if len(rows) and int(rows[-1]) - int(rows[0]) == len(rows) - 1:
        return range(int(rows[0]), int(rows[-1]) + 1)
    return rows if len(rows) else range(0)


def _labels(source: Source, split: SplitSpec, pool: Rows, truths: Sequence[str]) -> list[Array]:
    """The columns that the pool is split by."""
    if split.column or split.way in NEED_COLUMN:
        samples = int(pool[-1]) + 1 if len(pool) else 0
        name = _column(source, split, samples)
        values = _values(source, name, pool)
        if split.way == TIME:
            _require_times(source, name, values, pool)
        return [values]
    names = [name for name in truths if _tells_classes(source.shape(name)[1:])]
    if not names:
        raise DataError(
            Text.of(
                "{columns} has no classes: to split evenly by class, name the split column.", columns=listed(truths)
            )
        )
    return [_sortable(column) for column in splits.label_columns([read_rows(source, name, pool) for name in names])]


def _tells_classes(shape: Sequence[int]) -> bool:
    """As `label_columns` has it."""
    return len(shape) < 2 or all(size == 1 for size in shape)


def _column(source: Source, split: SplitSpec, samples: int) -> str:
    if not split.column:
        raise DataError(Text.of("To split {way}, name the split column.", way=WAYS[split.way]))
    source.require(split.column)
    shape = source.shape(split.column)
    if any(size != 1 for size in shape[1:]):
        raise DataError(
            Text.of(
                "{file}: {column} cannot split the samples: it holds more than one value for each.",
                file=source.title,
                column=split.column,
            )
        )
    if shape[0] < samples:
        raise DataError(
            Text.of(
                "{file}: {column} has {count} samples, but {most} are to be split.",
                file=source.title,
                column=split.column,
                count=shape[0],
                most=samples,
            )
        )
    return split.column


def _values(source: Source, name: str, rows: Rows) -> Array:
    return _sortable(read_rows(source, name, rows).reshape(-1))


def _sortable(values: Array) -> Array:
    """Texts as the places of the sorted different ones."""
    return np.unique(values, return_inverse=True)[1] if values.dtype.kind == "O" else values


def read_rows(source: Source, name: str, rows: Rows) -> Array:
    """Raises DataError."""
    if isinstance(rows, range):
        return source.read(name, slice(rows.start, rows.stop))
    return source.take(name, rows)


def _require_times(source: Source, name: str, values: Array, pool: Rows) -> None:
    missing = np.isnan(values) if values.dtype.kind == "f" else values < 0 if source.categories(name) else None
    if missing is None or not missing.any():
        return
    raise DataError(
        Text.of(
            "{file}: {column} has no value at {place}, so it is not known when that was.",
            file=source.title,
            column=name,
            place=source.place(int(pool[int(np.argmax(missing))])),
        )
    )


def _named_parts(source: Source, name: str, samples: int) -> Array:
    values = source.read(name, slice(0, samples)).reshape(-1)
    words = source.categories(name)
    if values.dtype.kind == "O":
        different, values = np.unique(values, return_inverse=True)
        words = tuple(map(str, different))
    if len(words):
        numbers = splits.words_of_parts()
        known = [numbers.get(word.strip().lower(), -1) for word in words]
        part = np.array([*known, -1], np.int8)[values]  # a missing word is -1
    else:
        part = np.where(np.isin(values, (0, 1, 2)), np.nan_to_num(values.astype(float), nan=-1), -1).astype(np.int8)
    wrong = part < 0
    if wrong.any():
        row = int(np.argmax(wrong))
        raise DataError(
            Text.of(
                "{file}: {column} is {value} at {place}, but it has to say train, validation or test, or 0, 1 or 2.",
                file=source.title,
                column=name,
                value=_shown(words, values[row]),
                place=source.place(row),
            )
        )
    return part


def _shown(words: Sequence[str], value: Array) -> str | Text:
    if len(words):
        return f"“{words[int(value)]}”" if value >= 0 else Text("an empty field")
    return number_text(value.item())


def truth_columns(bound: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The columns of all outputs, each once."""
    return tuple(dict.fromkeys(name for names in bound for name in names))


def truths_of(spec: RunSpec) -> tuple[str, ...]:
    """The columns of all outputs of a run."""
    bindings = (spec.binding(output.name) for output in spec.training.outputs)
    return truth_columns(binding.columns for binding in bindings if binding is not None)
