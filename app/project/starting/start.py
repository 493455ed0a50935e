"""A model to begin with, proposed from the data and the columns that it is to tell. Neither Qt nor Keras."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.project.preparing.steps_of import steps_of as written_steps
from app.project.starting.bodies import body, steps_of
from app.project.starting.purpose import Given, Purpose, purpose_of
from app.project.starting.segmentation import u_net
from app.project.starting.sketch import Sketch
from app.project.suggested import to_json
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from resources.keras_names import safe_name
from resources.training.sections import BINDINGS, OUTPUTS
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.epochs import SETTING as EPOCHS
from resources.training.settings.split import LAST, RANDOM, STRATIFIED, TIME
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN
from runtime.messages.describing import Column
from runtime.project_spec import windows_of
from runtime.spec import KerasObject, Windows

Json = Any
_FEW_SAMPLES: Final = 2000
_EPOCHS_OF_FEW: Final = 30
_EPOCHS_OF_TABLES: Final = 100  # a small network on few rows: each is done in no time
_RATE_OF_VALUES: Final = 0.01  # what is told may be hundreds, and the first weights are near 0
_EPOCHS: Final = 10
_LOSSES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "classes": ("SparseCategoricalCrossentropy", ("accuracy",)),
    "yes_or_no": ("BinaryCrossentropy", ("accuracy",)),
    "value": ("MeanSquaredError", ("MeanAbsoluteError",)),
    "vector": ("MeanSquaredError", ("MeanAbsoluteError",)),
}
_DROP: Final = "drop_missing"
_GAPLESS: Final = {_DROP, "fill"}  # steps behind which no value is missing
_ACTIVATIONS: Final = {"classes": "softmax", "yes_or_no": "sigmoid"}


@dataclass(frozen=True, slots=True)
class Start:
    """`edits` make the model, bind the data to it and say how it is trained, all in one step."""

    purpose: Purpose
    edits: tuple[Edit, ...]


def start_from_data(document: Document, catalog: Catalog, columns: Sequence[Column], targets: Sequence[str]) -> Start:
    """A small model that tells the columns `targets` from the others, in place of what is there.

    Raises NoPurposeError.
    """
    windows = windows_of(document.data)
    purpose = purpose_of(columns, targets, windows)
    sketch = Sketch(document, catalog)
    sketch.clear()
    bindings: dict[str, list[str]] = {}
    outputs: dict[str, Json] = {}
    if purpose.sought[0].aim == "mask":
        _segment(sketch, purpose, bindings, outputs)
    else:
        _tell(sketch, purpose, bindings, outputs)
    sketch.arrange()
    data = _data(document.data, purpose, bindings)
    sketch.data(_split(data, purpose, windows))
    sketch.training(_training(document.training, purpose, outputs))
    return Start(purpose, tuple(sketch.edits))


def _segment(sketch: Sketch, purpose: Purpose, bindings: dict[str, list[str]], outputs: dict[str, Json]) -> None:
    given, sought = purpose.given[0], purpose.sought[0]
    name, target = _names(sketch, given), _free(sketch, sought.column.name, "mask")
    first, last = u_net(sketch, given, sought, name, target)
    sketch.output(last)
    bindings[sketch.name_of(first)] = [given.columns[0].name]
    bindings[sketch.name_of(last)] = [sought.column.name]
    loss = "BinaryCrossentropy" if sought.units == 1 else "SparseCategoricalCrossentropy"
    outputs[sketch.name_of(last)] = _trained(loss, ("accuracy",))


def _tell(sketch: Sketch, purpose: Purpose, bindings: dict[str, list[str]], outputs: dict[str, Json]) -> None:
    features = []
    for given in purpose.given:
        first, last = body(sketch, given, _names(sketch, given))
        bindings[sketch.name_of(first)] = [column.name for column in given.columns]
        features.append(last)
    together = features[0]
    if len(features) > 1:
        together = sketch.layer("Concatenate", *features, name=_free(sketch, "together"))
        together = sketch.layer("Dense", together, name=_free(sketch, "mix"), units=64, activation="relu")
    for sought in purpose.sought:
        name = _free(sketch, sought.column.name, "output")
        call = sketch.layer(
            "Dense", together, name=name, units=sought.units, activation=_ACTIVATIONS.get(sought.aim, "linear")
        )
        sketch.output(call)
        bindings[sketch.name_of(call)] = [sought.column.name]
        outputs[sketch.name_of(call)] = _trained(*_LOSSES[sought.aim])


def _names(sketch: Sketch, given: Given) -> str:
    several = given.form == "numbers" or given.window
    return _free(sketch, "features" if several else given.columns[0].name, given.form)


def _free(sketch: Sketch, wish: str, otherwise: str = "layer") -> str:
    """A name for a layer that no other one has, made of that of a column."""
    graph = sketch.document.graph
    last = wish.rsplit("/", 1)[-1]
    name = stem = safe_name(last, otherwise)
    number = 1
    while graph.name_owners(name):
        number += 1
        name = f"{stem}_{number}"
    return name


def _trained(loss: str, metrics: Sequence[str]) -> dict[str, Json]:
    return {
        "loss": to_json(KerasObject(loss)),
        "metrics": [to_json(KerasObject(metric)) for metric in metrics],
        "weight": 1.0,
    }


def _data(section: Mapping[str, Json], purpose: Purpose, bindings: Mapping[str, list[str]]) -> dict[str, Json]:
    """The data section with new bindings; columns get steps where a person has not given them any."""
    data = copy.deepcopy(dict(section))
    data[BINDINGS] = {name: list(columns) for name, columns in bindings.items()}
    columns = dict(data.get("columns") or {})
    for given in purpose.given:
        for name, steps in steps_of(given).items():
            present = columns.get(name)
            if not (isinstance(present, Mapping) and present.get("steps")):
                columns[name] = {**(present if isinstance(present, Mapping) else {}), "steps": steps}
    for name in purpose.unlabelled:
        present = columns.get(name)
        held = present if isinstance(present, Mapping) else {}
        if not _GAPLESS.intersection(step.key for step in written_steps(data, name)):
            columns[name] = {**held, "steps": [{"step": _DROP}, *(held.get("steps") or ())]}
    if columns:
        data["columns"] = columns
    return data


def _split(data: dict[str, Json], purpose: Purpose, windows: Windows | None) -> dict[str, Json]:
    """How the samples are split, where a person has not said it: windows by time, as no window reaches over a part."""
    if SPLIT.key in data:
        return data
    if windows is not None:
        by_time = {SPLIT.key: TIME, SPLIT_COLUMN.key: windows.order_by}
        return data | (by_time if windows.order_by else {SPLIT.key: LAST})
    has_classes = all(sought.aim in ("classes", "yes_or_no") for sought in purpose.sought)
    return data | {SPLIT.key: STRATIFIED if has_classes and len(purpose.sought) == 1 else RANDOM}


def _training(section: Mapping[str, Json], purpose: Purpose, outputs: Mapping[str, Json]) -> dict[str, Json]:
    """The training section for these outputs; whatever else a person has chosen stays."""
    training = copy.deepcopy(dict(section))
    training[OUTPUTS] = dict(outputs)
    few = purpose.sought[0].column.samples < _FEW_SAMPLES
    of_numbers = all(given.form == "numbers" for given in purpose.given)
    training.setdefault(EPOCHS.key, (_EPOCHS_OF_TABLES if of_numbers else _EPOCHS_OF_FEW) if few else _EPOCHS)
    if of_numbers and any(sought.aim in ("value", "vector") for sought in purpose.sought):
        training.setdefault("optimizer", {"class_name": "Adam", "config": {"learning_rate": _RATE_OF_VALUES}})
    training.setdefault(BATCH_SIZE.key, BATCH_SIZE.default)
    return training
