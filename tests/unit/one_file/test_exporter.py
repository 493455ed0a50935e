"""An exporter is one file, whether it needs nothing, Keras or the canvas. Menu, command line and Runs have it then."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from app.cli.verbs import export as verb
from app.project.export_formats import export_format, export_formats
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from resources.text import Text
from runtime.python_code import RunCode
from tests.support.dummies import one_more
from tests.support.fresh_python import run_keras

KERAS = """import json

from resources.text import Text
from runtime.model_formats import ModelFormat

FORMAT = ModelFormat("names", Text("Names of layers (.names)"), ".names", 45, weights=False)


def write(model, path, target):
    path.write_text(json.dumps([layer.name for layer in model.layers]), "utf-8")
    return [Text("It has {count} layers.", {"count": len(model.layers)})]
"""
TEXT = """from graph_editor.exporters.registry import SourceFormat
from resources.text import Text


def write(document, catalog, writer):
    return document.graph.name


FORMAT = SourceFormat("names", Text("Name (.names)"), ".names", write, 65)
"""
PICTURE = """from graph_editor.view.items.pictures.format import PictureFormat
from resources.text import Text

FORMAT = PictureFormat("names", Text("Picture (.names)"), ".names", 85, lambda sheet: sheet.title.encode())
"""
PLACES = [
    ("runtime.worker.engine.formats", KERAS, "engine", "h5"),
    ("graph_editor.exporters", TEXT, "nothing", "notebook"),
    ("graph_editor.view.items.pictures", PICTURE, "canvas", "svg"),
]


@pytest.mark.parametrize(("package", "source", "needs", "after"), PLACES)
def test_one_more_format(package: str, source: str, needs: str, after: str, tmp_path: Path) -> None:
    with one_more(package, "names", source, tmp_path):
        keys = [entry.key for entry in export_formats()]
        assert keys.index("names") == keys.index(after) + 1
        assert export_format("names").needs == needs
        assert "names" in _choices()
    assert "names" not in [entry.key for entry in export_formats()]
    assert "names" not in _choices()
    with pytest.raises(KeyError):
        export_format("names")


def test_a_format_of_text_writes(tmp_path: Path) -> None:
    entry = template("digits")
    assert entry is not None
    document = entry.open()
    with one_more("graph_editor.exporters", "names", TEXT, tmp_path):
        source = export_format("names").source
        assert source is not None
        assert source.write(document, Catalog.load(), RunCode()) == document.graph.name


def test_a_format_of_keras_is_written_by_the_worker(tmp_path: Path) -> None:
    (tmp_path / "names.py").write_text(KERAS, "utf-8")
    program = """
import sys
from pathlib import Path
import keras
import runtime.worker.engine.formats as formats
from runtime.messages.protocol import Export
from runtime.worker.engine.export import export
from runtime.worker.process.control import WorkerError

folder = Path(sys.argv[1])
layers = [keras.Input((2,), name="first"), keras.layers.Dense(1, name="second")]
model = keras.saving.serialize_keras_object(keras.Model(layers[0], layers[1](layers[0])))
question = Export(0, model, "names", str(folder / "out.names"))
try:
    export(question)
except WorkerError as error:
    assert "cannot be written as names" in str(error), error
formats.__path__.append(str(folder))
assert [str(check) for check in export(question).checks] == ["It has 2 layers."]
"""
    run_keras("-c", program, tmp_path)
    assert (tmp_path / "out.names").read_text("utf-8") == '["first", "second"]'


def test_two_formats_of_one_key_are_an_error(tmp_path: Path) -> None:
    with (
        one_more("graph_editor.exporters", "other", TEXT.replace('"names"', '"png"'), tmp_path),
        pytest.raises(ValueError, match="two formats"),
    ):
        export_formats()


def test_what_stands_in_the_way_depends_on_what_is_needed() -> None:
    kinds = ("data", "unknown_class", "cycle")
    problems = [Problem("error", Text("x"), kind=kind) for kind in kinds]
    left = {entry.needs: [problem.kind for problem in entry.hindrances(problems)] for entry in export_formats()}
    assert left == {"engine": ["unknown_class", "cycle"], "nothing": ["cycle"], "canvas": []}


def _choices() -> list[str]:
    parser: Any = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return next(list(action.choices) for action in parser._actions if action.dest == "to")
