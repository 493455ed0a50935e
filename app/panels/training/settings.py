"""Reading and changing the training section of a project. Pure: every change is a new section."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_editor.document.commands import output_names
from graph_editor.document.document import Document
from runtime.protocol import CallResult, Column
from runtime.spec import KerasObject, TrainingSettings
from runtime.suggestions import OutputFacts, suggest_loss, suggest_metrics

Json = Any
Section = Mapping[str, Json]
_DEFAULTS = TrainingSettings()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is proposed for one output."""

    loss: KerasObject
    metrics: tuple[KerasObject, ...]


def value_of(training: Section, key: str) -> Json:
    """`batch_size`, `epochs`, `seed` or `device`, with the default of a run."""
    value = training.get(key)
    return getattr(_DEFAULTS, key) if value is None else value


def with_value(training: Section, key: str, value: Json) -> dict[str, Json]:
    return {**copy.deepcopy(dict(training)), key: value}


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


def optimizer_of(training: Section) -> KerasObject:
    return keras_object(training.get("optimizer"), "Adam")


def with_argument(chosen: KerasObject, name: str, value: Json) -> KerasObject:
    return KerasObject(chosen.class_name, {**chosen.config, name: value})


def output_section(training: Section, name: str) -> Section:
    outputs = training.get("outputs")
    found = outputs.get(name) if isinstance(outputs, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def with_output(training: Section, name: str, **changes: Json) -> dict[str, Json]:
    """The section with some of "loss", "metrics", "weight" of one output changed."""
    section = copy.deepcopy(dict(training))
    outputs = dict(section.get("outputs") or {})
    outputs[name] = {**(outputs.get(name) or {}), **changes}
    section["outputs"] = outputs
    return section


def callbacks_of(training: Section) -> dict[str, dict[str, Json]]:
    """Those that are on, by key, with their parameters."""
    found = training.get("callbacks")
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(key): dict(values) for key, values in pairs if isinstance(values, Mapping)}


def with_callback(training: Section, key: str, values: Mapping[str, Json] | None) -> dict[str, Json]:
    """None switches the callback off."""
    callbacks = callbacks_of(training)
    if values is None:
        callbacks.pop(key, None)
    else:
        callbacks[key] = dict(values)
    return with_value(training, "callbacks", callbacks)


def suggestions(
    document: Document, results: Mapping[str, CallResult], columns: Sequence[Column]
) -> dict[str, Suggestion]:
    """A loss and metrics for every output of the model, by its name."""
    by_name = {column.name: column for column in columns}
    bindings = document.data.get("bindings") or {}
    found: dict[str, Suggestion] = {}
    for ref in document.graph.output_refs():
        operation = document.graph.operation_of(ref.call)
        result = results.get(ref.call)
        shape = result.outputs[ref.index].shape if result and ref.index < len(result.outputs) else ()
        facts = OutputFacts.from_layer(operation.class_name, operation.config, shape)
        bound = bindings.get(operation.name) or []
        names = [bound] if isinstance(bound, str) else list(bound)
        column = by_name.get(names[0]) if len(names) == 1 else None
        found[operation.name] = Suggestion(suggest_loss(facts, column), suggest_metrics(facts, column))
    return found


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
            changes["weight"] = 1.0
        section = with_output(section, name, **changes)
    return section


def metrics_of(training: Section, name: str, suggestion: Suggestion | None) -> tuple[KerasObject, ...]:
    """The chosen metrics of an output, the suggested ones where none were ever chosen."""
    section = output_section(training, name)
    if "metrics" in section:
        return tuple(keras_object(metric) for metric in section["metrics"] or ())
    return suggestion.metrics if suggestion else ()


def monitor_names(document: Document, suggested: Mapping[str, Suggestion]) -> list[str]:
    """Names under which Keras will report metrics, those of validation first: what a callback can watch."""
    outputs = output_names(document.graph)
    names = ["loss"]
    for output in outputs:
        prefix = f"{output}_" if len(outputs) > 1 else ""
        names += [f"{output}_loss"] if prefix else []
        names += [
            f"{prefix}{name}" for name in _metric_names(metrics_of(document.training, output, suggested.get(output)))
        ]
    return [f"val_{name}" for name in names] + names


def _metric_names(metrics: Iterable[KerasObject]) -> list[str]:
    return [str(metric.config.get("name") or identifier(metric.class_name)) for metric in metrics]


def identifier(class_name: str) -> str:
    """Keras' snake_case name of a class: MeanAbsoluteError is mean_absolute_error, AUC is auc."""
    words = ""
    for index, letter in enumerate(class_name):
        before = class_name[index - 1] if index else ""
        after = class_name[index + 1] if index + 1 < len(class_name) else ""
        if letter.isupper() and before and (before.islower() or (before.isupper() and after.islower())):
            words += "_"
        words += letter.lower()
    return words
