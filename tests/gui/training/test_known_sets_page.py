"""Known sets in Data: downloaded after a yes from a server on this machine, then data as if dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.engine.engine_link import AnswerCallback, EngineState
from app.look.theme_source import ThemeSource
from app.panels.data.known.row import KnownSetRow
from app.panels.data.panel import DataPanel
from app.project.data_sources.offers import Offer
from resources.training.sections import sources_of
from runtime.known_sets import KnownSet, is_here
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress, GetKnownSet
from runtime.messages.protocol import Request
from runtime.worker.data.known.answer import get_known_set
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.waiting import waiting
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import FakeEngine, Maker, World, press
from tests.unit.runtime.arrays.test_known_sets import CONTENT, _Server, one

__all__ = ("one",)


class Downloads:
    """Answers wishes for sets as the engine does, in a thread of their own."""

    def __init__(self, engine: FakeEngine) -> None:
        self._engine, self._request = engine, engine.request
        self._threads: list[threading.Thread] = []
        self.hold = threading.Event()  # until it is set, a download has not begun
        self.hold.set()
        engine.request = self.request  # type: ignore[method-assign]

    def request(self, message: Request, callback: AnswerCallback) -> int:
        if not isinstance(message, GetKnownSet):
            return self._request(message, callback)
        self._engine.asked.append(message)
        number = len(self._engine.asked)
        self._threads.append(threading.Thread(target=self._get, args=(number, message, callback)))
        self._threads[-1].start()
        return number

    def _get(self, number: int, message: GetKnownSet, callback: AnswerCallback) -> None:
        def waits() -> bool:
            return number not in self._engine.cancelled

        def tells(done: int, total: int | None, unit: str, again: bool, /) -> None:
            self._engine.link.report_progress(DataProgress(number, done, total, "bytes", again))

        self.hold.wait(60)
        try:
            with waiting(waits, tells):
                if waits():
                    callback(get_known_set(message, waits))
        except CancelledError:
            return
        except WorkerError as error:
            callback(Failed(number, error.text, error.detail))

    def end(self) -> None:
        self.hold.set()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def open_panel(
    one: KnownSet, make_world: Maker, look: ThemeSource, show: Show
) -> Iterator[Callable[[str | None], tuple[World, DataPanel, Downloads]]]:
    opened: list[Downloads] = []

    def do(template: str | None) -> tuple[World, DataPanel, Downloads]:
        world = make_world(template)
        opened.append(Downloads(world.engine))
        panel = DataPanel(world.session, look, world.chooser)
        show(panel)
        return world, panel, opened[-1]

    yield do
    for downloads in opened:
        downloads.end()


def row(panel: DataPanel) -> KnownSetRow:
    return panel.page.known.rows[0]


def test_a_set_is_downloaded_after_a_yes_and_becomes_the_data(
    one: KnownSet, open_panel: Callable[..., tuple[World, DataPanel, Downloads]], qtbot: QtBot
) -> None:
    world, panel, downloads = open_panel(None)
    press(panel, "known_sets_here")
    assert row(panel).title.text() == "MNIST" and row(panel).where.text() == "293 KB" and row(panel).use.isHidden()
    press(panel, "known_get_a")
    assert world.chooser.questions == ["Download MNIST?"] and not any(
        isinstance(asked, GetKnownSet) for asked in world.engine.asked
    )
    world.chooser.says_yes = True
    downloads.hold.clear()
    press(panel, "known_get_a")
    assert row(panel).cancel.isVisible() and not row(panel).get.isVisible()
    world.link.report_progress(DataProgress(len(world.engine.asked), 150_000, 300_000, "bytes"))
    assert row(panel).reading.isVisible() and row(panel).reading.text.text() == "146 KB of 293 KB"
    notices: list[str] = []
    world.session.notice_raised.connect(lambda notice: notices.append(notice.text))
    downloads.hold.set()
    qtbot.waitUntil(lambda: bool(sources_of(world.session.document.data)))
    qtbot.waitUntil(lambda: bool(notices))
    assert not [text for text in notices if "take it from the known sets" in text], "it is the data already"
    assert is_here(one) and one.files[0].path.read_bytes() == CONTENT
    assert list(sources_of(world.session.document.data)) == [{"kind": "known", "path": "", "options": {"name": "a"}}]
    qtbot.waitUntil(lambda: [chip.name.text() for chip in panel.bar.chips] == ["MNIST"])
    qtbot.waitUntil(lambda: not panel.page.is_empty)
    assert not panel.page.shows_known
    world.session.history.undo()
    assert not sources_of(world.session.document.data)


def test_where_there_is_data_a_person_says_what_becomes_of_it(
    one: KnownSet, open_panel: Callable[..., tuple[World, DataPanel, Downloads]], qtbot: QtBot
) -> None:
    one.files[0].path.parent.mkdir(parents=True)
    one.files[0].path.write_bytes(CONTENT)
    world, panel, _downloads = open_panel("digits")
    offers: list[Offer] = []
    world.session.offers.offered.connect(offers.append)
    entry = panel.findChild(QAction, "known_sets_menu")
    assert isinstance(entry, QAction)
    entry.trigger()
    assert panel.page.shows_known and row(panel).where.text() == "on this computer"
    press(panel, "known_use_a")
    assert offers[-1].name == "MNIST" and offers[-1].columns
    assert [source["kind"] for source in sources_of(world.session.document.data)] == ["hdf5"]
    panel.take(offers[-1], offers[-1].ways[0], {"by": "order"})
    first, second = sources_of(world.session.document.data)
    assert (first["kind"], second["kind"], second["name"], second["path"]) == ("hdf5", "known", "MNIST", "")
    assert not panel.page.shows_known


@pytest.mark.parametrize("way", ["breaks", "other"])
def test_what_goes_wrong_is_said_in_the_row_and_can_be_tried_again(
    one: KnownSet, open_panel: Callable[..., tuple[World, DataPanel, Downloads]], qtbot: QtBot, way: str
) -> None:
    _Server.way = way
    world, panel, _downloads = open_panel(None)
    world.chooser.says_yes = True
    press(panel, "known_sets_here")
    press(panel, "known_get_a")
    qtbot.waitUntil(row(panel).failure.isVisible)
    said = {"breaks": "the connection broke off. What has arrived is kept", "other": "its checksum is another one"}
    assert said[way] in row(panel).failure.text() and not sources_of(world.session.document.data)
    assert row(panel).get.text() == {"breaks": "Go on…", "other": "Download…"}[way]
    _Server.way = ""
    press(panel, "known_get_a")
    qtbot.waitUntil(lambda: bool(sources_of(world.session.document.data)))
    assert world.chooser.questions == ["Download MNIST?"], "a yes holds for another try"
    assert _Server.asked[-1] == {"breaks": "bytes=100000-", "other": ""}[way]


def test_a_download_can_be_cancelled_and_goes_on_there(
    one: KnownSet, open_panel: Callable[..., tuple[World, DataPanel, Downloads]], qtbot: QtBot
) -> None:
    one.files[0].part.parent.mkdir(parents=True)
    one.files[0].part.write_bytes(CONTENT[:200_000])
    world, panel, downloads = open_panel(None)
    world.chooser.says_yes = True
    press(panel, "known_sets_here")
    assert row(panel).where.text() == "195 KB of 293 KB"
    downloads.hold.clear()
    press(panel, "known_get_a")
    press(panel, "known_cancel_a")
    assert row(panel).get.isVisible() and row(panel).get.hasFocus() and world.engine.cancelled
    downloads.hold.set()
    press(panel, "known_get_a")
    qtbot.waitUntil(lambda: is_here(one))
    assert _Server.asked == ["bytes=200000-"]


def test_whoever_has_left_the_list_is_told_and_nothing_changes(
    one: KnownSet, open_panel: Callable[..., tuple[World, DataPanel, Downloads]], qtbot: QtBot
) -> None:
    world, panel, downloads = open_panel(None)
    world.chooser.says_yes = True
    downloads.hold.clear()
    press(panel, "known_sets_here")
    press(panel, "known_get_a")
    QTest.keyClick(panel.page.known, Qt.Key.Key_Escape)
    assert not panel.page.shows_known and panel.page.is_empty
    with qtbot.waitSignal(world.session.notice_raised) as told:
        downloads.hold.set()
    assert "MNIST is on this computer now" in str(told.args)
    assert not sources_of(world.session.document.data)


def test_a_set_waits_for_the_engine_and_is_given_up_where_that_dies(
    one: KnownSet, make_world: Maker, look: ThemeSource, show: Show, qtbot: QtBot
) -> None:
    world = make_world(None, ready=False)
    panel = DataPanel(world.session, look, world.chooser)
    show(panel)
    world.chooser.says_yes = True
    press(panel, "known_sets_here")
    press(panel, "known_get_a")
    assert row(panel).where.text() == "waits for the engine" and not world.engine.asked
    world.link.report_state(EngineState("dead", "", "it broke"))
    assert "The engine is not running" in row(panel).failure.text() and row(panel).get.isVisible()
    assert isinstance(panel.findChild(QPushButton, "known_back"), QPushButton)
