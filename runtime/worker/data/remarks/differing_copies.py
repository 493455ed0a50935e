"""Copies of one picture, or of one file, that have different labels: one of them is wrong."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.worker.data.fitting import Fit
from runtime.worker.data.oddities import DataFacts

_MOST: Final = 10_000  # copies that are looked at


def _differing(facts: DataFacts) -> Iterator[DataProblem]:
    groups = [np.array(group, np.int64) for group in facts.source.same_samples() if group[-1] < facts.samples]
    if not groups:
        return
    for fitted in facts.outputs:
        if len(fitted.columns) == 1 and facts.source.run_rows(fitted.columns[0]) > 1:
            yield from _of_output(facts, fitted, groups)


def _of_output(
    facts: DataFacts, fitted: Fit, groups: list[np.ndarray[tuple[int], np.dtype[np.int64]]]
) -> Iterator[DataProblem]:
    column, count, example = fitted.columns[0], 0, None
    looked_at = 0
    for group in groups:
        looked_at += len(group)
        if looked_at > _MOST:
            break
        labels = facts.source.take(column, group)
        other = np.flatnonzero((labels != labels[:1]).reshape(len(group), -1).any(axis=1))
        if len(other):
            count += len(group)
            example = example or (int(group[0]), int(group[other[0]]))
    if example is None:
        return
    first, second = example
    text = Text.of(
        "{file}: {count} samples are copies with different labels in {column}, such as {first} and {second}: delete "
        "those that are wrong.",
        file=facts.source.title,
        count=count,
        column=column,
        first=facts.source.place(first),
        second=facts.source.place(second),
    )
    row = facts.source.origin(first)
    yield DataProblem("warning", text, fitted.endpoint.name, column, kind="differing_copies", row=row)


REMARK = _differing
