"""The steps of one column, one behind the other: what they learn, and what comes out of them. Free of Keras."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import msgspec

from resources.text import Text
from resources.training.setting import SettingError
from runtime.lazy import LazyModule
from runtime.spec import Step
from runtime.step_kinds import StepKind, check_step, find_step, step_module
from runtime.step_samples import WORDS, Array, Json, Layer, Sample, State, StepError
from runtime.worker.data.source import DataError

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

DROP: Final = "drop_missing"
Blocks = Callable[[], Iterable[Array]]
Learn = Callable[[bytes, Callable[[], State]], State]  # hands back what is known for a key, or learns it


@dataclass(frozen=True, slots=True)
class Stage:
    """A step with all its settings."""

    kind: StepKind
    module: ModuleType
    values: dict[str, Json]


class Pipeline:
    """The steps of `column`, whose samples are `first` before any of them."""

    def __init__(self, column: str, first: Sample, steps: Sequence[Step]) -> None:
        """Raises DataError naming the column, the step, and what is wrong with it."""
        self._column = column
        self.samples: list[Sample] = [first]
        self.states: list[State | None] = []
        self.stages: list[Stage] = [self._stage(place, step) for place, step in enumerate(steps)]

    def _stage(self, place: int, step: Step) -> Stage:
        try:
            check_step(step.step, step.settings)
        except SettingError as error:
            raise self._error(place, error.text) from error
        kind = find_step(step.step)
        assert kind is not None  # the check has seen to it
        return Stage(kind, step_module(step.step), kind.values(step.settings))

    @property
    def learns(self) -> bool:
        """Whether a step has to see the training part."""
        return any(stage.kind.adapts for stage in self.stages)

    @property
    def learnt(self) -> bool:
        return len(self.states) == len(self.stages)

    @property
    def last(self) -> Sample:
        """What comes out. Only after `learn`."""
        return self.samples[-1]

    def learn(self, blocks: Blocks, learn: Learn, key: bytes) -> None:
        """Works out what each step has to know, in order. `blocks` gives the training part as it is before all steps.

        `key` stands for all that the states follow from but the steps. Raises DataError.
        """
        for place in range(len(self.states), len(self.stages)):
            stage, sample = self.stages[place], self.samples[place]
            try:
                stage.module.result(sample, stage.values, None)
                state = self._state(place, blocks, learn, key)
                after = stage.module.result(sample, stage.values, state)
            except StepError as error:
                raise self._error(place, error.text) from error
            self.states.append(state)
            self.samples.append(after)

    def _state(self, place: int, blocks: Blocks, learn: Learn, key: bytes) -> State | None:
        stage, sample = self.stages[place], self.samples[place]
        known: State | None = stage.module.known(sample, stage.values) if hasattr(stage.module, "known") else None
        if not stage.kind.adapts or known is not None:
            return known

        def read() -> State:
            found: State = stage.module.adapt(self._up_to(place, blocks()), sample, stage.values)
            return found

        return learn(self.key(key, place), read)

    def key(self, base: bytes, place: int) -> bytes:
        """Stands for what the step at `place` has learnt."""
        steps = [[stage.kind.key, stage.values] for stage in self.stages[: place + 1]]
        encoded = msgspec.json.encode([self._column, steps], order="deterministic")
        return hashlib.sha256(base + encoded).digest()

    def _up_to(self, place: int, blocks: Iterable[Array]) -> Iterator[Array]:
        for block in blocks:
            yield self._through(block, place)

    def apply(self, values: Array) -> Array:
        """Samples behind all steps. Raises DataError."""
        return self._through(values, len(self.stages))

    def _through(self, values: Array, stop: int) -> Array:
        for place in range(stop):
            stage = self.stages[place]
            try:
                values = stage.module.apply(values, self.samples[place], stage.values, self.states[place])
            except StepError as error:
                raise self._error(place, error.text) from error
        return values

    def drop(self) -> int | None:
        """The place of the step that leaves samples out. Raises DataError where one before it has to learn."""
        place = next((place for place, stage in enumerate(self.stages) if stage.kind.key == DROP), None)
        for earlier in self.stages[:place] if place is not None else ():
            if earlier.kind.adapts:
                text = Text.of("it must come before {step}, which learns from the samples that are left.",
                               step=earlier.kind.title)  # fmt: skip
                raise self._error(place or 0, text)
        return place

    def layers(self) -> list[Layer | None]:
        """Each step as a layer of Keras that knows what was learnt. Only after `learn`."""
        return [
            stage.module.layer(sample, stage.values, state)
            for stage, sample, state in zip(self.stages, self.samples, self.states, strict=False)
        ]

    def _error(self, place: int, reason: Text) -> DataError:
        return DataError(
            Text.of("{column}, step {number}: {reason}", column=self._column, number=place + 1, reason=reason)
        )


def words_array(categories: Sequence[str], places: Array) -> Array:
    """Places in `categories` as words, "" for a missing one."""
    words: Array = np.array([*categories, ""], dtype=object)[places]
    return words


def is_words(dtype: Any, categories: Sequence[str]) -> bool:
    return bool(categories) or np.dtype(dtype).kind == "O"


def first_sample(shape: Sequence[int], dtype: Any, kind: str, categories: Sequence[str]) -> Sample:
    """`shape` is without the axis of the samples."""
    words = is_words(dtype, categories)
    return Sample(tuple(shape), WORDS if words else str(np.dtype(dtype)), kind, tuple(categories))
