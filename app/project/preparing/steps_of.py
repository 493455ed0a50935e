"""The steps of columns as a project's data section has them, and what a column's samples are before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from resources.text import Text
from resources.training.sections import BINDINGS, bindings_of
from runtime.messages.describing import Column
from runtime.step_kinds import StepKind, find_step, step_module, unknown_step
from runtime.step_samples import WORDS, Sample

Json = Any
COLUMNS: Final = "columns"
STEPS: Final = "steps"
STEP: Final = "step"


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """A step as it stands in a project: its key, and the settings beside it."""

    key: str
    settings: Mapping[str, Json]

    @property
    def kind(self) -> StepKind | None:
        return find_step(self.key)

    @property
    def title(self) -> Text:
        kind = self.kind
        return unknown_step(self.key) if kind is None else kind.title

    @property
    def module(self) -> ModuleType:
        return step_module(self.key)

    def values(self) -> dict[str, Json]:
        """All settings of the step."""
        kind = self.kind
        assert kind is not None
        return kind.values(self.settings)

    def json(self) -> dict[str, Json]:
        return {STEP: self.key, **self.settings}


def steps_of(data: Mapping[str, Json], column: str) -> list[WrittenStep]:
    """What is no step is left out."""
    columns = data.get(COLUMNS)
    written = columns.get(column) if isinstance(columns, Mapping) else None
    steps = written.get(STEPS) if isinstance(written, Mapping) else None
    found = []
    for step in steps if isinstance(steps, list | tuple) else ():
        if isinstance(step, Mapping) and isinstance(step.get(STEP), str):
            found.append(WrittenStep(step[STEP], {key: value for key, value in step.items() if key != STEP}))
    return found


def with_steps(data: Mapping[str, Json], columns: Iterable[str], steps: Sequence[WrittenStep]) -> dict[str, Json]:
    """The data section in which these columns have these steps; what else stands there stays."""
    before = data.get(COLUMNS)
    held: dict[str, Json] = dict(before) if isinstance(before, Mapping) else {}
    for name in columns:
        column = held.get(name)
        rest = {key: value for key, value in column.items() if key != STEPS} if isinstance(column, Mapping) else {}
        if steps:
            rest[STEPS] = [step.json() for step in steps]
        if rest:
            held[name] = rest
        else:
            held.pop(name, None)
    after = {key: value for key, value in data.items() if key != COLUMNS}
    return {**after, COLUMNS: held} if held else after


def with_binding(data: Mapping[str, Json], target: str, columns: Sequence[str]) -> dict[str, Json]:
    """The data section in which `target` has these columns; without any it is bound no longer."""
    held: dict[str, Json] = {name: list(bound) for name, bound in bindings_of(data).items()}
    held.pop(target, None)
    if columns:
        held[target] = list(columns)
    return {**data, BINDINGS: held}


def raw_sample(column: Column) -> Sample:
    """What the samples of a column are before all steps."""
    words = bool(column.categories) or column.kind == "text" or column.dtype == "object"
    return Sample(column.shape, WORDS if words else column.dtype, column.kind, column.categories)


def same_steps(data: Mapping[str, Json], columns: Iterable[str]) -> list[WrittenStep] | None:
    """The steps of all these columns, None where they differ."""
    found = [steps_of(data, name) for name in columns]
    return found[0] if found and all(steps == found[0] for steps in found) else None if found else []
