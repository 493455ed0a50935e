"""Which boxes of an edited project are which of the model that was trained."""

from __future__ import annotations

from typing import Any

import pytest

from app.panels.inside.matching import match
from app.project.templates import TEMPLATES
from graph_editor.document.changes.commands import rename, set_parameter
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.history import History
from graph_editor.keras_format.functional import trained_json
from graph_editor.keras_format.reading import from_model_json
from runtime.messages.inside import CallAt


@pytest.fixture
def digits() -> Document:
    return next(item for item in TEMPLATES if item.key == "digits").open()


def dense(name: str, *calls: list[Any], units: int = 4) -> dict[str, Any]:
    config = {"name": name, "units": units}
    return {"module": "keras.layers", "class_name": "Dense", "config": config, "name": name, "inbound_nodes": [
        {"args": [tensor(*call)], "kwargs": {}} for call in calls]}  # fmt: skip


def tensor(layer: str, node: int = 0) -> dict[str, Any]:
    config = {"shape": [None, 4], "dtype": "float32", "keras_history": [layer, node, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def model(name: str, layers: list[dict[str, Any]], last: list[Any]) -> dict[str, Any]:
    start = {"module": "keras.layers", "class_name": "InputLayer", "name": "x", "inbound_nodes": [],
             "config": {"name": "x", "batch_shape": [None, 4]}}  # fmt: skip
    config = {"name": name, "layers": [start, *layers], "input_layers": [["x", 0, 0]], "output_layers": [last]}
    return {"module": "keras", "class_name": "Functional", "config": config}


def test_an_untouched_project_matches_every_box(digits: Document) -> None:
    found = match(digits, trained_json(digits))
    assert not found.differs
    assert found.calls.keys() == digits.graph.calls.keys()
    names = {digits.operation_of(box).name: call for box, call in found.calls.items()}
    assert names["digit"] == CallAt("digit", 0)


def test_shared_layers_have_a_call_for_each_box() -> None:
    trained = model("twice", [dense("a", ["x"], ["a"])], ["a", 1, 0])
    document = from_model_json(trained)
    found = match(document, trained)
    assert sorted(call.node for call in found.calls.values() if call.layer == "a") == [0, 1]
    once = model("twice", [dense("a", ["x"])], ["a", 0, 0])
    assert match(document, once).missing == ("a",)  # its second call has nothing to show


def test_boxes_of_nested_models_are_found_by_the_path_to_them() -> None:
    inner = model("inner", [dense("b", ["x"])], ["b", 0, 0])
    nested = {**inner, "name": "inner", "inbound_nodes": [{"args": [tensor("x")], "kwargs": {}}]}
    outer = model("outer", [nested], ["inner", 0, 0])
    found = match(from_model_json(outer), outer)
    assert CallAt("b", 0, ("inner",)) in found.calls.values()
    assert not found.differs


def test_what_was_edited_since_is_named(digits: Document) -> None:
    trained = trained_json(digits)
    history = History(digits, FOLLOW_UPS)
    by_name = {digits.operation_of(box).name: box for box in digits.graph.calls}
    wide = digits.operation_of(by_name["wide_5x5"])
    history.do("wider", set_parameter(digits, wide.id, "filters", 99))
    assert match(digits, trained).changed == (wide.shown_name,)
    history.do("name", rename(digits, digits.operation_of(by_name["norm"]).id, "other"))
    found = match(digits, trained)
    assert found.missing == ("other",)
    assert "norm" in found.gone
    assert by_name["norm"] not in found.calls
