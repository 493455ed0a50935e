"""What can be said of a project's data without asking anybody: what fits where, and how it is split. Pure."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.project import model_import
from app.project.suggested import Section, completed, keras_object, output_section, suggestions
from graph_editor.document.document import Document
from resources.training.class_numbers import takes_class_numbers
from resources.training.sections import BINDINGS, bindings_of
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.protocol import CallResult, Column, Shape
from runtime.spec import SAMPLE_PREFIX, SAMPLES_FOLDER

Role = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Target:
    """An input or output that wants data; `title` is what people call it, where that is not `name`.

    `shape` is that of one sample, None while it is not known.
    `classes` is the number of classes of an output whose truth is the number of a class.
    """

    name: str
    call: str
    role: Role
    shape: Shape | None
    classes: int | None = None
    title: str = ""

    @property
    def shown_name(self) -> str:
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Split:
    """How many samples train and how many, at the end, validate."""

    training: int
    validation: int


def targets(document: Document, results: Mapping[str, CallResult], columns: Sequence[Column]) -> list[Target]:
    """Inputs and outputs in the order of the model, each once."""
    graph = document.graph
    training = completed(document.training, suggestions(document, results, columns))
    by_name: dict[str, Target] = {}
    roles: tuple[tuple[Role, Any], ...] = (("input", graph.input_refs()), ("output", graph.output_refs()))
    for role, refs in roles:
        for ref in refs:
            operation = graph.operation_of(ref.call)
            name = operation.name
            result = results.get(ref.call)
            whole = result.outputs[ref.index].shape if result and ref.index < len(result.outputs) else None
            shape = whole[1:] if whole is not None else None
            classes = None
            if role == "output" and shape and _is_sparse(output_section(training, name)):
                classes, shape = shape[-1], shape[:-1]
            by_name.setdefault(name, Target(name, ref.call, role, shape, classes, operation.title))
    return list(by_name.values())


def _is_sparse(section: Section) -> bool:
    return takes_class_numbers(keras_object(section.get("loss")).class_name)


def fits(target: Target, column: Column) -> bool:
    """Whether the column could feed the target, going by shape and range alone. The engine has the last word."""
    if target.shape is None:
        return True
    if column.kind == "text" and not column.categories:
        return False
    if not _matches([size for size in column.shape if size != 1], [size for size in target.shape if size != 1]):
        return False
    if target.classes is None:
        return True
    low, high = column.minimum, column.maximum
    whole = column.dtype.startswith(("int", "uint")) or column.dtype == "bool"
    return whole and (low is None or low >= 0) and (high is None or high < target.classes)


def _matches(have: Sequence[int], needed: Sequence[int | None]) -> bool:
    return len(have) == len(needed) and all(w is None or w == h for h, w in zip(have, needed, strict=True))


def in_order(target: Target, columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """The columns that fit, those of the same name first, and the others."""
    fitting: list[Column] = []
    others: list[Column] = []
    for column in columns:
        (fitting if fits(target, column) else others).append(column)
    fitting.sort(key=lambda column: _likeness(target, column.name))
    return fitting, others


def _likeness(target: Target, column: str) -> int:
    """0: the same name, or title; 1: one holds the other; 2: neither. The last part of an HDF5 path counts."""
    plain, names = column.lower().rsplit("/", 1)[-1], {target.name.lower(), target.shown_name.lower()}
    if plain in names:
        return 0
    return 1 if any(name in plain or plain in name for name in names) else 2


def with_binding(data: Section, target: str, columns: Sequence[str]) -> dict[str, Any]:
    """The data section with the target fed by `columns`; none takes the binding away."""
    section = copy.deepcopy(dict(data))
    bindings = {name: list(value) for name, value in bindings_of(section).items() if name != target}
    if columns:
        bindings[target] = list(columns)
    section[BINDINGS] = bindings
    return section


def autobind(data: Section, targets: Sequence[Target], columns: Sequence[Column]) -> dict[str, Any]:
    """Feed what is not fed yet: by equal names first, then by shape where one unused column is the only one to fit."""
    names = {column.name for column in columns}
    present = {name: value for name, value in bindings_of(data).items() if set(value) <= names}
    bound_columns = {column for value in present.values() for column in value}
    for likeness in (0, 1, 2):
        for target in targets:
            if target.name in present:
                continue
            free = [column for column in columns if column.name not in bound_columns and fits(target, column)]
            alike = [column for column in free if _likeness(target, column.name) <= likeness]
            if alike and (likeness < 2 or len(alike) == 1):
                present[target.name] = (alike[0].name,)
                bound_columns.add(alike[0].name)
    section = copy.deepcopy(dict(data))
    section[BINDINGS] = {name: list(value) for name, value in present.items()}
    return section


def with_file(data: Section, kind: str, file: Path, project_folder: Path | None) -> dict[str, Any]:
    """The data section with another file; its path is relative where it lies below the project."""
    section = copy.deepcopy(dict(data))
    section["source"] = {"kind": kind, "path": stored_path(file, project_folder), "options": {}}
    return section


def stored_path(file: Path, project_folder: Path | None) -> str:
    """Return how a data file is written into a project: one of our samples in a way of its own."""
    if file.resolve().parent == SAMPLES_FOLDER.resolve():
        return SAMPLE_PREFIX + file.name
    return model_import.stored_path(file, project_folder)


def validation_percent(data: Section) -> float:
    return VALIDATION_PERCENT.sound(data)


def split(samples: int, percent: float) -> Split:
    """Rounded as Keras' `validation_split` does."""
    training = math.floor(samples * (1.0 - percent / 100))
    return Split(training, samples - training)


def samples_of(data: Section, columns: Sequence[Column]) -> int:
    """Samples of the bound columns, of all columns while none is bound; the fewest where they differ."""
    used = {column for names in bindings_of(data).values() for column in names}
    counts = [column.samples for column in columns if column.name in used] or [column.samples for column in columns]
    return min(counts, default=0)
