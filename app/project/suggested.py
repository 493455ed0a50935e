"""What is proposed for outputs that have no loss yet, from the model and the data. Pure: neither Qt nor Keras."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_editor.document.document import Document
from graph_editor.document.ends import outputs
from resources.training.sections import DEFAULT_LOSS_WEIGHT, OUTPUTS, bindings_of, outputs_of
from runtime.advice.suggestions import OutputFacts, suggest_loss, suggest_metrics
from runtime.messages.describing import Column
from runtime.messages.inference import CallResult
from runtime.spec import KerasObject

Json = Any
Section = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed for one output."""

    loss: KerasObject
    metrics: tuple[KerasObject, ...]


def suggestions(
    document: Document, results: Mapping[str, CallResult], columns: Sequence[Column]
) -> dict[str, Suggestion]:
    """A loss and metrics for every output of the model, by its name."""
    by_name = {column.name: column for column in columns}
    bindings = bindings_of(document.data)
    suggested: dict[str, Suggestion] = {}
    for output in outputs(document.graph):
        ref, operation = output.ref, document.graph.operation_of(output.ref.call)
        result = results.get(ref.call)
        shape = result.outputs[ref.index].shape if result and ref.index < len(result.outputs) else ()
        facts = OutputFacts.from_layer(operation.class_name, operation.config, shape)
        names = bindings.get(output.name, ())
        column = by_name.get(names[0]) if len(names) == 1 else None
        suggested[output.name] = Suggestion(suggest_loss(facts, column), suggest_metrics(facts, column))
    return suggested


def completed(training: Section, suggested: Mapping[str, Suggestion]) -> dict[str, Json]:
    """The section with the suggested loss where an output has none, and suggested metrics where none were chosen."""
    section = copy.deepcopy(dict(training))
    for name, suggestion in suggested.items():
        present = output_section(section, name)
        if present.get("loss"):
            continue
        changes: dict[str, Json] = {"loss": to_json(suggestion.loss)}
        if "metrics" not in present:
            changes["metrics"] = [to_json(metric) for metric in suggestion.metrics]
        if "weight" not in present:
            changes["weight"] = DEFAULT_LOSS_WEIGHT
        section = with_output(section, name, **changes)
    return section


def keras_object(value: Json, otherwise: str = "") -> KerasObject:
    """A class and its arguments, however the file writes it."""
    if isinstance(value, str):
        return KerasObject(value)
    if isinstance(value, Mapping) and isinstance(value.get("class_name"), str):
        config = value.get("config")
        return KerasObject(value["class_name"], dict(config) if isinstance(config, Mapping) else {})
    return KerasObject(otherwise)


def to_json(value: KerasObject) -> dict[str, Json]:
    return {"class_name": value.class_name, "config": copy.deepcopy(value.config)}


def output_section(training: Section, name: str) -> Section:
    return outputs_of(training).get(name, {})


def with_output(training: Section, name: str, **changes: Json) -> dict[str, Json]:
    """The section with some of "loss", "metrics", "weight" of one output changed."""
    section = copy.deepcopy(dict(training))
    written = section.get(OUTPUTS)
    others = written if isinstance(written, Mapping) else {}
    section[OUTPUTS] = {**others, name: {**output_section(section, name), **changes}}
    return section
