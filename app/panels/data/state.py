"""What can be said of a project's data without asking anybody: what fits where, and how it is split. Pure."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from app.project import model_import
from app.project.suggested import Section, completed, keras_object, output_section, suggestions
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names, titles_of_ends
from graph_editor.document.graph import TensorRef
from graph_editor.document.nesting import input_names
from resources.training.class_numbers import takes_class_numbers, takes_probabilities
from resources.training.sections import BINDINGS, bindings_of, sources_of, with_source
from resources.training.settings.validation_percent import SETTING as VALIDATION_PERCENT
from runtime.advice.suggestions import OutputFacts, holds_yes_or_no
from runtime.messages.describing import Column
from runtime.messages.inference import CallResult
from runtime.messages.parts import Shape
from runtime.project_spec import windows_of
from runtime.spec import SAMPLE_PREFIX, SAMPLES_FOLDER

Role = Literal["input", "output"]
_PARTS = re.compile(r"[\W_]+")
_TELLING = 3  # letters that a name has to begin with to tell anything


@dataclass(frozen=True, slots=True)
class Target:
    """An input or output that wants data; `title` is what people call it, where that is not `name`.

    `shape` is that of one sample, None while it is not known. `words` is for inputs that take words.
    `classes` is the number of classes of an output whose truth is the number of a class; `binary`: from 0 to 1.
    `window`: an input that takes so many rows of a column.
    `either`: the loss is not chosen, so that the number of a class and a place for each class are both right.
    """

    name: str
    call: str
    role: Role
    shape: Shape | None
    classes: int | None = None
    title: str = ""
    binary: bool = False
    either: bool = False
    words: bool = False
    window: int = 0

    @property
    def shown_name(self) -> str:
        return self.title or self.name

    @property
    def ways(self) -> list[tuple[Shape, int | None]]:
        """What a sample can look like, and how many classes its numbers stand for; that of `shape` comes first."""
        if self.shape is None:
            return []
        first = (self.shape, self.classes)
        if not self.either:
            return [first]
        if self.classes is not None:
            return [first, ((*self.shape, self.classes), None)]
        units = self.shape[-1] if self.shape else None
        return [first, (self.shape[:-1], units)] if units is not None and units > 1 else [first]


def targets(document: Document, results: Mapping[str, CallResult], columns: Sequence[Column]) -> list[Target]:
    """Inputs and outputs in the order of the model, each once."""
    graph, titles = document.graph, titles_of_ends(document)
    training = completed(document.training, suggestions(document, results, columns))
    windows = windows_of(document.data)
    by_name: dict[str, Target] = {}
    roles: tuple[tuple[Role, list[TensorRef], list[str]], ...] = (
        ("input", graph.input_refs(), input_names(graph)),
        ("output", graph.output_refs(), output_names(graph)),
    )
    for role, refs, names in roles:
        for ref, name in zip(refs, names, strict=True):
            result = results.get(ref.call)
            operation = graph.operation_of(ref.call)
            tensor = result.outputs[ref.index] if result and ref.index < len(result.outputs) else None
            shape = tensor.shape[1:] if tensor is not None and tensor.shape is not None else None
            window = windows.length if windows is not None and role == "input" else 0
            target = Target(name, ref.call, role, shape, title=titles.get(name, ""), window=window)
            if role == "input":
                target = replace(target, words=tensor is not None and tensor.dtype == "string")
            else:
                facts = OutputFacts.from_layer(operation.class_name, operation.config, tensor.shape if tensor else ())
                open_loss = not output_section(document.training, name).get("loss")
                target = _with_truth(target, output_section(training, name), open_loss, facts.activation)
            by_name.setdefault(name, target)
    return list(by_name.values())


def _with_truth(target: Target, section: Section, open_loss: bool, activation: str) -> Target:
    """The output with what its loss compares it with; `section` has the loss that is suggested, too."""
    loss = keras_object(section.get("loss")).class_name
    shape, classes = target.shape, None
    if shape and takes_class_numbers(loss):
        classes, shape = shape[-1], shape[:-1]
    either = open_loss and activation in ("softmax", "linear")
    return replace(target, shape=shape, classes=classes, binary=takes_probabilities(loss), either=either)


def fits(target: Target, column: Column) -> bool:
    """Whether the column could feed the target, going by shape and range alone. The engine has the last word."""
    if target.shape is None:
        return True
    return any(_fits(target, shape, classes, column) for shape, classes in target.ways)


def _fits(target: Target, shape: Shape, classes: int | None, column: Column) -> bool:
    rows = (target.window,) if target.window else ()
    if not _matches((*rows, *column.shape), shape):
        return False
    if target.words:
        return column.kind == "text" or bool(column.categories)
    if column.kind == "text" and not column.categories:
        return False
    if classes is not None:
        return _counts_to(classes, column)
    if target.binary:
        return len(column.categories) <= 2 and _within(column, 0, 1)
    words_of_truth = target.role == "output" and column.categories  # a loss for numbers takes none
    return not words_of_truth or (target.either and len(column.categories) == 2)


def _counts_to(classes: int, column: Column) -> bool:
    """Whether the values can be the numbers of so many classes."""
    if column.categories:
        return len(column.categories) <= classes
    whole = column.dtype.startswith(("int", "uint")) or column.dtype == "bool"
    return whole and _within(column, 0, classes - 1)


def _within(column: Column, low: float, high: float) -> bool:
    """Also while nobody has looked at the values."""
    return (column.minimum is None or column.minimum >= low) and (column.maximum is None or column.maximum <= high)


def says_classes(target: Target, column: Column) -> bool:
    """Whether the column holds just as many classes as the output tells apart, and not merely fewer."""
    for shape, classes in target.ways:
        if not _fits(target, shape, classes, column):
            continue
        if classes is None:
            if not target.binary or holds_yes_or_no(column):
                return True
        elif column.categories:
            if len(column.categories) == classes:
                return True
        elif (column.minimum, column.maximum) == (0, classes - 1):
            return True
    return False


@lru_cache(maxsize=256)  # thousands of columns have few shapes
def _matches(have: Shape, needed: Shape) -> bool:
    """Whether shapes are alike but for axes of length 1."""
    have, needed = _without_ones(have), _without_ones(needed)
    return len(have) == len(needed) and all(n is None or h == n for h, n in zip(have, needed, strict=True))


def _without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def in_order(target: Target, columns: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    """The columns that fit, those of the same name first, and the others."""
    fitting: list[Column] = []
    others: list[Column] = []
    for column in columns:
        (fitting if fits(target, column) else others).append(column)
    alike = likeness_to(target)
    fitting.sort(key=lambda column: alike(column.name))
    return fitting, others


def likeness_to(target: Target) -> Callable[[str], int]:
    """Tells how alike the name of a column and the target's name, or title, are: there may be thousands of columns.

    0: the same; 1: the last part of an HDF5 path is; 2: one holds the other's words, or is the other's beginning;
    3: not at all.
    """
    names = {name: _words(name) for name in (target.name.lower(), target.shown_name.lower())}

    def likeness(column: str) -> int:
        whole = column.lower()
        last = whole.rsplit("/", 1)[-1]
        if whole in names:
            return 0
        if last in names:
            return 1
        for name, words in names.items():
            if _alike(last, name, words):
                return 2
        return 3

    return likeness


def _alike(last: str, name: str, words: frozenset[str]) -> bool:
    """`words` are those of `name`."""
    shorter, longer = (last, name) if len(last) < len(name) else (name, last)
    if len(shorter) >= _TELLING and longer.startswith(shorter):
        return True
    for word in words:
        if word in last:
            break
    else:
        return False  # to take it apart takes longer
    others = _words(last)
    return bool(others) and (words <= others or others <= words)


def _words(name: str) -> frozenset[str]:
    return frozenset(_PARTS.split(name)) - {""}


def with_binding(data: Section, target: str, columns: Sequence[str]) -> dict[str, Any]:
    """The data section with the target fed by `columns`; none takes the binding away."""
    section = copy.deepcopy(dict(data))
    bindings = {name: list(value) for name, value in bindings_of(section).items() if name != target}
    if columns:
        bindings[target] = list(columns)
    section[BINDINGS] = bindings
    return section


def with_file(
    data: Section,
    kind: str,
    file: Path,
    project_folder: Path | None,
    options: Mapping[str, Any] = MappingProxyType({}),
    place: int = 0,
) -> dict[str, Any]:
    """The data section with another file or folder in `place`, named and joined as the one before.

    Its path is relative where it lies below the project.
    """
    present = sources_of(data)
    kept = {key: present[place][key] for key in ("name", "join") if key in present[place]} if present[place:] else {}
    source = {"kind": kind, "path": stored_path(file, project_folder), "options": dict(options)}
    return with_source(copy.deepcopy(dict(data)), place, {**kept, **source})


def stored_path(file: Path, project_folder: Path | None) -> str:
    """Return how a data file is written into a project: one of our samples in a way of its own."""
    if file.resolve().parent == SAMPLES_FOLDER.resolve():
        return SAMPLE_PREFIX + file.name
    return model_import.stored_path(file, project_folder)


def validation_percent(data: Section) -> float:
    return VALIDATION_PERCENT.sound(data)
