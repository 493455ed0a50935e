"""What training will cost, in the status bar and in the inspector, as edits and settings change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel

from app.engine.wording import bytes_text, operations_text
from app.panels.widgets.stat_tile import StatTile
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from runtime.messages.inference import CallResult, TensorSpec
from tests.gui.app.conftest import Rig

_W = TypeVar("_W", bound=QObject)


def child(rig: Rig, kind: type[_W], name: str) -> _W:
    found: _W | None = rig.desktop.window.findChild(kind, name)
    assert found is not None, name
    return found


@pytest.fixture
def costly(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """Every box has 1,024 weights, 4,000 bytes of outputs and 1,500 operations."""

    def result(call_id: str) -> CallResult:
        outputs = (TensorSpec((None, 8), "float32"),)
        return CallResult(call_id, outputs, 1024, 1024, weight_bytes=4096, flops=1500, activation_bytes=4000)

    monkeypatch.setattr(rig.engine, "_result", result)
    return rig


def test_memory_follows_the_batch_size_and_the_optimizer(costly: Rig, template: Callable[[str], Document]) -> None:
    session = costly.session
    session.replace(template("residual-block"), None)
    boxes = len(session.document.graph.calls)
    label = child(costly, QLabel, "memory_estimate")
    for batch, optimizer, kept in ((64, "Adam", 2), (10, "Adam", 2), (10, "SGD", 0)):
        training = {"batch_size": batch, "optimizer": {"class_name": optimizer, "config": {}}}
        session.edit("training", commands.set_training(session.document, training))
        memory = bytes_text(boxes * (4096 * (2 + kept) + 4000 * batch))
        assert label.accessibleName() == f"About {memory} of memory at batch size {batch}"
        assert memory in label.text()
        assert child(costly, StatTile, "model_memory").value() == f"≈ {memory}"
    assert child(costly, StatTile, "model_work").value() == f"≈ {operations_text(1500 * boxes)}"
    assert "optimizer 0 B" in label.toolTip()


def test_the_box_says_what_it_costs(costly: Rig, template: Callable[[str], Document]) -> None:
    costly.session.replace(template("residual-block"), None)
    costly.session.navigation.select([list(costly.session.document.graph.calls)[1]])
    shape = child(costly, QLabel, "tile_output_value")
    assert shape.toolTip() == "For one sample: 1.5 kFLOPs forward, 3.9 KB of outputs."
    assert child(costly, QLabel, "tile_parameters_value").toolTip() == "4 KB of weights"


def test_nothing_is_said_before_anything_is_known(rig: Rig) -> None:
    assert not child(rig, QLabel, "memory_estimate").isVisible()
    assert child(rig, StatTile, "model_memory").value() == "–"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 KB"), (1536, "1.5 KB"), (38 << 20, "38 MB"), (3e9, "2.8 GB")],
)
def test_memory_is_written_as_keras_writes_it(size: float, text: str) -> None:
    assert bytes_text(size) == text
