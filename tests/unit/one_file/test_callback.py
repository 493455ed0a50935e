"""A callback is one file: it is listed, written as Python and run, and nothing is left of it when it is gone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.exporters.python_source import python_source
from resources.python_code.pieces import SourceError
from runtime.callback_specs import callback_module, callback_specs
from runtime.python_code import RunCode
from tests.support.dummies import one_more

PACKAGE = "runtime.worker.training.callbacks"
DUMMY = '''"""Counts epochs."""
from resources.python_code.parts import CallbackCode
from resources.python_code.pieces import call, literal, name
from resources.text import Text
from runtime.callback_specs import CallbackParameter, CallbackSpec

_CLASS = """class CountEpochs(keras.callbacks.Callback):
    def __init__(self, first):
        super().__init__()
        self.count = first

    def on_epoch_end(self, epoch, logs=None):
        self.count += 1
"""


def _write(values):
    return CallbackCode(call(name("CountEpochs"), first=literal(values["first"])), functions=(_CLASS,))


SPEC = CallbackSpec(
    "count_epochs",
    Text("Count epochs"),
    Text("Counts."),
    (CallbackParameter("first", "int", 3, Text("Where counting begins."), 0),),
    9,
    _write,
)


def build(values, run):
    import keras

    class CountEpochs(keras.callbacks.Callback):
        count = values["first"]

    return CountEpochs()
'''
DEAD = DUMMY.replace("_write,\n)", "keras_callback('TerminateOnNaN'),\n)").replace(
    "CallbackSpec\n", "CallbackSpec, keras_callback\n", 1
)


def test_one_more_callback(tmp_path: Path) -> None:
    catalog, entry = Catalog.load(), template("digits")
    assert entry is not None
    document = entry.open()
    document.training = {**document.training, "callbacks": {"count_epochs": {"first": 5}}}
    with one_more(PACKAGE, "count_epochs", DUMMY, tmp_path):
        assert [spec.key for spec in callback_specs()][-1] == "count_epochs"
        script = python_source(document, catalog, RunCode())
        assert "callbacks=[CountEpochs(first=5)]" in script
        assert script.index("class CountEpochs") < script.index("def main()")
        ast.parse(script)
    assert "count_epochs" not in [spec.key for spec in callback_specs()]
    with pytest.raises(ModuleNotFoundError):
        callback_module("count_epochs")
    with pytest.raises(SourceError, match="count_epochs"):
        python_source(document, catalog, RunCode())


def test_a_callback_of_keras_needs_its_name_alone(tmp_path: Path) -> None:
    with one_more(PACKAGE, "count_epochs", DEAD, tmp_path):
        code = RunCode().callback("count_epochs", {}, has_validation=True, known={})
    assert ast.unparse(ast.parse(_text(code))) == "keras.callbacks.TerminateOnNaN(first=3)"


def _text(code: object) -> str:
    from resources.python_code.parts import CallbackCode
    from resources.python_code.pieces import flat

    assert isinstance(code, CallbackCode)
    return flat(code.made)
