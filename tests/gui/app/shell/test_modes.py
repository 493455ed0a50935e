"""Bypassed and muted boxes all over the window: menu, inspector, outline, status bar, Data, Train, exports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QTreeView
from pytestqt.qtbot import QtBot

from app.panels.outline.model import Column
from app.panels.run_parts.restoring import training_section, with_other_outputs
from app.panels.train.outputs_form import OutputsForm
from app.project.templates import TEMPLATES
from graph_editor.document.ends import output_names
from graph_editor.document.graph import BYPASSED, MUTED
from runtime.messages.checking import CheckData
from runtime.messages.exporting import Export
from tests.gui.app.conftest import Rig

_W = TypeVar("_W", bound=QObject)


@pytest.fixture
def digits(rig: Rig, qtbot: QtBot) -> Rig:
    rig.session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
    qtbot.waitUntil(lambda: rig.session.settled)
    return rig


def child(rig: Rig, kind: type[_W], name: str) -> _W:
    found: _W | None = rig.desktop.window.findChild(kind, name)
    assert found is not None, name
    return found


def choose(rig: Rig, name: str) -> str:
    operation = rig.session.document.graph.operation_named(name)
    assert operation is not None
    call = rig.session.document.graph.calls_of(operation.id)[0]
    rig.session.navigation.select((call,))
    return call


def click(rig: Rig, name: str) -> None:
    QTest.mouseClick(child(rig, QAbstractButton, name), Qt.MouseButton.LeftButton)


def test_the_menu_bypasses_and_mutes(digits: Rig) -> None:
    commands, graph = digits.desktop.window.commands, digits.session.document.graph
    assert not commands.action("model.mute").isEnabled()
    call = choose(digits, "norm")
    commands.action("model.bypass").trigger()
    assert graph.modes == {call: BYPASSED}
    commands.refresh()
    assert commands.action("model.bypass").isChecked() and not commands.action("model.mute").isChecked()
    commands.action("model.mute").trigger()
    assert graph.modes == {call: MUTED}
    commands.action("edit.undo").trigger()
    commands.action("model.bypass").trigger()
    assert graph.modes == {}


def test_the_inspector_has_switches_and_says_why(digits: Rig) -> None:
    graph = digits.session.document.graph
    reason = child(digits, QLabel, "left_out_reason")
    call = choose(digits, "reduce_1x1")
    assert not reason.isVisibleTo(digits.desktop.window)
    click(digits, "mute_switch")
    assert graph.modes == {call: MUTED} and "Muted" in reason.text()
    click(digits, "bypass_switch")
    assert child(digits, QAbstractButton, "freeze_switch").isVisibleTo(digits.desktop.window)
    assert graph.modes == {call: BYPASSED} and "hands on" in reason.text()
    assert not child(digits, QAbstractButton, "mute_switch").isChecked()
    digits.session.history.undo()
    assert child(digits, QAbstractButton, "mute_switch").isChecked()
    choose(digits, "wide_5x5")
    assert reason.isVisibleTo(digits.desktop.window) and "reduce_1x1" in reason.text()
    choose(digits, "image")
    assert not child(digits, QAbstractButton, "bypass_switch").isVisibleTo(digits.desktop.window)


def test_totals_count_what_is_built(digits: Rig, qtbot: QtBot) -> None:
    session = digits.session
    boxes = len(session.document.graph.calls)
    assert session.inference.totals.parameters == 1000 * boxes
    choose(digits, "reduce_1x1")
    digits.desktop.window.commands.action("model.mute").trigger()
    qtbot.waitUntil(lambda: session.inference.totals.parameters == 1000 * (boxes - 2))
    label = child(digits, QLabel, "count_left_out")
    assert label.isVisible() and label.toolTip() == "2 boxes are left out (1 muted, 1 because of these)"
    session.history.undo()
    qtbot.waitUntil(lambda: session.inference.totals.parameters == 1000 * boxes)
    assert not label.isVisible()


def test_the_outline_marks_what_is_left_out(digits: Rig, qtbot: QtBot) -> None:
    call = choose(digits, "norm")
    digits.desktop.window.toggle_outline()
    model = digits.desktop.window.build.outline.model
    row = model.index_of(call)
    assert row is not None
    cell = row.siblingAtColumn(Column.OUTPUT)
    digits.desktop.window.commands.action("model.bypass").trigger()
    qtbot.waitUntil(lambda: str(cell.data()) == "bypassed")
    assert str(row.siblingAtColumn(Column.PARAMETERS).data()) == "–"
    assert "Bypassed" in str(cell.data(Qt.ItemDataRole.ToolTipRole))
    assert child(digits, QTreeView, "outline_list").model() is not None
    digits.session.history.undo()
    qtbot.waitUntil(lambda: str(cell.data()) == "8")


def test_data_and_training_ask_nothing_of_a_muted_output(digits: Rig, qtbot: QtBot) -> None:
    window = digits.desktop.window
    choose(digits, "is_even")
    window.commands.action("model.mute").trigger()
    qtbot.waitUntil(lambda: digits.session.settled)
    window.show_workspace("train")
    form = window.findChild(OutputsForm)
    assert form is not None and list(form.blocks) == ["digit"]
    qtbot.waitUntil(
        lambda: any(
            isinstance(asked, CheckData) and [end.name for end in asked.outputs] == ["digit"]
            for asked in digits.engine.asked
        )
    )


def test_a_run_is_of_what_is_left_and_keeps_the_project(digits: Rig, qtbot: QtBot) -> None:
    choose(digits, "is_even")
    digits.desktop.window.commands.action("model.mute").trigger()
    qtbot.waitUntil(lambda: digits.session.settled)
    run = digits.session.training.start()
    assert run is not None, digits.desktop.window.notices.text
    assert "1 box is left out (1 muted)" in digits.desktop.window.notices.text
    layers = {layer["name"] for layer in run.spec.model["config"]["layers"]}
    assert "digit" in layers and "is_even" not in layers
    assert [output.name for output in run.spec.training.outputs] == ["digit"]
    assert '"mode": "muted"' in (run.folder / "project.lamella").read_text()


def test_without_an_output_nothing_is_trained(digits: Rig, qtbot: QtBot) -> None:
    choose(digits, "features")
    digits.desktop.window.commands.action("model.mute").trigger()
    qtbot.waitUntil(lambda: digits.session.settled)
    assert digits.session.training.start() is None
    assert "muted" in digits.desktop.window.notices.text
    assert [problem.kind for problem in digits.session.problems] == ["all_muted"]


def test_exports_are_of_what_is_left_and_say_so(digits: Rig, tmp_path: Path) -> None:
    choose(digits, "norm")
    digits.desktop.window.commands.action("model.bypass").trigger()
    for kind in ("json", "python"):
        digits.chooser.to_save = tmp_path / f"model.{kind}"
        digits.desktop.exporter.export(kind, digits.desktop.window, digits.desktop.window.canvas)
        assert "1 box is left out (1 bypassed)" in digits.desktop.window.notices.text
    asked = next(item for item in digits.engine.asked if isinstance(item, Export))
    assert "norm" not in json.dumps(asked.model)
    assert "norm" not in (tmp_path / "model.python.py").read_text()


def test_settings_of_a_run_leave_those_of_a_muted_output_alone(digits: Rig, qtbot: QtBot) -> None:
    choose(digits, "is_even")
    digits.desktop.window.commands.action("model.mute").trigger()
    qtbot.waitUntil(lambda: digits.session.settled)
    run = digits.session.training.start()
    assert run is not None
    document = digits.session.document
    before = {"outputs": {"is_even": {"loss": "Poisson"}, "gone": {"loss": "Poisson"}}}
    after = with_other_outputs(training_section(run.spec.training), before, output_names(document.graph))
    assert after["outputs"].keys() == {"digit", "is_even"} and after["outputs"]["is_even"] == {"loss": "Poisson"}
