"""Moves steps of preparation into the model: real boxes behind its input, with the settings they had."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.project.preparing.scratch import Scratch, require_input
from app.project.preparing.steps_of import WrittenStep, raw_sample, steps_of, with_binding, with_steps
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError, SetData, SetParameters
from graph_editor.document.graph import Operation, TensorRef
from graph_editor.document.vocabulary import LOOKUPS, VOCABULARY_SIZE
from resources.text import Text
from resources.training.sections import bindings_of
from resources.training.setting import SettingError
from runtime.messages.describing import Column
from runtime.step_samples import Layer, Sample, StepError

Json = Any
_WHOLE: Final = ("integer_lookup", "one_hot", "hashing")  # steps that take whole numbers, where no words come
_TEXT: Final = "text_vectorization"


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns that go through the same boxes; `sample` is what comes to the first box, or what a column gives."""

    columns: tuple[str, ...]
    moved: tuple[WrittenStep, ...]
    sample: Sample

    @property
    def side_by_side(self) -> bool:
        return len(self.columns) > 1

    def input_shape(self) -> list[int]:
        if self.side_by_side:
            return [len(self.columns)]
        if self.sample.shape or not self.sample.words:
            return list(self.sample.shape or (1,))
        # Keras gives the shape of vectors of words wrong where a text is a row of one.
        vector = self.moved[0].key == _TEXT and self.moved[0].values()["output_mode"] != "int"
        return [] if vector else [1]

    def dtype(self, before: Json) -> str:
        if self.sample.words:
            return "string"
        if self.moved and self.moved[0].key in _WHOLE:
            return "int64"
        return before if isinstance(before, str) and before.startswith(("float", "bfloat")) else "float32"


def why_not_inside(document: Document, catalog: Catalog, target: str, columns: Mapping[str, Column]) -> Text | None:
    """Why no step of an input can become a box; None if one can."""
    try:
        move_inside(document, catalog, target, columns)
    except EditError as error:
        return error.text
    return None


def move_inside(document: Document, catalog: Catalog, target: str, columns: Mapping[str, Column]) -> list[Edit]:
    """Make boxes behind the input `target` of the last steps of its columns, as many as Keras has layers for.

    Columns with other steps get an Input of their own, and what comes out of all of them is put side by side. Bindings
    and data change with the graph, in one step. Raises EditError.
    """
    operation, call = require_input(document, target)
    groups = _groups(document, target, columns)
    sizes = _sizes(operation, groups)
    scratch = Scratch(document, catalog)
    behind = document.graph.consumers(call)
    if not behind:
        raise EditError(Text("{layer} feeds no other layer yet.", {"layer": operation.shown_name}))
    x, y = document.positions.get(call, (0.0, 0.0))
    most = max(len(group.moved) for group in groups) + (len(groups) > 1) * 2
    ends, data = [], document.data
    for place, group in enumerate(groups):
        start = call
        if place:
            start = scratch.add("InputLayer", "keras.layers", {"batch_shape": [None, *group.input_shape()],
                                "dtype": group.dtype(None)}, name=group.columns[0])  # fmt: skip
        else:
            shape = _kept_shape(operation, groups) or [None, *group.input_shape()]
            scratch.do(SetParameters(operation.id, {"batch_shape": shape,
                                                    "dtype": group.dtype(operation.config.get("dtype"))}))  # fmt: skip
        data = with_binding(data, scratch.document.operation_of(start).name, group.columns)
        scratch.place(start, x, y, place, -most)
        ends.append(_boxes(scratch, group, start, sizes[place], (x, y, place, most)))
        data = with_steps(data, group.columns, _left(document, group))
    end = ends[0]
    flat = len(groups) == 1 and not groups[0].side_by_side
    if len(groups) > 1:
        end = scratch.add("Concatenate", "keras.layers", {"axis": -1}, after=[TensorRef(one) for one in ends])
        scratch.place(end, x, y, 0, -1)
    shape = list(operation.config.get("batch_shape", [])[1:])
    if not flat and len(shape) != 1:
        end = scratch.add("Reshape", "keras.layers", {"target_shape": shape}, after=[TensorRef(end)])
        scratch.place(end, x, y, 0, 0)
    scratch.lead(call, behind, end)
    scratch.do(SetData(data))
    return scratch.edits


def _kept_shape(operation: Operation, groups: Sequence[_Group]) -> list[Json] | None:
    """What an input takes already, where the steps of its one column change no shape: axes of size 1 may be added."""
    group, shape = groups[0], list(operation.config.get("batch_shape", []))
    if len(groups) > 1 or group.side_by_side or group.sample.words:
        return None
    sample = group.sample
    for step in group.moved:
        sample, _ = _after(group, step, sample)
    sizes = shape[1:]
    same = sample.shape == group.sample.shape and all(isinstance(size, int) for size in sizes)
    return shape if same and math.prod(sizes) == sample.size else None


def _groups(document: Document, target: str, columns: Mapping[str, Column]) -> list[_Group]:
    """Raises EditError where nothing can be moved."""
    bound = bindings_of(document.data).get(target, ())
    if not bound:
        raise EditError(Text("The input {name} has no data column yet.", {"name": target}))
    groups: list[_Group] = []
    reason: Text | None = None
    for name in bound:
        if name not in columns:
            raise EditError(Text("The data have no column {column}.", {"column": name}))
        steps = steps_of(document.data, name)
        first = _first_inside(steps)
        if first == len(steps) and steps:
            kind = steps[-1].kind
            reason = kind.why_before if kind is not None and kind.why_before else steps[-1].title
        group = _Group((name,), tuple(steps[first:]), _sample_at(name, raw_sample(columns[name]), steps[:first]))
        same = next((place for place, other in enumerate(groups) if _together(other, group)), None)
        if same is None:
            groups.append(group)
        else:
            other = groups[same]
            groups[same] = _Group((*other.columns, name), other.moved, other.sample)
    if not any(group.moved for group in groups):
        raise EditError(reason or Text("The columns of {name} have no steps.", {"name": target}))
    return groups


def _first_inside(steps: Sequence[WrittenStep]) -> int:
    """Where the steps begin that are followed by none that must stay before the model."""
    first = len(steps)
    while first and (kind := steps[first - 1].kind) is not None and kind.inside:
        first -= 1
    return first


def _together(one: _Group, other: _Group) -> bool:
    """Whether one box does the same for both: each of single numbers, each on its own."""
    if one.moved != other.moved or one.sample.words or other.sample.words:
        return False
    if one.sample.size != 1 or other.sample.size != 1:
        return False
    kinds = [step.kind for step in one.moved]
    return all(kind is not None and kind.together for kind in kinds) and all(
        step.values().get("each", True) for step in one.moved
    )


def _sample_at(column: str, sample: Sample, steps: Sequence[WrittenStep]) -> Sample:
    """What comes out of steps, none of which has learnt anything. Raises EditError."""
    for step in steps:
        kind = step.kind
        try:
            if kind is None:
                raise EditError(step.title)
            kind.check(step.settings)
            sample = step.module.result(sample, step.values(), None)
        except (StepError, SettingError) as error:
            raise EditError(Text.of("{column}: {reason}", column=column, reason=error.text)) from error
    return sample


def _left(document: Document, group: _Group) -> list[WrittenStep]:
    """The steps of the group's columns that stay before the model."""
    steps = steps_of(document.data, group.columns[0])
    return steps[: len(steps) - len(group.moved)]


def _sizes(operation: Operation, groups: Sequence[_Group]) -> list[int | None]:
    """How many numbers come out of each group; one that nobody knows is the rest of what the input took."""
    found: list[int | None] = []
    for group in groups:
        sample = _sample_at(group.columns[0], group.sample, ())
        known: int | None = len(group.columns) * sample.size if not group.moved else None
        for step in group.moved:
            sample, known = _after(group, step, sample)
        found.append(known)
    shape = operation.config.get("batch_shape", [])[1:]
    total = math.prod(shape) if all(isinstance(size, int) for size in shape) else None
    unknown = [place for place, size in enumerate(found) if size is None]
    if total is not None and len(unknown) == 1:
        rest = total - sum(size for size in found if size is not None)
        found[unknown[0]] = rest if rest > 0 else None
    return found


def _after(group: _Group, step: WrittenStep, sample: Sample) -> tuple[Sample, int | None]:
    """What comes out of a step, and how many numbers, None where that follows from the data alone."""
    values, kind = step.values(), step.kind
    assert kind is not None
    try:
        kind.check(step.settings)
        state = step.module.known(sample, values) if hasattr(step.module, "known") else None
        after: Sample = step.module.result(sample, values, state)
    except (StepError, SettingError) as error:
        raise EditError(Text.of("{column}: {reason}", column=group.columns[0], reason=error.text)) from error
    layer = step.module.layer(sample, values, state)
    open_size = layer is not None and layer["class_name"] in LOOKUPS and state is None
    open_size = open_size and layer["config"].get("output_mode", "int") != "int"
    return after, None if open_size else after.size * len(group.columns)


def _boxes(scratch: Scratch, group: _Group, start: str, size: int | None, spot: tuple[float, float, int, int]) -> str:
    """The boxes of a group behind `start`; the last of them. Raises EditError."""
    x, y, place, most = spot
    sample, end, row = group.sample, start, -most
    for step in group.moved:
        state = step.module.known(sample, step.values()) if hasattr(step.module, "known") else None
        layer = step.module.layer(sample, step.values(), state)
        assert layer is not None
        config = _sized(layer, state, size, step)
        end = scratch.add(layer["class_name"], layer["module"], config, [TensorRef(end)])
        row += 1
        scratch.place(end, x, y, place, row)
        sample, _ = _after(group, step, sample)
    if most > len(group.moved) and len(sample.shape) > 1:
        end = scratch.add("Flatten", "keras.layers", {}, after=[TensorRef(end)])
        scratch.place(end, x, y, place, row + 1)
    return end


def _sized(layer: Layer, state: Json, size: int | None, step: WrittenStep) -> dict[str, Json]:
    """The config of a box. Keras has to know how wide a vector of words is before the words are known."""
    config = dict(layer["config"])
    in_rows = config.get("output_mode", "int") == "int"
    if layer["class_name"] not in LOOKUPS or in_rows or state is not None:
        return config
    if size is None:
        raise EditError(
            Text.of("How wide {step} is follows from the data: prepare one such column an input.", step=step.title)
        )
    return {**config, VOCABULARY_SIZE: size}
