"""A Sequential without an Input: Keras writes what it can, the rest says why not, and one click mends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.project.export_formats import export_format
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.history import History
from graph_editor.exporters.code.script import model_source
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from runtime.clients.engine import Engine
from runtime.messages.exporting import CheckSource, Export, Exported, SourceChecked
from runtime.python_code import RunCode
from tests.unit.runtime.asking import SECONDS


def stack(class_name: str = "Dense", **config: Any) -> dict[str, Any]:
    first = {"name": "first", "trainable": True, **(config or {"units": 4})}
    layers = [
        {"module": "keras.layers", "class_name": class_name, "config": first, "registered_name": None},
        {"module": "keras.layers", "class_name": "Activation", "config": {"name": "end", "activation": "relu"}},
    ]
    config = {"name": "stack", "trainable": True, "layers": layers}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": "Sequential"}


def test_what_keras_can_write_is_written(engine: Engine, tmp_path: Path) -> None:
    document = from_model_json(stack())
    for kind in ("keras", "json"):
        path = tmp_path / f"m.{kind}"
        # weights beside the file that it came from are no hindrance: it has none
        answer = engine.ask(Export(0, model_json(document), kind, str(path), None, "nowhere.keras"), SECONDS)
        assert isinstance(answer, Exported), answer
    opened = open_model(tmp_path / "m.keras", Catalog.load())
    assert not opened.weights  # there are none to start from, though Keras writes an entry for them
    again = opened.document
    assert [op.class_name for op in again.graph.operations.values()] == ["Dense", "Activation"]
    assert json.loads((tmp_path / "m.json").read_text())["config"]["layers"][0]["config"]["units"] == 4
    source = model_source(document, Catalog.load(), RunCode())
    assert isinstance(engine.ask(CheckSource(0, model_json(document), source), SECONDS), SourceChecked)


def test_one_problem_says_why_the_rest_cannot() -> None:
    found = problems(from_model_json(stack()), Catalog.load())
    assert [problem.kind for problem in found] == ["sequential_without_input"]
    assert "no weights until it has one" in str(found[0].text)
    blocked = {key for key in ("keras", "json", "weights", "h5", "python") if export_format(key).hindrances(found)}
    assert blocked == {"weights", "h5"}


@pytest.mark.parametrize(
    ("class_name", "config", "shape"),
    [
        ("Dense", {"units": 4}, [None, 8]),
        ("Conv2D", {"filters": 2, "kernel_size": 3}, [None, 28, 28, 1]),
        ("LSTM", {"units": 2}, [None, 32, 8]),
        ("Embedding", {"input_dim": 9, "output_dim": 2}, [None, 32]),
    ],
)
def test_one_click_gives_it_an_input(
    engine: Engine, class_name: str, config: dict[str, Any], shape: list[int | None], tmp_path: Path
) -> None:
    document = from_model_json(stack(class_name, **config))
    before = model_json(document)
    mend = problems(document, Catalog.load())[0].mend
    assert mend is not None
    history = History(document, FOLLOW_UPS)
    history.do("mend", mend.edits)
    assert problems(document, Catalog.load()) == []
    written = model_json(document)
    assert written["class_name"] == "Sequential"
    assert written["config"]["layers"][0]["config"]["batch_shape"] == shape
    assert isinstance(engine.ask(Export(0, written, "keras", str(tmp_path / "m.keras")), SECONDS), Exported)
    history.undo()
    assert model_json(document) == before
