"""The columns of the data as the model gets them: behind their steps. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from runtime.messages.describing import Column
from runtime.messages.preparing import LearnData, PreparedColumn, Preparing
from runtime.spec import DataSpec
from runtime.splits import SplitSpec


def learn_question(data: DataSpec, split: SplitSpec, truths: Sequence[str]) -> LearnData | None:
    """What comes out of the steps of columns; None where no column has any. `truths` are the columns of all outputs."""
    names = tuple(name for name, column in data.columns.items() if column.steps)
    return LearnData(0, data, names, Preparing(split, tuple(dict.fromkeys(truths)))) if names else None


def behind_steps(columns: Sequence[Column], learnt: Iterable[PreparedColumn]) -> tuple[Column, ...]:
    """The columns as the model gets them; one that does not come through its steps stays as it is in the file."""
    found = {column.name: column for column in learnt if column.error is None}
    left = {column.samples: found[column.name].samples for column in columns if column.name in found}
    return tuple(_behind(column, found, left) for column in columns) if found else tuple(columns)


def _behind(column: Column, found: Mapping[str, PreparedColumn], left: Mapping[int, int]) -> Column:
    """`left`: how many samples are left of so many, where a step of any column drops some."""
    samples = left.get(column.samples, column.samples)
    after = found.get(column.name)
    if after is None:
        return column if samples == column.samples else replace(column, samples=samples)
    return Column(column.name, after.shape, after.dtype, samples, after.kind, categories=after.categories)
