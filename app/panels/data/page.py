"""The middle of Data: what there is to see of a file, or the place to drop one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.augmentation.page import AugmentationPage
from app.panels.data.known.page import KnownSetsPage
from app.panels.data.looking.view import Looking
from app.panels.data.sources.reading_bar import ReadingBar
from app.panels.widgets.banner import Banner
from app.panels.widgets.fields import button, column, hint
from app.project.choosers import Chooser
from app.project.session import Session
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import repolish
from resources.text import tr


class DropPlace(QFrame):
    """What there is before data is chosen."""

    file_requested = Signal()
    folder_requested = Signal()
    known_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_drop")
        self.setProperty("part", "drop")
        title = PlainLabel(tr("Drop a file or a folder here"))
        title.setProperty("part", "big")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kinds = hint("")  # of data that can be read
        self.kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kinds.setFixedWidth(520)
        choose = button(tr("Choose a file…"), "choose_data_here", "primary")
        folder = button(tr("Choose a folder…"), "choose_folder_here")
        choose.clicked.connect(self.file_requested)
        known = button(tr("Known sets…"), "known_sets_here")
        folder.clicked.connect(self.folder_requested)
        known.clicked.connect(self.known_requested)
        more = hint(
            tr(
                "Every array or column of the file can feed an input of the model or be the truth of an output."
                " The file stays where it is; the project remembers its place."
            )
        )
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        more.setFixedWidth(400)
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.addStretch(1)
        rows.addWidget(title)
        for widgets in ((self.kinds,), (choose, folder, known), (more,)):
            line = QHBoxLayout()
            rows.addLayout(line)
            line.addStretch(1)
            for widget in widgets:
                line.addWidget(widget)
            line.addStretch(1)
        rows.addStretch(1)

    def set_over(self, over: bool) -> None:
        self.setProperty("over", over)
        repolish(self)


class DataPage(QWidget):
    """`show_empty`, `show_data`; the banner stands above both. `show_known` puts a list of sets over either."""

    file_requested = Signal()
    folder_requested = Signal()

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        context: EditorContext,
        chooser: Chooser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.banner = Banner("data_banner")
        self.reading = ReadingBar("data_reading")
        self.banner.add_below(self.reading)
        self.drop = DropPlace()
        self.looking = Looking(session.engine, look)
        self.augmentation = AugmentationPage(session, look, context)
        self.looking.add_augmentation(self.augmentation)
        self.known = KnownSetsPage(session.known_sets, chooser)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.drop)
        self._stack.addWidget(self.looking)
        self._stack.addWidget(self.known)
        self._below: QWidget = self.drop
        rows = column(self, (14, 14, 14, 14), 12)
        rows.addWidget(self.banner)
        rows.addWidget(self._stack, 1)
        self.drop.file_requested.connect(self.file_requested)
        self.drop.folder_requested.connect(self.folder_requested)
        self.drop.known_requested.connect(self.show_known)
        self.known.left.connect(self.leave_known)

    @property
    def is_empty(self) -> bool:
        return self._below is self.drop

    @property
    def shows_known(self) -> bool:
        return self._stack.currentWidget() is self.known

    def show_empty(self) -> None:
        self._show(self.drop)

    def show_data(self) -> None:
        self._show(self.looking)

    def show_known(self) -> None:
        self._stack.setCurrentWidget(self.known)
        self.known.back.setFocus()

    def leave_known(self) -> None:
        if self.shows_known:
            self._stack.setCurrentWidget(self._below)

    def _show(self, page: QWidget) -> None:
        self._below = page
        if not self.shows_known:
            self._stack.setCurrentWidget(page)
