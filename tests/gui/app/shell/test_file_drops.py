"""Files and folders that are dropped on the window, whichever workspace shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.new_project import NewProjectDialog
from app.panels.data.sources.offer_card import OfferCard
from app.project.data_sources.offers import Offer, Way
from app.shell.compose import choose_template
from graph_editor.document.files.file_format import dumps
from resources.text import Text
from runtime.messages.describing import Column, DataProgress, DescribeData
from tests.gui.app.conftest import Rig

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def drop(rig: Rig, *paths: Path) -> bool:
    """Whether the window took it."""
    return drop_on(rig.desktop.window, *paths)


def drop_on(window: QWidget, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, plain, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    entered = QDragEnterEvent(QPoint(400, 300), copy, data, left, plain)
    QApplication.sendEvent(window, entered)
    if entered.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), copy, data, left, plain))
    return entered.isAccepted()


def offer(rig: Rig) -> OfferCard:
    return rig.desktop.window.offer


def test_data_is_offered_and_nothing_changes_before_a_yes(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n")
    before = dumps(rig.session.document)
    assert rig.desktop.window.workspace == "build"
    assert drop(rig, table)
    qtbot.waitUntil(offer(rig).isVisible)
    assert offer(rig).name.text() == "table.csv"
    assert dumps(rig.session.document) == before
    QTest.keyClick(offer(rig), Qt.Key.Key_Escape)
    assert not offer(rig).isVisible()
    assert dumps(rig.session.document) == before
    drop(rig, table)
    qtbot.waitUntil(offer(rig).isVisible)
    offer(rig).use.click()
    assert rig.desktop.window.workspace == "data"
    sources = rig.session.document.data["sources"]
    assert [(source["kind"], Path(source["path"]).name) for source in sources] == [("csv", "table.csv")]
    qtbot.waitUntil(lambda: not rig.desktop.window.page("data").busy)  # type: ignore[attr-defined]
    rig.session.history.undo()
    assert dumps(rig.session.document) == before, "undo brings back what was bound"


@pytest.mark.parametrize("name", ["table.csv", "other.lamella"])
def test_a_drop_on_the_first_card_is_taken(rig: Rig, qtbot: QtBot, tmp_path: Path, name: str) -> None:
    """The card lies over the window, which is then deaf: what is dropped has to get there through it."""
    path = tmp_path / name
    path.write_text("a,b\n1,2\n")
    accepted: list[bool] = []

    def act() -> None:
        card = QApplication.activeModalWidget()
        assert isinstance(card, NewProjectDialog)
        accepted.append(drop_on(card, path))

    QTimer.singleShot(0, act)
    beginning = choose_template(rig.desktop)
    assert accepted == [True]
    if name == "table.csv":
        assert beginning is None
        qtbot.waitUntil(offer(rig).isVisible)
        assert offer(rig).name.text() == "table.csv"
    else:
        assert beginning == path


@pytest.mark.parametrize("answer", ["offer_cancel", "offer_use", "another file"])
def test_an_offer_is_read_in_sight_until_it_is_answered(rig: Rig, qtbot: QtBot, tmp_path: Path, answer: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n")
    rig.engine.slow = (DescribeData,)
    drop(rig, table)
    qtbot.waitUntil(offer(rig).isVisible)
    (reads,) = [
        at for at, asked in enumerate(rig.engine.asked, 1) if isinstance(asked, DescribeData) and is_of(asked, table)
    ]
    card, link = offer(rig), rig.session.engine
    link.report_progress(DataProgress(reads, 300, 400, "files"))
    assert card.reading.isVisible() and card.reading.text.text() == "300 of 400 files"
    assert card.rect().contains(card.cancel.geometry())
    if answer == "another file":
        drop(rig, tmp_path / "song.mp3")
    else:
        card.findChild(QPushButton, answer).click()  # type: ignore[union-attr]
    assert not card.reading.isVisible()
    if answer == "offer_use":  # it is read on, and the page shows it
        assert reads not in rig.engine.cancelled
        link.report_progress(DataProgress(reads, 301, 400, "files"))
        assert rig.session.data.progress is not None and rig.session.data.progress.done == 301
        rig.session.data.stop_reading()
    assert reads in rig.engine.cancelled


def is_of(asked: DescribeData, path: Path) -> bool:
    return [source.path for source in asked.data.sources] == [str(path)]


def test_it_is_joined_to_what_is_there(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for each in (first, second):
        each.write_text("a,b\n1,2\n")
    drop(rig, first)
    qtbot.waitUntil(offer(rig).isVisible)
    offer(rig).use.click()
    qtbot.waitUntil(lambda: bool(rig.session.data.columns))
    drop(rig, second)
    qtbot.waitUntil(offer(rig).isVisible)
    offer(rig).beside.click()
    assert offer(rig).isVisible(), "the first click asks how"
    assert (offer(rig).use.property("role"), offer(rig).beside.property("role")) == ("", "primary")
    colors = [
        child.grab().toImage().pixelColor(6, child.height() // 2) for child in (offer(rig).use, offer(rig).beside)
    ]
    assert colors[1].saturation() > colors[0].saturation(), "it is drawn so, too"
    offer(rig).beside.click()
    sources = rig.session.document.data["sources"]
    assert [source.get("name") for source in sources] == ["", "second"] or sources[1]["name"] == "second"
    assert sources[1]["join"] == {"by": "order"}


def test_what_cannot_be_read_is_said(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    song = tmp_path / "song.mp3"
    song.write_bytes(b"x")
    before = dumps(rig.session.document)
    with qtbot.waitSignal(rig.session.notice_raised) as raised:
        drop(rig, song)
    assert raised.args[0].kind == "error"
    assert not offer(rig).isVisible()
    assert dumps(rig.session.document) == before


def test_a_project_is_opened(rig: Rig, tmp_path: Path) -> None:
    project = tmp_path / "mine.lamella"
    project.write_bytes(dumps(rig.session.document))
    assert drop(rig, project)
    assert rig.session.path == project.resolve()


def test_of_several_files_the_folder_is_taken(rig: Rig, tmp_path: Path, qtbot: QtBot) -> None:
    for name in ("a", "b"):
        (tmp_path / "deep").mkdir(exist_ok=True)
        (tmp_path / "deep" / f"{name}.csv").write_text("a\n1\n")
    (tmp_path / "other.csv").write_text("a\n1\n")
    with qtbot.waitSignal(rig.session.notice_raised) as raised:  # this fake knows no folder
        assert drop(rig, tmp_path / "deep" / "a.csv", tmp_path / "deep" / "b.csv")
    assert "deep" in raised.args[0].text
    assert not drop(rig, tmp_path / "deep" / "a.csv", tmp_path / "other.csv"), "of two folders it would be a guess"


def test_the_key_is_proposed_when_the_columns_of_an_offer_come(rig: Rig, qtbot: QtBot, tmp_path: Path) -> None:
    def column(name: str) -> Column:
        return Column(name, (), "int64", 3, "category", categories=("a", "b", "c"))

    card, ways = offer(rig), (Way("csv", Text("a table")),)
    present = (column("station"), column("wind"))
    card.show_offer(Offer(tmp_path / "more.csv", ways), present)
    card.beside.click()
    assert card.join.value() == {"by": "order"}
    assert not card.join.own.isEnabled() and card.join.own.currentText() == "its columns are being read…"
    card.show_offer(Offer(tmp_path / "more.csv", ways, (column("altitude"), column("station"))), present)
    assert card.join.value() == {"by": "key", "column": "station", "to": "station"}
    assert [card.join.own.itemText(place) for place in range(card.join.own.count())] == ["altitude", "station"]
    card.cancel.click()
    card.show_offer(Offer(tmp_path / "more.csv", ways), present)
    card.beside.click()
    card.findChild(QPushButton, "offer_join_key").click()  # type: ignore[union-attr]
    card.show_offer(Offer(tmp_path / "more.csv", ways, (column("altitude"),)), present)
    assert card.join.value() == {"by": "key"}, "what a person has chosen stays"
    assert card.join.own.isEnabled() and not card.beside.isEnabled()
