"""The real application in a real window, and a script that uses it from another thread as a person would.

The script sees through widgets (where is the button?) and acts through X events alone.
"""

import faulthandler
import queue
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QDialog, QFileDialog, QWidget

from app.dialogs.waiting import WaitingDialog
from app.panels.palette.panel import Palette
from app.project.choosers import PausedAnswer, PictureLook, RunAnswer, SaveAnswer
from app.project.run_questions import RunInQuestion
from app.shell.compose import compose, start_engine
from app.shell.desktop import Desktop
from app.shell.gui import make_application
from app.system.collector import Collector
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import Block
from graph_editor.view.graph_view import GraphView
from resources.text import Text
from tests.e2e.display import Hands, Point
from tests.support.patience import patient

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)
PATIENCE_SECONDS = 20.0


class Answers:
    """Answers what dialogs of the system would ask; everything else is done in the window."""

    def __init__(self) -> None:
        self.to_open: Path | None = None
        self.to_save: Path | None = None
        self.errors: list[str] = []

    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        """That of the system, unless the answer is known."""
        name, _ = ("", "") if self.to_open else QFileDialog.getOpenFileName(parent, title, str(folder), kinds)
        return self.to_open or (Path(name) if name else None)

    def folder_to_open(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        return None

    def file_to_save(self, parent: QWidget | None, title: str, kinds: str, proposal: Path) -> Path | None:
        return self.to_save

    def save_changes(
        self, parent: QWidget | None, name: str, changed: bool = True, training: bool = False
    ) -> SaveAnswer:
        return "discard"

    def picture_look(self, parent: QWidget | None, kind: str) -> PictureLook | None:
        return PictureLook()

    def overwrite_foreign(self, parent: QWidget | None, name: str) -> bool:
        return False

    def close_while_training(self, parent: QWidget | None, runs: Sequence[RunInQuestion]) -> RunAnswer:
        return "stop"

    def leave_paused(self, parent: QWidget | None, name: str) -> PausedAnswer:
        return "keep"

    def recover(self, parent: QWidget | None, name: str, when: str) -> bool:
        return False

    def confirm(self, parent: QWidget | None, text: str, more: str, yes: str) -> bool:
        return True

    def block_details(self, parent: QWidget | None, block: Block, title: str, catalog: Catalog) -> Block | None:
        return block

    def waiting(self, parent: QWidget | None, text: str) -> QDialog:
        return WaitingDialog(text, parent)

    def show_error(self, parent: QWidget | None, text: Text) -> None:
        self.errors.append(str(text))

    def tell_crash(self, parent: QWidget | None, report: Path) -> None:
        self.errors.append(report.name)


class _Gate(QObject):
    """Runs functions on the GUI thread for the script."""

    called = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.called.connect(lambda function: function())


class Stage:
    """What a script needs: eyes (`widget`, `where`, `see`), hands, and patience (`until`)."""

    def __init__(self, desktop: Desktop, display: str, answers: Answers) -> None:
        self.desktop, self.answers = desktop, answers
        self._gate = _Gate()
        self.hands = Hands(display, self._catch_up)

    def _catch_up(self) -> None:
        """xdotool ends when the X server has its events; this ends when the window has got them.

        Nobody waits for `sync` itself: a drag that begins among those events has a loop of its own, and `sync` returns
        after the drop. That loop takes the next call as well.
        """
        self._gate.called.emit(QGuiApplication.sync)
        self.see(lambda: None)

    def see(self, look: Callable[[], T]) -> T:
        """The result of ``look``, called on the GUI thread."""
        box: queue.SimpleQueue[tuple[bool, object]] = queue.SimpleQueue()

        def call() -> None:
            try:
                box.put((True, look()))
            except BaseException as error:
                box.put((False, error))

        self._gate.called.emit(call)
        good, value = box.get(timeout=patient(PATIENCE_SECONDS))
        if not good:
            assert isinstance(value, BaseException)
            raise value
        return value  # type: ignore[return-value]

    def until(self, what: str, condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        deadline = time.monotonic() + patient(seconds)
        while not self.see(condition):
            assert time.monotonic() < deadline, f"waited {seconds} s in vain until {what}"
            time.sleep(0.05)

    def widget(self, kind: type[W], name: str) -> W:
        found = [item for item in self.desktop.window.findChildren(kind, name) if item.isVisible()]
        assert found, f"there is no visible {kind.__name__} called {name}"
        return found[0]

    def where(self, kind: type[W], name: str) -> Point:
        """The middle of a widget on the screen; it is scrolled into view first."""

        def look() -> Point:
            widget = self.widget(kind, name)
            _scroll_to(widget)
            return _middle(widget, widget.rect())

        return self.see(look)

    def click(self, kind: type[W], name: str) -> None:
        self.until(f"{name} is there", lambda: self._shown(kind, name))
        self.hands.click(self.where(kind, name))
        time.sleep(0.1)

    def write(self, kind: type[W], name: str, text: str) -> None:
        """Replace the text of a field and confirm it."""
        self.click(kind, name)
        self.hands.key("ctrl+a")
        self.hands.type(text)
        self.hands.key("Return")
        time.sleep(0.1)

    @property
    def canvas(self) -> GraphView:
        return self.desktop.window.build.canvas

    def palette_row(self, class_name: str) -> Point:
        """Where a layer stands in the palette, scrolled into view."""

        def look() -> Point:
            (palette,) = self.desktop.window.findChildren(Palette)
            view: QAbstractItemView = palette.view
            model = view.model()
            for row in range(model.rowCount()):
                spec = palette._model.row(row).spec
                if spec is not None and spec.class_name == class_name:
                    index = model.index(row, 0)
                    view.scrollTo(index)
                    return _middle(view.viewport(), view.visualRect(index))
            raise AssertionError(f"{class_name} is not on the palette")

        return self.see(look)

    def on_canvas(self, x: int, y: int) -> Point:
        """A place of the canvas, in pixels from its top left corner."""
        return self.see(lambda: _point(self.canvas.viewport(), QPoint(x, y)))

    def port(self, call: str, *, output: bool, index: int = 0) -> Point:
        def look() -> Point:
            box = self.canvas.scene().boxes[call]  # type: ignore[attr-defined]
            place: QPointF = (box.output_places() if output else box.input_places())[index][1]
            return _point(self.canvas.viewport(), self.canvas.mapFromScene(place))

        return self.see(look)

    def box(self, call: str) -> Point:
        """The middle of a box."""

        def look() -> Point:
            rect = self.canvas.scene().boxes[call].sceneBoundingRect()  # type: ignore[attr-defined]
            return _point(self.canvas.viewport(), self.canvas.mapFromScene(rect.center()))

        return self.see(look)

    def calls(self) -> list[str]:
        return self.see(lambda: list(self.desktop.session.document.graph.calls))

    def picture(self, path: Path) -> None:
        self.see(lambda: self.desktop.window.grab().save(str(path)))

    def _shown(self, kind: type[W], name: str) -> bool:
        return any(item.isVisible() for item in self.desktop.window.findChildren(kind, name))


def _scroll_to(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if hasattr(parent, "ensureWidgetVisible"):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()


def _middle(widget: QWidget, rect: QRect) -> Point:
    return _point(widget, rect.center())


def _point(widget: QWidget, local: QPoint) -> Point:
    place = widget.mapToGlobal(local)
    return place.x(), place.y()


def perform(script: Callable[[Stage], None], display: str, folder: Path, size: tuple[int, int] = (1400, 860)) -> None:
    """Run the application and the script beside it; raises what the script raises, with a picture of that moment."""
    faulthandler.enable()
    application: QApplication = make_application()
    collector = Collector()  # as the program does: in the player's thread Python would take Qt's objects away
    answers = Answers()
    desktop = compose(application, answers, SettingsStore(folder / "settings"))
    stage = Stage(desktop, display, answers)
    failures: list[BaseException] = []

    def play() -> None:
        try:
            script(stage)
        except BaseException as error:
            traceback.print_exc()
            failures.append(error)
            stage.picture(folder / "failure.png")
        finally:
            stage.see(application.quit)

    desktop.window.resize(*size)
    desktop.window.move(10, 10)
    desktop.window.show()
    desktop.window.activateWindow()
    start_engine(desktop.session)
    player = threading.Thread(target=play, name="player")
    QTimer.singleShot(300, player.start)
    application.exec()
    player.join(10)
    run = desktop.session.training.run
    if run is not None and run.active:
        run.kill()
    desktop.close()
    collector.stop()
    if failures:
        raise failures[0]
