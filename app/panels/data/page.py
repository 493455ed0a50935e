"""The middle of Data: the columns and the first samples of a file, or the place to drop one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.panels.data.columns import ColumnsModel, ColumnsTable
from app.panels.data.preview import PreviewStrip
from app.panels.widgets.banner import Banner
from app.panels.widgets.fields import button, column, hint, repolish
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr


class DropPlace(QFrame):
    """What there is before a file is chosen."""

    choose_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_drop")
        self.setProperty("part", "drop")
        title = PlainLabel(tr("Drop a data file here"))
        title.setProperty("part", "big")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.kinds = hint("")  # of files that can be read
        self.kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = button(tr("Choose a file…"), "choose_data_here", "primary")
        choose.clicked.connect(self.choose_requested)
        more = hint(
            tr(
                "Every array or column of the file can feed an input of the model or be the truth of an output."
                " The file stays where it is; the project remembers its place."
            )
        )
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        more.setFixedWidth(400)
        middle = QHBoxLayout()
        below = QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setSpacing(12)
        rows.addStretch(1)
        rows.addWidget(title)
        rows.addWidget(self.kinds)
        rows.addLayout(middle)
        middle.addStretch(1)
        middle.addWidget(choose)
        middle.addStretch(1)
        rows.addLayout(below)
        below.addStretch(1)
        below.addWidget(more)
        below.addStretch(1)
        rows.addStretch(1)

    def set_over(self, over: bool) -> None:
        self.setProperty("over", over)
        repolish(self)


class DataPage(QWidget):
    """`show_empty`, `show_columns`; the banner stands above both. Files can be dropped anywhere on it."""

    file_dropped = Signal(str)
    choose_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.banner = Banner("data_banner")
        self.drop = DropPlace()
        self.model = ColumnsModel(self)
        self.table = ColumnsTable(self.model)
        self.preview = PreviewStrip()
        self.preview_note = hint("", "preview_note")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.drop)
        self._stack.addWidget(self._cards())
        rows = column(self, (14, 14, 14, 14), 12)
        rows.addWidget(self.banner)
        rows.addWidget(self._stack, 1)
        self.drop.choose_requested.connect(self.choose_requested)

    def show_empty(self) -> None:
        self._stack.setCurrentIndex(0)

    def show_columns(self) -> None:
        self._stack.setCurrentIndex(1)

    def share_height(self) -> None:
        """The table gets what its rows need, at most the half; the samples get the rest."""
        rows = self.model.rowCount()
        table = min(30 * rows + 90, self._splitter.height() // 2)
        self._splitter.setSizes([table, max(1, self._splitter.height() - table)])

    def _cards(self) -> QWidget:
        splitter = self._splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setObjectName("data_splitter")
        splitter.setHandleWidth(12)
        splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        splitter.addWidget(_card(tr("Columns"), self.table))
        splitter.addWidget(_card(tr("First samples"), self.preview, self.preview_note))
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        return splitter

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()
            self.drop.set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drop.set_over(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop.set_over(False)
        event.acceptProposedAction()
        self.file_dropped.emit(event.mimeData().urls()[0].toLocalFile())


def _card(title: str, *widgets: QWidget) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    rows = QVBoxLayout(card)
    rows.setContentsMargins(14, 10, 14, 10)
    rows.setSpacing(6)
    label = PlainLabel(title)
    label.setProperty("role", "strong")
    rows.addWidget(label)
    for number, widget in enumerate(widgets):
        rows.addWidget(widget, 1 if number == 0 else 0)
    return card
