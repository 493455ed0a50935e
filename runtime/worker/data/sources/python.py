"""Samples that a project's own code makes: a PyDataset, a `tf.data.Dataset`, or a function that yields batches (x, y).

The file is code of the project as its layers and losses are: it runs after somebody has looked at it and agreed, and
not before. What it gives is handed to `fit` as it is.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Final

from resources.plain import listed
from resources.python_code.parts import OWN, Fed, Loading
from resources.python_code.pieces import Code, SourceError, attribute, call, dict_of, literal
from resources.python_code.pieces import name as variable
from resources.python_code.python_names import is_python_name
from resources.regular_files import read_regular
from resources.text import Text
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, Recognised
from runtime.spec import DataSource
from runtime.worker.data.arrays.folders import option_of
from runtime.worker.data.files import require_file
from runtime.worker.data.made.feeds import loaded_module, made_by
from runtime.worker.data.made.made_source import MadeSource
from runtime.worker.data.source import Source
from runtime.worker.data.tables.options import options_of, told_by_exporters

_NAME: Final = Setting[str | None](
    key="name",
    title=Text("Name"),
    help=Text(
        "What gives the batches to train with: a variable, a function or a class of the file. Empty: found by itself."
    ),
    kind="text",
    default=None,
    order=10,
    section="option",
    pattern=r"[^\W\d]\w*",
    form_of_text=Text("a name of Python"),
)
_VALIDATION: Final = Setting[str | None](
    key="validation",
    title=Text("Validation"),
    help=Text("What gives the batches to validate with. Empty: nothing does."),
    kind="text",
    default=None,
    none=Text("none"),
    order=20,
    section="option",
    pattern=r"[^\W\d]\w*",
    form_of_text=Text("a name of Python"),
)
_SAMPLES: Final = Setting[int | None](
    key="samples",
    title=Text("Samples"),
    help=Text("How many samples are an epoch, for what does not end by itself. Empty: as many as there are."),
    kind="int",
    default=None,
    none=Text("all"),
    order=30,
    section="option",
    minimum=1,
)
KIND = DataKind("python", Text("Made by code (Python)"), (".py",), options=(_NAME, _VALIDATION, _SAMPLES))
_ABOUT: Final = Text("What your own code makes, as fit takes it, and how many batches are an epoch.")
_AGAIN: Final = '''def again_and_again(make):
    """Batches without an end: a function that yields them is through after one epoch."""
    while True:
        yield from make()
'''
_BATCHES: Final = '''def batches_of(value, samples=None):
    """What `fit` takes of a PyDataset, a tf.data.Dataset, or what makes one or yields batches.

    With it comes how many batches are an epoch; None: all. `samples` says it in samples.
    """
    made = value() if inspect.isfunction(value) or inspect.isclass(value) else value
    is_dataset, is_pipeline = isinstance(made, keras.utils.PyDataset), hasattr(made, "element_spec")
    first = made[0] if is_dataset else next(iter(made))
    steps = None if samples is None else max(1, math.ceil(samples / len(keras.tree.flatten(first)[0])))
    if is_pipeline and steps is not None and 0 <= int(made.cardinality()) != steps:
        made = made.repeat()
    if is_dataset or is_pipeline:
        return made, steps
    return again_and_again(value), steps or sum(1 for _ in value())
'''
_LARGEST: Final = 1_000_000  # bytes
_SHOWN: Final = 4


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path = require_file(source.path)
    name, validation, samples = (option_of(source, setting) for setting in KIND.options)
    module = loaded_module(path)
    training = made_by(module, name, path.name)
    validating = None if validation is None else made_by(module, validation, path.name)
    return MadeSource(path.name, training, validating, samples)


def recognise(path: Path) -> Recognised | None:
    """A file of Python with something in it that may give batches; it is read, not run."""
    if path.is_dir() or path.suffix != ".py":
        return None
    try:
        body = ast.parse(read_regular(path, _LARGEST)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and _may_give(node)]
    return Recognised(0.6, Text.of("code that makes samples: {names}", names=listed(names, _SHOWN))) if names else None


def _may_give(node: ast.FunctionDef | ast.ClassDef) -> bool:
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).endswith("PyDataset") for base in node.bases)
    inside = list(ast.walk(node))
    yields = any(isinstance(part, ast.Yield | ast.YieldFrom) for part in inside)
    return yields or any(
        isinstance(part, ast.Attribute) and ast.unparse(part).startswith("tf.data.") for part in inside
    )


def source_code(source: DataSource, _columns: Sequence[str]) -> Loading:
    """The file lies beside the script and is imported. Raises SourceError."""
    with told_by_exporters():
        values = options_of(KIND, source)
    module, name = PurePath(source.path.replace("\\", "/")).stem, values[_NAME.key]
    if name is None:
        raise SourceError(Text("Say in the option name what gives the batches: a script calls it by its name."))
    if not is_python_name(module) or module in sys.stdlib_module_names:
        raise SourceError(
            Text.of("A script cannot import {file}: give it a name of Python's, such as my_data.py.", file=source.path)
        )
    made = {"training": call(variable("batches_of"), _own(name), literal(values[_SAMPLES.key]))}
    validation = values[_VALIDATION.key]
    if validation is not None:
        made["validation"] = call(variable("batches_of"), _own(validation))
    return Loading(
        ("import inspect", "import math"),
        functions=(_AGAIN, _BATCHES),
        columns=dict_of(made),
        about=_ABOUT,
        own=module,
        fed=Fed(validates=validation is not None),
    )


def _own(name: str) -> Code:
    return attribute(variable(OWN), name)
