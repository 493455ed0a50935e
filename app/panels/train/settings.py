"""Reading and changing the training section of a project. Pure: every change is a new section."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.project.suggested import Suggestion, keras_object, output_section
from graph_editor.document.changes.commands import output_names
from graph_editor.document.document import Document
from resources.training.sections import CALLBACKS, DEFAULT_OPTIMIZER, OPTIMIZER
from runtime.spec import KerasObject

Json = Any
Section = Mapping[str, Json]


def with_value(training: Section, key: str, value: Json) -> dict[str, Json]:
    return {**copy.deepcopy(dict(training)), key: value}


def optimizer_of(training: Section) -> KerasObject:
    return keras_object(training.get(OPTIMIZER), DEFAULT_OPTIMIZER)


def with_argument(optimizer: KerasObject, name: str, value: Json) -> KerasObject:
    return KerasObject(optimizer.class_name, {**optimizer.config, name: value})


def callbacks_of(training: Section) -> dict[str, dict[str, Json]]:
    """Those that are on, by key, with their parameters."""
    found = training.get(CALLBACKS)
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(key): dict(values) for key, values in pairs if isinstance(values, Mapping)}


def with_callback(training: Section, key: str, values: Mapping[str, Json] | None) -> dict[str, Json]:
    """None switches the callback off."""
    callbacks = callbacks_of(training)
    if values is None:
        callbacks.pop(key, None)
    else:
        callbacks[key] = dict(values)
    return with_value(training, CALLBACKS, callbacks)


def metrics_of(training: Section, name: str, suggestion: Suggestion | None) -> tuple[KerasObject, ...]:
    """The chosen metrics of an output, the suggested ones where none were ever chosen."""
    section = output_section(training, name)
    if "metrics" in section:
        metrics = section["metrics"]
        return tuple(map(keras_object, metrics)) if isinstance(metrics, list | tuple) else ()
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
    """Keras' snake_case name of a class: MeanAbsoluteError is mean_absolute_error, AUC is auc, R2Score is r2_score."""
    before_words = re.sub(r"(?<=.)(?=[A-Z][a-z])", "_", class_name)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", before_words).lower()
