"""A script that would train on other values than Lamella is refused, with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import add_layer
from graph_editor.document.document import Document
from graph_editor.document.edits import SetParameters
from graph_editor.exporters.python_source import python_source
from resources.python_code.pieces import SourceError
from runtime.python_code import RunCode

CATALOG = Catalog.load()


def digits(**data: Any) -> Document:
    entry = template("digits")
    assert entry is not None
    document = entry.open()
    document.data = {**document.data, **data}
    return document


def with_normalization() -> Document:
    document = digits()
    edge = next(iter(document.graph.edges()))
    edits, _ = add_layer(document, "Normalization", "keras.layers", None, (0, 0), CATALOG, into=edge)
    for edit in edits:
        edit.apply(document)
    return document


def test_steps_are_written_for_the_columns_that_feed_something() -> None:
    written = python_source(digits(), CATALOG, RunCode())
    assert "model.fit(" in written and "prepare(" not in written
    prepared = python_source(digits(columns={"image": {"steps": [{"step": "normalize"}]}}), CATALOG, RunCode())
    assert "# image: Normalize" in prepared and "layer = keras.layers.Normalization()" in prepared
    assert "data = prepare(data, parts[0])" in prepared
    unused = digits(columns={"nobody": {"steps": [{"step": "scale"}]}, "image": {"kind": "image"}})
    assert python_source(unused, CATALOG, RunCode()) == written


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([{"step": "gone"}], "image, step 1: The step gone is unknown"),
        ([{"step": "clip"}, {"step": "scale", "scale": "x"}], "image, step 2: "),
        ([{"step": "discretization", "boundaries": "3, 2"}], "image, step 1: .* do not rise"),
        ([{"step": "normalize"}, {"step": "drop_missing"}], "image: Drop missing must come before Normalize"),
        ("x", "The data section of the project does not hold together"),
    ],
)
def test_a_step_that_cannot_be_written_is_named(steps: Any, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        python_source(digits(columns={"image": {"steps": steps}}), CATALOG, RunCode())


def test_layers_that_learn_from_data_are_not_left_unadapted() -> None:
    document = with_normalization()
    written = python_source(document, CATALOG, RunCode())
    assert "adapt_at(normalization, " in written
    assert "model = build_model(x)" in written and "def build_model(samples=None)" in written
    operation = document.graph.operation_named("normalization")
    assert operation is not None
    SetParameters(operation.id, {"mean": 1.0, "variance": 2.0}).apply(document)
    known = python_source(document, CATALOG, RunCode())
    assert "mean=1.0" in known and "adapt_at" not in known
