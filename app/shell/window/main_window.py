"""The window: header, workspaces, status bar. What they do lies in the parts; this is where they sit."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.commands.command import CommandMenu, Group
from app.engine.run_controller import RunController
from app.look.icons import icon
from app.look.theme_source import ThemeSource
from app.panels.data.sources.offer_card import OfferCard
from app.project.choosers import Chooser
from app.project.data_sources.offers import Offer, TakesData, Way, first_columns
from app.project.session import Notice, Session
from app.shell.window.engine_trouble import EngineTrouble
from app.shell.window.file_drops import FileDrops
from app.shell.window.focus_in_view import FocusInView
from app.shell.window.header import Header, project_title
from app.shell.window.notice import NoticeBar
from app.shell.window.status_bar import StatusBar
from app.system.settings import SettingsStore
from app.workspaces.listing import all_workspaces
from app.workspaces.parts.build_page import BuildWorkspace
from graph_editor.background.background import Background
from graph_editor.words.literal import window_title
from resources.text import Text, tr

if TYPE_CHECKING:
    from graph_editor.view.graph_view import GraphView

DEFAULT_SIZE = (1440, 900)
SMALLEST = (900, 560)
_FRAME = QSize(16, 40)  # what a window manager puts around a window, about, until it says what it does
_FRAME_KNOWN_MS = 250  # after the first picture


class MainWindow(QMainWindow):
    """`close_requested` decides whether the window may close; `make_groups` makes the menus for this window."""

    painted = Signal()  # the first frame is on the screen
    closed = Signal()

    def __init__(
        self,
        session: Session,
        store: SettingsStore,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        make_groups: Callable[[MainWindow], Sequence[Group]],
        close_requested: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.session = session
        self.look = look
        self.workspace = "build"
        self._store = store
        self._chooser = chooser
        self._background = background
        self._close_requested = close_requested
        self._was_painted = False
        self._first_size = QSize()
        self._frame_known = QTimer(self)
        self._frame_known.setSingleShot(True)
        self._frame_known.setInterval(_FRAME_KNOWN_MS)
        self._frame_known.timeout.connect(self.fit_with_frame)
        self._alt_pressed = False
        self.setObjectName("main_window")
        self.setWindowIcon(icon("lamella", look.theme.color("text"), 64))
        self.setMinimumSize(within(QSize(*SMALLEST), self.screen().availableSize()))
        self._workspaces = {workspace.key: workspace for workspace in all_workspaces()}
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._stack.setObjectName("workspace")
        self._stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # by Alt+2, say; Tab goes to what can be used
        self.build = self._build_page()
        self.commands = CommandMenu(self, make_groups(self))
        self.header = Header(session, look, self._workspaces.values(), self.commands.menu)
        self.status = StatusBar(session, look)
        self._arrange()
        self.notices = NoticeBar(self, look)
        self.drops = FileDrops(self, look)
        self.offer = OfferCard(self)
        self.trouble = EngineTrouble(session, look, self._stack, self.open_console)
        FocusInView(self)
        self._connect()
        self._restore()
        self.show_workspace("build")
        self._on_title_changed()
        self.canvas.setFocus()

    @property
    def canvas(self) -> GraphView:
        return self.build.canvas

    def page(self, key: str) -> QWidget:
        """The workspace's widget; all but Build are made when first wanted, to keep the start short."""
        if key not in self._pages:
            page = self._workspaces[key].make(self.session, self.look, self._chooser, self._background)
            page.setObjectName(f"{key}_workspace")
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    def _build_page(self) -> BuildWorkspace:
        page = self.page("build")
        assert isinstance(page, BuildWorkspace)
        return page

    def show_workspace(self, key: str) -> None:
        self.workspace = key
        self._stack.setCurrentWidget(self.page(key))
        if not self.header.isAncestorOf(QApplication.focusWidget() or self):
            (self.canvas if key == "build" else self._stack).setFocus()  # not its first button, as if that were chosen
        self.header.show_workspace(self._workspaces[key])
        self.commands.refresh()

    def go_to_workspace(self, key: str) -> None:
        """Show it by key: the keyboard goes to its first control, so that one need not look for it with Tab."""
        self.show_workspace(key)
        if key == "build":
            self.canvas.setFocus()
            return
        page = self.page(key)
        here: QWidget | None = page.nextInFocusChain()
        while here is not None and here is not page:
            tabbed = here.focusPolicy() & Qt.FocusPolicy.TabFocus
            if tabbed and page.isAncestorOf(here) and here.isVisibleTo(page) and here.isEnabled():
                here.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
            here = here.nextInFocusChain()

    def go_to_canvas(self) -> GraphView:
        """Show the canvas, give it the keyboard, and return it."""
        self.go_to_workspace("build")
        return self.canvas

    def show_problems(self) -> None:
        self.show_workspace("build")
        self.build.toggle_drawer(self.build.problems)
        self.commands.refresh()

    def show_console(self) -> None:
        self.show_workspace("build")
        self.build.toggle_drawer(self.build.console)
        self.commands.refresh()

    def open_console(self) -> None:
        """Show what Keras prints, and leave it open when it is seen already."""
        self.show_workspace("build")
        self.build.show_drawer(self.build.console)
        self.commands.refresh()

    def toggle_outline(self) -> None:
        """Show the outline in place of the palette, or the palette again."""
        self.show_workspace("build")
        side = self.build.side
        side.setCurrentWidget(
            self.build.palette_panel if side.currentWidget() is self.build.outline else self.build.outline
        )
        self.commands.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self._frame_known.start()
            self.painted.emit()

    def fit_with_frame(self) -> None:
        """Make room for the frame that the window manager has put around it, unless somebody has sized it since."""
        if self.size() != self._first_size or self.isMaximized() or self.isFullScreen():
            return
        inner, outer = self.geometry(), self.frameGeometry()
        fitting = inside(inner, outer, self.screen().availableGeometry())
        if fitting != inner:
            self.setGeometry(fitting)
        self._first_size = self.size()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._close_requested():
            event.ignore()
            return
        self.remember()
        event.accept()
        self.closed.emit()

    def discard(self) -> None:
        """Go away without a question, because another window has taken over."""
        self._close_requested = lambda: True
        self.hide()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        """Alt alone opens the menu: pressed and released with no other key between, whoever has the keyboard."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            self._alt_pressed = event.key() == Qt.Key.Key_Alt
        elif event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Alt and self._alt_pressed:
                self.header.open_menu()
            self._alt_pressed = False
        return super().event(event)

    def _on_alt_used(self) -> None:
        """It was held for the mouse."""
        self._alt_pressed = False

    def changeEvent(self, event: QEvent) -> None:
        self._alt_pressed = False
        super().changeEvent(event)

    def remember(self) -> None:
        """Keep size and arrangement for the next time."""
        values = self._store.values
        values.geometry = base64.b64encode(self.saveGeometry().data()).decode()
        values.build_sizes = self.build.sizes() or values.build_sizes
        values.drawer_open = not self.build.drawer.isHidden()
        self._store.save()

    def _arrange(self) -> None:
        body = QWidget()
        body.setObjectName("body")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.status)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        self.canvas.pressed_with_alt.connect(self._on_alt_used)
        session = self.session
        self.header.workspace_chosen.connect(self.show_workspace)
        self.header.train_pressed.connect(self.start_training)
        self.status.problems_pressed.connect(self.show_problems)
        self.status.engine_pressed.connect(self.show_console)
        QShortcut(QKeySequence("F10"), self).activated.connect(self.header.open_menu)
        self.status.restart_pressed.connect(session.engine.start)
        self.drops.data_dropped.connect(session.offers.look_at)
        session.offers.offered.connect(self._on_offered)
        session.offers.refused.connect(self._on_offer_refused)
        session.offers.later.connect(self._on_offer_later)
        self.offer.taken.connect(self._on_offer_taken)
        self.offer.dropped.connect(session.offers.drop)
        session.document_replaced.connect(self.offer.withdraw)
        session.offers.progressed.connect(self.offer.reading.show_progress)
        session.navigation.workspace_requested.connect(self.show_workspace)
        session.navigation.reveal_requested.connect(self._on_reveal)
        session.navigation.graph_requested.connect(self._on_reveal)
        session.notice_raised.connect(self._on_notice)
        session.title_changed.connect(self._on_title_changed)
        session.history_changed.connect(self._on_state_changed)
        session.navigation.selection_changed.connect(self._on_state_changed)
        session.navigation.graph_changed.connect(self._on_state_changed)
        session.training.started.connect(self._on_run_started)
        session.runs.changed.connect(self._on_state_changed)

    def start_training(self) -> None:
        """Take over what is still being typed, and start a run."""
        self.build.inspector.commit()
        self.page("train")  # exists before the run does, so that it sees all of it
        if self.session.training.start() is not None and self.status.isAncestorOf(QApplication.focusWidget() or self):
            self._stack.setFocus()  # the button is gone, and Qt has gone on to the next one, far from it

    def _restore(self) -> None:
        values = self._store.values
        self.resize(within(QSize(*DEFAULT_SIZE), self.screen().availableSize()))
        if values.geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(values.geometry)))
        self._first_size = self.size()
        self.build.set_sizes(values.build_sizes)
        if values.drawer_open:
            self.build.show_drawer(self.build.problems)

    def _on_title_changed(self) -> None:
        self.setWindowTitle(f"{window_title(project_title(self.session))} — Lamella")

    def _on_run_started(self, _run: RunController) -> None:
        self.show_workspace("train")

    def _on_reveal(self, _place: str) -> None:
        self.show_workspace("build")

    def _on_notice(self, notice: Notice) -> None:
        self.notices.show_notice(notice)

    def _on_offered(self, offer: Offer) -> None:
        self.offer.show_offer(offer, first_columns(self.session.document.data, self.session.data.columns))

    def _on_offer_refused(self, text: Text) -> None:
        self.session.notify(str(text), "error")

    def _on_offer_later(self) -> None:
        self.session.notify(tr("The data is read as soon as the engine is ready…"))

    def _on_offer_taken(self, offer: Offer, way: Way, join: Mapping[str, object] | None) -> None:
        """Where it can be seen."""
        reading = self.session.offers.hand_over()
        self.show_workspace("data")
        page = self.page("data")
        if isinstance(page, TakesData):
            page.take(offer, way, join)
        self.session.data.take_over(reading)  # it is not read from its beginning again

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drops.enter(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drops.leave()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drops.drop(event)

    def _on_state_changed(self, _what: object = None) -> None:
        self.commands.refresh()


def within(size: QSize, available: QSize) -> QSize:
    """`size`, or as much of it as a screen has room for, with a frame around it."""
    return size.boundedTo(available - _FRAME)


def inside(inner: QRect, outer: QRect, available: QRect) -> QRect:
    """Return where a window goes so that all of it is on the screen: `inner` without, `outer` with its frame.

    One that fits stays where it is; it is moved before it is made smaller.
    """
    frame = outer.size() - inner.size()
    offset = inner.topLeft() - outer.topLeft()
    size = inner.size().boundedTo(available.size() - frame)
    whole = QRect(outer.topLeft(), size + frame)
    left = max(available.left(), min(whole.left(), available.left() + available.width() - whole.width()))
    top = max(available.top(), min(whole.top(), available.top() + available.height() - whole.height()))
    return QRect(QPoint(left, top) + offset, size)
