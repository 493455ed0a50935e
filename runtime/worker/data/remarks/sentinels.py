"""Numbers such as -999, by which people say that there is no value, and which a model takes for one."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np

from resources.text import Text
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange
from runtime.worker.data.blocks import first_block
from runtime.worker.data.columns import number_text
from runtime.worker.data.fitting import Fit, is_sparse
from runtime.worker.data.oddities import DataFacts
from runtime.worker.data.source import Array
from runtime.worker.data.values import WORDS

_SIGNS: Final = frozenset((-1, -9, -99, -999, -9999, -99999, -32768, 99, 999, 9999, 99999))
_FILL: Final = "fill"
_SMALL: Final = 9  # -1 and -9 are common numbers: all others have to lie far above
_MOST_FEATURES: Final = 4096


def _sentinels(facts: DataFacts) -> Iterator[DataProblem]:
    """In what lies in the file: steps that scale -999 make of it a number that looks like any other."""
    raw = facts.source.raw()
    for fitted in facts.fits:
        for name in fitted.columns:
            if is_sparse(fitted.endpoint) or fitted.dtype.startswith(("int", "uint", "bool")):
                continue
            if (
                fitted.dtype == WORDS
                or raw.categories(name)
                or raw.dtype(name).kind not in "iuf"
                or math.prod(raw.shape(name)[1:]) > _MOST_FEATURES
            ):
                continue
            yield from _of_column(facts, fitted, name)


def _of_column(facts: DataFacts, fitted: Fit, name: str) -> Iterator[DataProblem]:
    values = first_block(facts.source.raw(), name)
    features = values.reshape(len(values), -1)
    if not features.size:
        return
    lowest, highest = np.fmin.reduce(features), np.fmax.reduce(features)  # of those that are there
    filled = {step.settings.get("sign") for step in facts.source.steps(name) if step.step == _FILL}
    for value in sorted(({*lowest.tolist(), *highest.tolist()} & _SIGNS) - filled):
        for feature in features.T[(lowest == value) | (highest == value)]:
            found = feature == value
            rest = feature[~found & ~np.isnan(feature)]
            if _stands_apart(float(value), int(found.sum()), rest):
                yield _remark(facts, fitted, name, found, rest, value)
                return


def _stands_apart(value: float, count: int, rest: Array) -> bool:
    """Whether a number is so far from all others that it is none of them."""
    if len(rest) < 2:
        return False
    low, high = float(rest.min()), float(rest.max())
    gap, width = (low - value if value < low else value - high), high - low
    if gap <= 0 or width == 0:
        return False
    if abs(value) <= _SMALL:
        return count > 1 and low >= 5
    if value < 0 and low >= 0:
        return count > 1 or gap > width
    return gap > 2 * width if count > 1 else gap > 5 * width


def _remark(facts: DataFacts, fitted: Fit, name: str, found: Array, rest: Array, value: float) -> DataProblem:
    row = int(np.argmax(found))
    text = Text.of(
        "{file}: {column} is {value} in {count} samples, the first at {place}, and {low} to {high} in all others: it "
        "looks like a sign for a missing value.",
        file=facts.source.title,
        column=name,
        value=number_text(value),
        count=int(found.sum()),
        place=facts.source.place(row),
        low=number_text(float(rest.min())),
        high=number_text(float(rest.max())),
    )
    mend = None if fitted.is_output else _filling(facts, name, value)
    where = facts.source.origin(row)
    return DataProblem("warning", text, fitted.endpoint.name, name, kind="sentinel", mend=mend, row=where)


def _filling(facts: DataFacts, name: str, value: float) -> ProposedMend:
    """Fill what it stands for, before whatever else is done to the column."""
    present = [{"step": step.step, **step.settings} for step in facts.source.steps(name)]
    steps = [{"step": _FILL, "with": "mean", "sign": float(value)}, *present]
    text = Text.of(
        "Take {value} of {column} as missing, and fill it with the mean", value=number_text(value), column=name
    )
    return ProposedMend(text, (SettingChange("data", ("columns", name, "steps"), steps),))


REMARK = _sentinels
