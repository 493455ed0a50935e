"""Reading and changing the training section of a project. Pure: every change is a new section."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from app.project.suggested import Suggestion, keras_object, output_section
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.logged import finder
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names, output_nest
from resources.training.metric_logs import VALIDATION, Logged, logged
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


def watchable(document: Document, catalog: Catalog, suggested: Mapping[str, Suggestion]) -> list[Logged]:
    """What a callback can watch: all that Keras will report. Each has a name with "val_" before it as well."""
    metrics = {
        name: [(m.class_name, m.config) for m in metrics_of(document.training, name, suggested.get(name))]
        for name in output_names(document.graph)
    }
    return logged(output_nest(document.graph), metrics, finder(catalog))


def monitor_names(entries: Iterable[Logged]) -> list[str]:
    """The names of what can be watched, those of validation first."""
    names = list(dict.fromkeys(entry.name for entry in entries))
    return [f"{VALIDATION}{name}" for name in names] + names
