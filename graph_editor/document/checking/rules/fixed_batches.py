"""Inputs made for one number of samples at a time, held against the batches of training, the last ones included.

Keras trains many such models with any batch. Those that keep a state between batches, or reshape by the number, fail.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from graph_editor.document.changes.commands import INPUT
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.rules.stateful_shuffled import is_stateful
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.edits import Edit, SetIn, SetParameters
from graph_editor.document.graph import Operation
from resources.python_code.in_scripts.part_sizes import part_sizes
from resources.text import Text
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.test_percent import SETTING as TEST_PERCENT
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT

_SHAPES: Final = ("newshape", "shape", "target_shape")  # in which a function may have the number of samples


def fixed_batches(facts: ModelFacts) -> Iterator[Problem]:
    graph, batch = facts.document.graph, BATCH_SIZE.sound(facts.document.training)
    fixed = {ref.call: size for ref in graph.input_refs() if (size := _fixed_size(graph.operation_of(ref.call)))}
    for call, size in fixed.items():
        name = graph.operation_of(call).shown_name
        rest = next((count % size for count in _parts(facts) if count % size), 0)
        if batch != size:
            text = Text(
                "{input} takes {size} samples at a time, but the batch size is {batch}.",
                {"input": name, "size": size, "batch": batch},
            )
        elif rest:
            text = Text(
                "{input} takes {size} samples at a time, but the last batch has {rest}.",
                {"input": name, "size": size, "rest": rest},
            )
        else:
            continue
        breaks = _needs_its_size(facts, size)
        mend = _same_batches(facts, fixed) if breaks else _free(facts, fixed)
        yield Problem("error" if breaks else "warning", text, call, kind="training.fixed_batch", mend=mend)
        return  # all inputs of a model take the same batches


def _fixed_size(operation: Operation) -> int | None:
    shape = operation.config.get("batch_shape")
    first = shape[0] if operation.class_name == INPUT and isinstance(shape, list | tuple) and shape else None
    return first if isinstance(first, int) and not isinstance(first, bool) and first > 0 else None


def _parts(facts: ModelFacts) -> list[int]:
    """How many samples train, and how many validate, as far as that is known."""
    if facts.samples is None:
        return []
    data = facts.document.data
    training, validation, _ = part_sizes(facts.samples, VALIDATION_PERCENT.sound(data), TEST_PERCENT.sound(data))
    return [training, validation]


def _needs_its_size(facts: ModelFacts, size: int) -> bool:
    operations = (item for graph in facts.document.graphs.values() for item in graph.operations.values())
    return any(is_stateful(item.config) or _reshapes(item, size) for item in operations)


def _reshapes(operation: Operation, size: int) -> bool:
    shapes = [operation.config.get(key) for key in _SHAPES] if operation.module.startswith("keras.src.ops") else []
    return any(isinstance(shape, list | tuple) and bool(shape) and shape[0] == size for shape in shapes)


def _free(facts: ModelFacts, fixed: Mapping[str, int]) -> Mend:
    return Mend(Text("Let the inputs take any number of samples"), _sized(facts, fixed, None))


def _same_batches(facts: ModelFacts, fixed: Mapping[str, int]) -> Mend | None:
    """Batches of one size that leave no rest."""
    size = next(iter(fixed.values()))
    common = math.gcd(*_parts(facts)) if facts.samples else size
    divisors = [count for count in range(1, 2 * size + 1) if common % count == 0]
    fitting = min(divisors, key=lambda count: abs(math.log(count / size)))
    if fitting == 1 != size:
        return None  # right, and hardly what anybody wants
    edits = (*_sized(facts, fixed, fitting), SetIn("training", (BATCH_SIZE.key,), fitting))
    return Mend(Text("Use batches of {size} samples", {"size": fitting}), edits)


def _sized(facts: ModelFacts, fixed: Mapping[str, int], size: int | None) -> tuple[Edit, ...]:
    operations = [facts.document.graph.operation_of(call) for call in fixed]
    return tuple(
        SetParameters(item.id, {"batch_shape": [size, *item.config["batch_shape"][1:]]})
        for item in operations
        if item.config["batch_shape"][0] != size
    )


RULE = fixed_batches
