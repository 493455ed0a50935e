"""The Data workspace: choosing data, looking at it, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.data.looking.large import LargePicture
from app.panels.data.panel import DataPanel
from app.panels.data.parts.columns import values_text
from app.project.data_sources.offers import Offer, Way
from graph_editor.document.changes.commands import set_data
from resources.text import Text
from runtime.messages.describing import Column, DataPeeked, DataProgress, PeekData
from runtime.messages.looking import ColumnPreview, PreviewData
from runtime.messages.profiling import Bars
from tests.gui.training.conftest import Show
from tests.gui.training.data_acting import bindings, said, table
from tests.gui.training.fakes import COLUMNS, FakeChooser, Maker, World, child, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_columns_are_listed_with_what_they_feed(panel: DataPanel) -> None:
    rows = table(panel)
    assert rows[0] == ["digit", "1,797", "scalar", "uint8", "category", "0 … 9", "digit"]
    assert rows[1][2:5] == ["8×8", "uint8", "picture"]
    assert rows[5][5] == "red, green, blue"
    assert said(panel, "data_name") == "digits.h5"
    assert said(panel, "data_facts") == "6 columns, 1,797 samples"


def test_samples_are_shown_as_what_they_are(panel: DataPanel, qtbot: QtBot) -> None:
    press(panel, "data_tabs_table")
    samples = panel.page.looking.card.table.samples
    names = [column.name for column in samples.columns]

    def texts(name: str) -> list[str]:
        return [str(samples.index(row, names.index(name)).data()) for row in range(3)]

    qtbot.waitUntil(lambda: texts("colour") == ["red", "green", "blue"])
    assert texts("image") == ["picture"] * 3
    assert texts("digit")[0].isdigit()
    assert "." in texts("width")[0]
    assert (samples.rowCount(), samples.headerData(1796, Qt.Orientation.Vertical)) == (1797, "1,797")


def test_only_what_is_in_sight_is_read(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    press(panel, "data_tabs_table")
    table, asked = panel.page.looking.card.table, world.engine.asked
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("width", 0) is not None)
    asked.clear()
    table.scrollToBottom()
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("width", 1796) is not None)
    blocks = {message.first for message in asked if isinstance(message, PreviewData)}
    assert blocks <= {1728, 1792}
    assert panel.page.looking.rows.cell("width", 900) is None


def test_the_first_samples_show_while_all_are_read(
    panel: DataPanel, world: World, tmp_path: Path, qtbot: QtBot
) -> None:
    looking, engine = panel.page.looking, world.engine
    engine.hold()
    panel.choose_file(tmp_path / "large.csv")
    assert engine.held is not None
    message, recognised = engine.held.pop()
    recognised(engine.answer(message))
    qtbot.waitUntil(lambda: panel.busy)
    (peek,) = [callback for message, callback in engine.held if isinstance(message, PeekData)]
    column = Column("many", (), "float64", 2, "number")
    values = np.array([1.5, 2.5]).tobytes()
    peek(DataPeeked(1, (column,), (ColumnPreview("many", "number", (), "float64", 2, values),)))
    samples = looking.card.table.samples
    qtbot.waitUntil(lambda: [samples.index(row, 0).data() for row in range(samples.rowCount())] == ["1.5", "2.5"])
    assert looking.card.note.text() == "The first ones; all others are being read."
    assert said(panel, "data_banner_text") == "Reading large.csv…"
    looking.card.table.selectColumn(0)  # which there is nothing to be done with yet
    assert looking.selected == () and world.session.data.columns == COLUMNS
    engine.let_go()
    qtbot.waitUntil(lambda: samples.rowCount() == 1797)
    assert looking.columns == COLUMNS and "others" not in looking.card.note.text()


def test_what_is_not_wanted_any_more_is_not_read_on(
    panel: DataPanel, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[int] = []
    monkeypatch.setattr(world.engine, "cancel", cancelled.append)
    world.session.data.refresh()
    assert not cancelled
    world.engine.hold()
    world.session.data.refresh()
    world.session.data.refresh()
    assert not cancelled  # it is asked again for what is being read
    number = len(world.engine.asked)
    other = {**world.session.document.data, "sources": [{"kind": "csv", "path": "other.csv"}]}
    world.session.edit("x", set_data(world.session.document, other))
    qtbot.waitUntil(lambda: cancelled == [number, number - 1])


def test_reading_shows_how_far_it_is_and_is_stopped(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    data, reading, engine = world.session.data, panel.page.reading, world.engine
    engine.hold()
    panel.sources.reload_requested.emit()
    number = len(engine.asked)
    qtbot.waitUntil(lambda: panel.busy and reading.isHidden())
    world.session.engine.report_progress(DataProgress(number + 7, 1, 2, "bytes"))
    assert reading.isHidden()  # that is another question
    world.session.engine.report_progress(DataProgress(number, 2**28, 2**30, "bytes"))
    assert reading.isVisible() and reading.text.text() == "256 MB of 1 GB" and reading.bar.value() == 250
    world.session.engine.report_progress(DataProgress(number, 7000, None, "rows", again=True))
    assert reading.text.text() == "7,000 rows, once more" and reading.bar.maximum() == 0
    press(panel, "stop_reading")
    assert number in engine.cancelled and data.stopped and not data.columns
    qtbot.waitUntil(lambda: said(panel, "data_banner_text").startswith("Reading digits.h5 was stopped"))
    assert reading.isHidden() and not panel.busy
    engine.let_go()  # an answer that was under way
    assert not data.columns
    press(panel, "read_again")
    qtbot.waitUntil(lambda: data.columns == COLUMNS and not panel.busy)
    assert not data.stopped and panel.page.banner.isHidden()


def test_columns_are_selected_in_ranges(panel: DataPanel, qtbot: QtBot) -> None:
    """What is selected in the table is selected in the list of columns, and drawn below."""
    press(panel, "data_tabs_table")
    looking = panel.page.looking
    told: list[tuple[str, ...]] = []
    looking.columns_selected.connect(told.append)
    header = looking.card.table.horizontalHeader()
    for column, keys in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ShiftModifier)):
        place = QPoint(header.sectionViewportPosition(column) + 20, 20)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, keys, place)
    assert told[-1] == looking.selected == ("digit", "image", "is_even")
    assert len(looking.card.columns.selectionModel().selectedRows()) == 3
    press(panel, "data_tabs_columns")
    looking.select(("width",))
    assert looking.card.table.selected() == ("width",)
    qtbot.waitUntil(lambda: said(panel, "chart_title") == "width")


def test_the_kind_of_columns_is_chosen_in_their_menu(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    press(panel, "data_tabs_table")
    table = panel.page.looking.card.table
    panel.page.looking.select(("digit", "is_even"))
    table.open_menu(0, QPoint(10, 10))
    assert table.menu is not None
    entry = table.menu.findChild(QAction, "kind_number")
    assert isinstance(entry, QAction)
    entry.trigger()
    columns = world.session.document.data["columns"]
    assert columns == {"digit": {"kind": "number"}, "is_even": {"kind": "number"}}
    qtbot.waitUntil(lambda: [column.kind for column in table.samples.columns][:3] == ["number", "image", "number"])
    world.session.history.undo()
    qtbot.waitUntil(lambda: table.samples.columns[0].kind == "category")


def test_classes_are_shown_with_their_mean(panel: DataPanel, qtbot: QtBot) -> None:
    by_class = panel.page.looking.card.by_class
    qtbot.waitUntil(lambda: len(by_class.lines) == 10)
    assert (by_class.lines[0].count, by_class.lines[0].mean is not None, by_class.lines[1].mean) == (10, True, None)
    qtbot.waitUntil(lambda: panel.page.looking.rows.cell("image", 12) is not None)
    by_class.setFocus()
    opened: list[int] = []
    by_class.opened.connect(opened.append)
    QTest.keyClick(by_class, Qt.Key.Key_Down)
    QTest.keyClick(by_class, Qt.Key.Key_Right)
    QTest.keyClick(by_class, Qt.Key.Key_Return)
    assert opened == [by_class.lines[1].rows[1]]
    large = panel.findChild(LargePicture)
    assert large is not None
    qtbot.waitUntil(lambda: "8×8×1" in large.caption.text())
    panel.page.looking.open_sample(opened[0])  # another picture, not one more window
    qtbot.waitUntil(lambda: [each.isVisible() for each in panel.findChildren(LargePicture)] == [True])
    other = panel.findChild(LargePicture)
    assert other is not None
    qtbot.waitUntil(lambda: "8×8×1" in other.caption.text())
    QTest.keyClick(other, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: other.caption.text().startswith(f"Sample {opened[0] + 2} of 1,797"))
    other.close()


def test_the_gallery_is_walked_and_zoomed_by_keys(panel: DataPanel, qtbot: QtBot) -> None:
    press(panel, "data_tabs_gallery")
    gallery = panel.page.looking.card.gallery
    gallery.setFocus()
    QTest.keyClick(gallery, Qt.Key.Key_End)
    assert gallery.current == 1796
    qtbot.waitUntil(lambda: gallery.label_of(1796).isdigit())
    before = gallery.edge
    QTest.keyClick(gallery, Qt.Key.Key_Plus)
    assert gallery.edge > before
    assert child(panel, QSlider, "gallery_zoom").value() == gallery.edge


def test_what_is_true_of_the_whole_file_is_said_above_its_columns(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.note = Text("Left out: names. Reason: it holds Python objects, which are not read.")
    world.session.data.refresh()
    qtbot.waitUntil(lambda: said(panel, "data_banner_text").startswith("Left out: names."))
    assert panel.page.banner.isVisible()


def test_missing_words_are_counted_beside_the_words() -> None:
    column = Column("y", (), "int64", 9, "category", categories=("cat", "dog"), missing=2)
    assert values_text(column) == "cat, dog · 2 missing"
    column = Column("built", (), "float64", 4, "date", 0.0, 86400.0)
    assert values_text(column) == "1970-01-01 … 1970-01-02"


def test_a_file_is_chosen_and_bound_in_one_step(make_world: Maker, look: ThemeSource, show: Show, qtbot: QtBot) -> None:
    world = make_world()
    start: dict[str, object] = {"sources": [], "bindings": {}}
    world.session.edit("x", set_data(world.session.document, start))
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: panel.page._stack.currentIndex() == 0)
    world.chooser.open = world.folder / "data" / "mine.npz"
    press(panel, "choose_data_here")
    source = world.session.document.data["sources"][0]
    assert source == {"kind": "npz", "path": "data/mine.npz", "options": {}}
    qtbot.waitUntil(lambda: bindings(world) == {"image": ["image"], "digit": ["digit"], "is_even": ["is_even"]})
    qtbot.waitUntil(lambda: panel.page._stack.currentIndex() != 0)
    world.session.history.undo()
    assert dict(world.session.document.data) == start


def test_an_offer_is_taken_in_place_of_the_data_or_beside_it(panel: DataPanel, world: World) -> None:
    before = dict(world.session.document.data)
    offer = Offer(Path("/elsewhere/table.csv"), (Way("csv", Text("a table"), {"header": True}),))
    panel.take(offer, offer.ways[0], None)
    (source,) = world.session.document.data["sources"]
    assert (source["kind"], Path(source["path"]).name, source["options"]) == ("csv", "table.csv", {"header": True})
    world.session.history.undo()
    assert dict(world.session.document.data) == before, "undo brings it back"
    panel.take(offer, offer.ways[0], {"by": "key", "column": "file", "to": "name"})
    first, second = world.session.document.data["sources"]
    assert [first] == before["sources"]
    assert (second["name"], second["join"]["column"]) == ("table", "file")


def test_a_source_is_renamed_read_otherwise_and_removed(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    offer = Offer(Path("/elsewhere/table.csv"), (Way("csv", Text("a table")),))
    panel.take(offer, offer.ways[0], {"by": "order"})
    qtbot.waitUntil(lambda: not panel._bind_when_known)
    data = {**world.session.document.data, "bindings": {"image": ["image"], "digit": ["table/age"]}}
    world.session.edit("x", set_data(world.session.document, data))
    qtbot.waitUntil(lambda: len(panel.bar.chips) == 2)
    assert [chip.name.text() for chip in panel.bar.chips] == ["digits.h5", "table"]
    panel.bar.chips[1].click()
    popup = panel.sources.popup
    assert popup is not None
    child(popup, QLineEdit, "source_name").setText("people")
    QTest.keyClick(child(popup, QLineEdit, "source_name"), Qt.Key.Key_Return)
    assert bindings(world)["digit"] == ["people/age"]
    qtbot.waitUntil(lambda: panel.bar.chips[1].name.text() == "people")
    panel.bar.chips[1].click()
    assert panel.sources.popup is not None
    press(panel.sources.popup, "remove_data")
    assert len(world.session.document.data["sources"]) == 1
    assert bindings(world) == {"image": ["image"]}


def test_what_is_no_data_takes_nothing_away(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    before = dict(world.session.document.data)
    with qtbot.waitSignal(world.session.notice_raised) as raised:
        panel.choose_file(Path("/somewhere/song.mp3"))
    assert raised.args[0].text == "song.mp3 is nothing that can be read as data."
    assert world.session.document.data == before


def test_a_file_that_is_gone_can_be_located(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.failure = Text("{file} is not there any more.", {"file": "digits.h5"})
    panel.sources.reload_requested.emit()
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
    assert world.session.document.data["sources"][0]["path"] == "found.h5"


def test_reading_is_shown_and_the_newest_file_wins(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    world.engine.hold()
    panel.choose_file(world.folder / "first.npz")
    panel.choose_file(world.folder / "second.csv")
    assert said(panel, "data_banner_text") == "Reading second.csv…"
    assert len(table(panel)) == len(COLUMNS), "what was there stays until it is known what comes"
    world.engine.let_go()
    qtbot.waitUntil(lambda: said(panel, "data_name") == "second.csv")
    qtbot.waitUntil(lambda: not panel.busy and len(table(panel)) == len(COLUMNS))


def test_a_file_waits_for_the_engine(make_world: Maker, look: ThemeSource, show: Show, qtbot: QtBot) -> None:
    world = make_world(ready=False)
    panel = DataPanel(world.session, look, FakeChooser())
    show(panel)
    before = dict(world.session.document.data)
    panel.choose_file(world.folder / "second.csv")
    assert world.session.document.data == before
    world.link.start()
    qtbot.waitUntil(lambda: world.session.document.data["sources"][0]["kind"] == "csv")


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


def test_a_model_is_started_from_the_data(make_world: Maker, look: ThemeSource, show: Show, qtbot: QtBot) -> None:
    """Without a question where there is none, and after one where there is: undo brings the old one back."""
    world = make_world(None)
    sources = [{"kind": "hdf5", "path": "sample:digits.h5", "options": {}}]
    world.session.edit("x", set_data(world.session.document, {"sources": sources}))
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    qtbot.waitUntil(lambda: bool(world.session.data.columns) and panel.side.start.isVisible())
    assert "is_even" in said(panel, "start_sentence")
    assert child(panel, QPushButton, "start_model").property("role") == "primary", "it is what comes next"
    press(panel, "start_model")
    assert not world.chooser.questions
    assert bindings(world)["is_even"] == ["is_even"]
    names = [operation.class_name for operation in world.session.document.graph.operations.values()]
    assert names[:2] == ["InputLayer", "Rescaling"]
    panel.refresh()
    assert not child(panel, QPushButton, "start_model").property("role"), "a model stands that learns from this data"
    panel.side.start.targets.chosen.emit(("digit",))
    assert "10" in said(panel, "start_sentence")
    press(panel, "start_model")
    assert len(world.chooser.questions) == 1
    assert "digit" not in bindings(world), "who says no keeps the model"
    world.session.history.undo()
    assert not world.session.document.graph.calls


def test_nothing_stays_selected_of_data_that_is_gone(panel: DataPanel, world: World, qtbot: QtBot) -> None:
    """A new project's Data offered steps for a column of the project before."""
    looking = panel.page.looking
    looking.select(["width"])
    looking.open_sample(0)
    qtbot.waitUntil(lambda: looking.charts.title.text() == "width")
    assert "width" in child(panel, QLabel, "steps_about").text()
    world.session.history.do("new", [*set_data(world.session.document, {})])
    qtbot.waitUntil(lambda: looking.selected == ())
    assert "width" not in child(panel, QLabel, "steps_about").text()
    assert not child(panel, QPushButton, "add_step").isEnabled()
    assert looking.charts.title.text() == ""
    qtbot.waitUntil(lambda: panel.findChild(LargePicture) is None)


def test_classes_that_were_not_all_counted_say_so(panel: DataPanel, qtbot: QtBot) -> None:
    looking = panel.page.looking
    qtbot.waitUntil(lambda: len(looking.card.by_class.lines) == 10)
    assert "counted in" not in looking.card.note.text()
    profile = looking.profiles.of("digit")
    assert profile is not None
    bars = [replace(part, seen=1000) if isinstance(part, Bars) else part for part in profile.parts]
    looking.profiles._known["digit"] = replace(profile, parts=tuple(bars))
    looking.profiles.changed.emit("digit")
    assert looking.card.note.text().endswith("counted in 1,000 of 1,797 samples, spread over all")
