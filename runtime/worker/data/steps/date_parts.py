"""Dates become numbers a model can use: year, month, day, weekday, hour, and where they stand in their cycle.

A date is a number of seconds since 1970 (UTC), or a word as ISO 8601 has it: 2026-11-30, 2026-11-30T16:35:16+09:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, list_of, name, number, quoted
from resources.python_code.preparing import COLUMN, by_function
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, StepError

if TYPE_CHECKING:
    from resources.python_code.in_scripts import date_parts as dates
else:
    dates = LazyModule("resources.python_code.in_scripts.date_parts")


def _part(key: str, title: Text, order: int, on: bool) -> Setting[bool]:
    return Setting[bool](key, title, Text("Whether it is one of the numbers."), "bool", on, order=order, section="step")


STEP: Final = StepKind(
    "date_parts",
    Text("Date parts"),
    Text("A date becomes numbers: year, month, day, weekday (Monday is 0), hour."),
    ("date", "text", "category"),
    140,
    (
        _part("year", Text("year"), 10, True),
        _part("month", Text("month"), 20, True),
        _part("day", Text("day"), 30, True),
        _part("weekday", Text("weekday"), 40, True),
        _part("hour", Text("hour"), 50, False),
        Setting[bool](
            "cyclic",
            Text("cyclic"),
            Text("Sine and cosine in place of the number, so that December is beside January. Not for the year."),
            "bool",
            False,
            order=60,
            section="step",
        ),
    ),
    inside=False,
    why_before=Text("Keras has no layer for dates."),
)


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    count = sum(2 if values["cyclic"] and part in dates.CYCLES else 1 for part in _parts(values))
    if not count:
        raise StepError(Text.of("{step}: choose at least one part.", step=STEP.title))
    if sample.size != 1:
        raise StepError(Text.of("{step} takes one date a sample.", step=STEP.title))
    return Sample((count,), "float32", "number")


def apply(array: Array, _sample: Sample, values: Mapping[str, Json], _state: State | None) -> Array:
    """A missing date gives missing numbers (NaN). Raises StepError for a word that is no date."""
    try:
        found: Array = dates.date_parts(array, _parts(values), values["cyclic"])
    except dates.NoDate as error:
        raise StepError(
            Text.of("{step}: “{value}” is no date. Write dates like 2026-11-30.", step=STEP.title, value=str(error))
        ) from error
    return found


def layer(_sample: Sample, _values: Mapping[str, Json], _state: State | None) -> Layer | None:
    return None


def code(values: Mapping[str, Json]) -> StepCode:
    parts = list_of(map(quoted, _parts(values)))
    return by_function("date_parts", call(name("words_in"), COLUMN), parts, number(bool(values["cyclic"])))


def settings_of(_written: Layer) -> dict[str, Json] | None:
    return None


def _parts(values: Mapping[str, Json]) -> list[str]:
    return [part for part in ("year", "month", "day", "weekday", "hour") if values[part]]
