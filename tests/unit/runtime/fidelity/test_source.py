"""Source is run and compared before it is written: it makes the very same model, or there is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import load
from graph_editor.exporters.code.script import model_source
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from resources.python_code.pieces import SourceError
from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.exporting import CheckSource, SourceChecked
from runtime.python_code import RunCode
from tests.support.fresh_python import answer_of
from tests.support.trees import ROOT
from tests.unit.runtime.asking import SECONDS


def check(engine: Engine, document: Document, source: str | None = None) -> Any:
    text = model_source(document, Catalog.load(), RunCode()) if source is None else source
    return engine.ask(CheckSource(0, model_json(document), text), SECONDS)


@pytest.fixture(scope="module")
def siamese() -> Document:
    return load(ROOT / "resources" / "templates" / "siamese.lamella")


def test_scripts_with_shared_layers_make_the_same_models(engine: Engine, tmp_path: Path) -> None:
    counts = answer_of("-m", "tests.unit.runtime.fidelity.shared_truth", tmp_path)
    for name in counts:
        answer = check(engine, open_model(tmp_path / f"{name}.keras", Catalog.load()).document)
        assert isinstance(answer, SourceChecked), (name, answer)
        assert "same model" in str(answer.checks[0]), name


@pytest.mark.parametrize("all_frozen", [True, False])
@pytest.mark.parametrize("name", ["Functional", "Sequential"])
def test_a_whole_model_that_is_frozen_leaves_layers_their_own_marks(
    engine: Engine, name: str, all_frozen: bool
) -> None:
    layers: list[Any] = [
        {"class_name": "InputLayer", "config": {"name": "in", "batch_shape": [None, 4], "dtype": "float32"}},
        {"class_name": "Dense", "config": {"name": "off", "units": 3, "trainable": False}},
        {"class_name": "Dense", "config": {"name": "on", "units": 2, "trainable": not all_frozen}},
    ]
    layers = [{"module": "keras.layers", "registered_name": None, **entry} for entry in layers]
    config: dict[str, Any] = {"name": "whole", "trainable": False, "layers": layers}
    if name == "Functional":
        for entry, before in zip(layers, (None, "in", "off"), strict=True):
            history = {"shape": [None, 4], "dtype": "float32", "keras_history": [before, 0, 0]}
            given = [{"args": [{"class_name": "__keras_tensor__", "config": history}], "kwargs": {}}]
            entry.update(name=entry["config"]["name"], inbound_nodes=given if before else [])
        config |= {"input_layers": [["in", 0, 0]], "output_layers": [["on", 0, 0]]}
    model = {"module": "keras", "class_name": name, "config": config, "registered_name": name}
    answer = check(engine, from_model_json(model))
    assert isinstance(answer, SourceChecked), answer


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("keras.Model(", "keras.Mode(", "does not run"),
        ("Dense(", "Dense(1 + ", "another model"),
        ("def build_model", "def built", "does not run"),
    ],
)
def test_a_script_that_is_wrong_is_not_written(
    engine: Engine, siamese: Document, old: str, new: str, reason: str
) -> None:
    source = model_source(siamese, Catalog.load(), RunCode())
    assert old in source
    answer = check(engine, siamese, source.replace(old, new, 1))
    assert isinstance(answer, Failed)
    assert reason in str(answer.error)


def test_the_names_that_keras_gives_do_not_depend_on_what_was_made_before(engine: Engine) -> None:
    """A warm engine has made many layers; a script is run in a process of its own."""
    document = from_model_json(_of_operations())
    for _ in range(2):
        assert isinstance(check(engine, document), SourceChecked)


def test_code_that_nobody_trusts_is_not_run(engine: Engine, tmp_path: Path) -> None:
    model = _of_operations()
    model["config"]["layers"][1]["module"], model["config"]["layers"][1]["registered_name"] = "own", "Own>Negative"
    ran = tmp_path / "ran"
    answer = check(engine, from_model_json(model), f"open({str(ran)!r}, 'w')\n")
    assert isinstance(answer, SourceChecked)
    assert "was not tried" in str(answer.checks[0])
    assert not ran.exists()


@pytest.mark.parametrize("place", ["argument", "setting"])
def test_a_function_without_a_name_is_told_before_anything_is_written(place: str) -> None:
    model = _of_operations()
    layer = model["config"]["layers"][1]
    given = layer["inbound_nodes"][0]["args"][0]
    layer |= {"module": "keras.src.ops.core", "class_name": "Cond", "registered_name": "Cond"}
    function = {"class_name": "__lambda__", "config": {"value": ["4wAA", None, [given]]}}
    if place == "argument":
        layer["inbound_nodes"][0]["args"] = [given, function, function]
    else:
        layer["config"] = {"name": "negative", "functions": [function]}
    with pytest.raises(SourceError, match=r"negative.*lambda"):
        model_source(from_model_json(model), Catalog.load(), RunCode())


def _of_operations() -> dict[str, Any]:
    shape = {"batch_shape": [None, 4], "dtype": "float32", "name": "given"}
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "dtype": "float32"}}
    first = {**tensor, "config": {**tensor["config"], "keras_history": ["given", 0, 0]}}  # type: ignore[dict-item]
    layers = [
        {"module": "keras.layers", "class_name": "InputLayer", "config": shape, "name": "given", "inbound_nodes": []},
        {
            "module": "keras.src.ops.numpy",
            "class_name": "Negative",
            "config": {"name": "negative"},
            "registered_name": "Negative",
            "name": "negative",
            "inbound_nodes": [{"args": [first], "kwargs": {}}],
        },
    ]
    config = {"name": "m", "trainable": True, "layers": layers}
    config |= {"input_layers": ["given", 0, 0], "output_layers": ["negative", 0, 0]}
    return {"module": "keras", "class_name": "Functional", "config": config, "registered_name": "Functional"}
