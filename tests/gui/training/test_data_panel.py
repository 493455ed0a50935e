"""The Data workspace: choosing data, binding it, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QLabel, QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.bindings import BindingRow, Bindings
from app.panels.data.columns import values_text
from app.panels.data.panel import DataPanel
from app.panels.data.state import Target
from graph_editor.document.changes.commands import set_data
from graph_editor.editors.parts.combo import Combo
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from resources.text import Text
from runtime import protocol
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import COLUMNS, FakeChooser, Maker, World, child

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def panel(world: World, look: ThemeSource, show: Show, qtbot: QtBot) -> DataPanel:
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: bool(panel.page.preview.cells("image")))
    return panel


def said(panel: QWidget, name: str) -> str:
    return child(panel, QLabel, name).text()


def press(panel: QWidget, name: str) -> None:
    QTest.mouseClick(child(panel, QPushButton, name), Qt.MouseButton.LeftButton)


def bindings(world: World) -> dict[str, list[str]]:
    return dict(world.session.document.data.get("bindings") or {})


def row_of(panel: DataPanel, name: str) -> BindingRow:
    return panel.side.bindings.rows[name]


def choose(panel: DataPanel, target: str, text: str) -> None:
    """Pick an entry of a binding's list as people do."""
    combo = child(panel, Combo, f"binding_{target}")
    index = next(row for row in range(combo.count()) if combo.itemText(row).startswith(text))
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def table(panel: DataPanel) -> list[list[str]]:
    model = panel.page.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_columns_are_listed_with_what_they_feed(panel: DataPanel) -> None:
    rows = table(panel)
    assert rows[0] == ["digit", "1,797", "scalar", "uint8", "category", "0 … 9", "digit"]
    assert rows[1][2:5] == ["8×8", "uint8", "picture"]
    assert rows[5][5] == "red, green, blue"
    assert said(panel, "data_name") == "digits.h5"
    assert said(panel, "data_facts") == "6 columns, 1,797 samples"


def test_the_first_samples_are_shown_as_what_they_are(panel: DataPanel) -> None:
    pictures = panel.page.preview.cells("image")
    assert len(pictures) == 12
    assert all(not cell.pixmap().isNull() for cell in pictures)
    assert panel.page.preview.cells("digit")[0].text().isdigit()
    assert [cell.text() for cell in panel.page.preview.cells("colour")[:3]] == ["red", "green", "blue"]
    assert "." in panel.page.preview.cells("width")[0].text()


def test_a_row_for_each_input_and_output_says_what_it_wants(panel: DataPanel) -> None:
    assert list(panel.side.bindings.rows) == ["image", "digit", "is_even"]
    assert said(panel, "wants_image") == "8×8×1"
    assert said(panel, "wants_digit") == "class 0–9"
    assert said(panel, "verdict_digit") == "✓ fits"


def test_what_the_engine_finds_stands_at_its_row(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    note = protocol.DataProblem("note", Text("image of shape 8×8 is taken as 8×8×1."), "image", "image")
    error = protocol.DataProblem("error", Text("digit holds 10, but the classes are 0–9."), "digit", "digit")
    world.engine.findings = (note, error)
    world.session.data.refresh()
    qtbot.waitUntil(lambda: "taken as" in said(panel, "verdict_image"))
    assert said(panel, "verdict_image") == "✓ image of shape 8×8 is taken as 8×8×1."
    assert child(panel, QLabel, "verdict_image").property("state") == "note"
    assert said(panel, "verdict_digit") == "digit holds 10, but the classes are 0–9."
    assert child(panel, QLabel, "verdict_digit").property("state") == "error"


def test_what_is_true_of_the_whole_file_is_said_above_its_columns(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.note = Text("Left out: names. Reason: it holds Python objects, which are not read.")
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "data_banner_text").startswith("Left out: names."))
    assert panel.page.banner.isVisible()


def test_what_is_said_of_a_column_stands_at_the_row_that_it_feeds(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    """Columns of different length are the trouble of no single input, and the row said that it fits."""
    world.engine.findings = (
        protocol.DataProblem("error", Text("image has 5 samples, but digit has 4."), None, "digit"),
    )
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "verdict_digit") == "image has 5 samples, but digit has 4.")
    assert said(panel, "verdict_image") == "✓ fits"


def test_missing_words_are_counted_beside_the_words() -> None:
    column = protocol.Column("y", (), "int64", 9, "category", categories=("cat", "dog"), missing=2)
    assert values_text(column) == "cat, dog · 2 missing"


def test_names_of_many_columns_are_counted(panel: DataPanel, world: World) -> None:
    row = panel.side.bindings.rows["image"]
    row.show_columns(world.session.data.columns, tuple(f"pixel{number}" for number in range(784)))
    assert row.combo.currentText() == "pixel0, pixel1, pixel2, pixel3 … (784)"
    assert len(row.combo.toolTip()) < 200


def test_columns_that_fit_come_first(panel: DataPanel) -> None:
    combo = child(panel, Combo, "binding_digit")
    texts = [combo.itemText(row) for row in range(combo.count())]
    assert texts[:4] == ["– no column –", "digit", "is_even", "colour"]
    assert any(text.startswith("image · 8×8, does not fit") for text in texts)


def test_a_binding_is_chosen_and_undone(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    choose(panel, "is_even", "width")
    assert bindings(world)["is_even"] == ["width"]
    choose(panel, "is_even", "– no column –")
    assert "is_even" not in bindings(world)
    qtbot.waitUntil(lambda: said(panel, "verdict_is_even") == "Choose the column that belongs here.")
    world.session.history.undo()
    assert bindings(world)["is_even"] == ["is_even"]


def test_several_columns_are_put_side_by_side(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    choose(panel, "is_even", "Several columns")
    popup = row_of(panel, "is_even").popup
    assert popup is not None
    popup.tick("is_even", False)
    popup.tick("width", True)
    popup.tick("height", True)
    popup.close()
    assert bindings(world)["is_even"] == ["width", "height"]
    qtbot.waitUntil(lambda: child(panel, Combo, "binding_is_even").currentText() == "width, height")


def test_a_column_that_is_gone_is_named(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    data = {**world.session.document.data, "bindings": {"image": ["picture"]}}
    world.session.edit("x", set_data(world.session.document, data))
    qtbot.waitUntil(lambda: said(panel, "verdict_image") == "The data has no column picture.")


def test_binding_automatically_goes_by_name_then_by_shape(panel: DataPanel, world: World) -> None:
    world.session.edit("x", set_data(world.session.document, {**world.session.document.data, "bindings": {}}))
    press(panel, "autobind")
    assert bindings(world) == {"image": ["image"], "digit": ["digit"], "is_even": ["is_even"]}
    world.session.history.undo()
    assert bindings(world) == {}


def test_binding_automatically_says_what_it_did_and_why_not_more(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    column = protocol.Column
    world.engine.columns = (
        column("left", (8, 8), "uint8", 1797, "image", 0, 16),
        column("right", (8, 8), "uint8", 1797, "image", 0, 16),
        column("kind", (), "int64", 1797, "category", 0, 9, 10),
        column("odd", (), "int64", 1797, "category", 0, 1, 2),
    )
    world.session.edit("x", set_data(world.session.document, {**world.session.document.data, "bindings": {}}))
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "verdict_image") == "2 columns fit alike; choose one: left, right.")
    assert said(panel, "verdict_digit") == "Choose the column that belongs here."
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "autobind")
    assert raised.args[0].text == (
        "Bound: digit, is_even.\nimage is not bound. 2 columns fit alike; choose one: left, right."
    )
    assert bindings(world) == {"digit": ["kind"], "is_even": ["odd"]}
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "autobind")
    assert raised.args[0].text.startswith("image is not bound.")
    world.session.history.undo()  # nothing was changed the second time, so this is the first
    assert bindings(world) == {}


def test_the_validation_part_by_slider_and_by_number(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    slider = child(panel, QSlider, "validation_slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert world.session.document.data["validation_percent"] == 21
    spin = child(panel, QDoubleSpinBox, "validation_percent")
    qtbot.waitUntil(lambda: spin.value() == 21)
    spin.setValue(12.5)
    assert world.session.document.data["validation_percent"] == 12.5
    qtbot.waitUntil(lambda: said(panel, "training_samples") == "1,572 samples train")
    assert said(panel, "validation_samples") == "225 validate"
    world.session.history.undo()
    assert world.session.document.data["validation_percent"] == 20


def test_shuffling_is_switched(panel: DataPanel, world: World) -> None:
    QTest.mouseClick(child(panel, ToggleSwitch, "shuffle"), Qt.MouseButton.LeftButton)
    assert world.session.document.data["shuffle"] is False


def test_a_file_is_chosen_and_bound_in_one_step(make_world: Maker, look: ThemeSource, show: Show, qtbot: QtBot) -> None:
    world = make_world()
    start: dict[str, object] = {"source": None, "bindings": {}}
    world.session.edit("x", set_data(world.session.document, start))
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: panel.page._stack.currentIndex() == 0)
    world.chooser.open = world.folder / "data" / "mine.npz"
    press(panel, "choose_data_here")
    source = world.session.document.data["source"]
    assert source == {"kind": "npz", "path": "data/mine.npz", "options": {}}
    qtbot.waitUntil(lambda: bindings(world) == {"image": ["image"], "digit": ["digit"], "is_even": ["is_even"]})
    qtbot.waitUntil(lambda: panel.page._stack.currentIndex() != 0)
    world.session.history.undo()
    assert dict(world.session.document.data) == start


def test_a_file_is_dropped(panel: DataPanel, world: World) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/elsewhere/table.csv")])
    left, plain, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(20, 20), copy, data, left, plain)
    QApplication.sendEvent(panel.page, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(panel.page, QDropEvent(QPointF(20, 20), copy, data, left, plain))
    source = world.session.document.data["source"]
    assert source["kind"] == "csv"
    assert Path(source["path"]).name == "table.csv"


def test_a_file_of_another_kind_is_refused_with_the_kinds_there_are(
    panel: DataPanel, world: World, qtbot: QtBot
) -> None:
    before = dict(world.session.document.data)
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        panel.choose_file(Path("/somewhere/song.mp3"))
    assert "song.mp3" in raised.args[0].text
    assert ".csv" in raised.args[0].text
    assert world.session.document.data == before


def test_a_file_that_is_gone_can_be_located(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.failure = Text("{file} is not there any more.", {"file": "digits.h5"})
    QTest.mouseClick(child(panel, QToolButton, "reload_data"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: said(panel, "data_banner_text") == "digits.h5 is not there any more.")
    assert table(panel) == []
    world.engine.failure = None
    verdicts = [row.verdict.text() for row in panel.side.bindings.rows.values()]
    assert verdicts == ["Not checked yet."] * 3  # no column is named twice
    world.chooser.open = world.folder / "found.h5"
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        press(panel, "locate_data")
    assert (raised.args[0].kind, raised.args[0].text) == ("ok", "found.h5: 6 columns, 1,797 samples")
    qtbot.waitUntil(lambda: len(table(panel)) == len(COLUMNS))
    assert not panel.page.banner.isVisible()
    assert world.session.document.data["source"]["path"] == "found.h5"


def test_reading_is_shown_and_the_newest_file_wins(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.hold()
    panel.choose_file(world.folder / "first.npz")
    panel.choose_file(world.folder / "second.csv")
    qtbot.waitUntil(lambda: said(panel, "data_banner_text") == "Reading second.csv…")
    assert panel.busy
    assert table(panel) == []
    world.engine.let_go()
    qtbot.waitUntil(lambda: not panel.busy and len(table(panel)) == len(COLUMNS))
    assert said(panel, "data_name") == "second.csv"


def test_before_the_engine_is_there_it_says_so(make_world: Maker, look: ThemeSource, show: Show) -> None:
    world = make_world(ready=False)
    world.session.data.refresh()
    panel = DataPanel(world.session, look, FakeChooser())
    show(panel)
    assert said(panel, "data_banner_text") == "The data is read as soon as the engine is ready…"


def test_random_data_says_that_it_is_random(make_world: Maker, look: ThemeSource, show: Show) -> None:
    panel = DataPanel(make_world("burger-review").session, look, FakeChooser())
    show(panel)
    assert said(panel, "data_name") == "Random data"
    assert "at random" in said(panel, "data_banner_text")


def test_everything_has_a_name_for_those_who_do_not_see_it(panel: DataPanel) -> None:
    nameless = [
        (type(widget).__name__, widget.objectName())
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        if not (widget.accessibleName() and widget.objectName()) and not widget.objectName().startswith("qt_")
    ]
    assert not nameless


def test_two_outputs_of_one_name_have_two_rows(qtbot: QtBot) -> None:
    """As a project may have that is being mended; and an input may be called as an output is."""
    bindings = Bindings()
    qtbot.addWidget(bindings)
    targets = [Target("a", "c1", "input", (1,)), Target("a", "c2", "output", (2,)), Target("a", "c3", "output", (3,))]
    bindings.show_targets(targets)
    assert [row.target for row in bindings.all_rows] == targets
    before = bindings.all_rows[:2]
    bindings.show_targets(targets[:2])
    assert bindings.all_rows == before, "those that stay are the same"
