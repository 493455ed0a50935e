"""Pictures side by side, as many as there are: only those in sight are read."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.looking.fetching import Fetching
from app.panels.data.looking.painting import paint_sample
from app.panels.data.looking.samples_model import cell_text
from app.panels.data.parts.pictures import PictureCache
from app.panels.data.parts.words import sample_text
from app.panels.plots.formats import count_text
from app.project.data_look.rows import DataRows
from graph_editor.words.spoken import set_spoken_description
from resources.plain import shown_name
from resources.text import tr

SMALLEST, LARGEST, USUAL = 40, 208, 72
_CAPTION, _GAP = 18, 10
_ZOOM_STEP = 16


class Gallery(QAbstractScrollArea):
    """`opened` carries the number of a sample that a person wants to see large."""

    opened = Signal(int)
    zoomed = Signal(int)

    def __init__(self, rows: DataRows, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_gallery")
        self.setProperty("part", "pictures")
        self.setAccessibleName(tr("Gallery"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._rows = rows
        self._pictures = PictureCache()
        self._column, self._label, self._samples = "", "", 0
        self.edge = USUAL
        self.current = 0
        self._fetching = Fetching(self, self._fetch)
        rows.arrived.connect(self._on_arrived)
        self.verticalScrollBar().valueChanged.connect(self._fetching.soon)
        look.follow(self._on_theme)

    def show_column(self, column: str, label: str, samples: int) -> None:
        """The pictures of `column`, each with what it is called in the column `label`."""
        if (column, label, samples) == (self._column, self._label, self._samples):
            return
        self._column, self._label, self._samples = column, label, samples
        self.current = 0
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def zoom(self, edge: int) -> None:
        """Make pictures `edge` pixels long; the first one in sight stays there."""
        edge = max(SMALLEST, min(LARGEST, edge))
        if edge == self.edge:
            return
        first = self._first_in_sight()
        self.edge = edge
        self._arrange()
        self.verticalScrollBar().setValue(first // self._across * self._row_height)
        self.zoomed.emit(edge)

    def go_to(self, row: int) -> None:
        """Make a sample the current one and bring it into sight."""
        self.current = max(0, min(row, self._samples - 1))
        top = self.current // self._across * self._row_height
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if top < bar.value():
            bar.setValue(top)
        elif top + self._row_height > bar.value() + height:
            bar.setValue(top + self._row_height - height)
        self._say_current()
        self.viewport().update()

    @property
    def _across(self) -> int:
        return max(1, (self.viewport().width() - _GAP) // (self.edge + _GAP))

    @property
    def _row_height(self) -> int:
        return self.edge + _CAPTION + _GAP

    def _first_in_sight(self) -> int:
        return self.verticalScrollBar().value() // self._row_height * self._across

    def _arrange(self) -> None:
        lines = -(-self._samples // self._across)
        bar = self.verticalScrollBar()
        most = 2**31 - 1
        bar.setRange(0, max(0, min(most, lines * self._row_height + _GAP) - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._row_height // 2)
        self._fetching.soon()
        self.viewport().update()

    def _in_sight(self) -> tuple[int, int]:
        first = self._first_in_sight()
        lines = self.viewport().height() // self._row_height + 2
        return first, min(self._samples - 1, first + lines * self._across)

    def _fetch(self) -> None:
        first, last = self._in_sight()
        if self._column and self.isVisible() and last >= first:
            names = [self._column, self._label] if self._label else [self._column]
            self._rows.want(names, first, last)

    def _place(self, row: int) -> QRect:
        line, across = divmod(row, self._across)
        top = line * self._row_height + _GAP // 2 - self.verticalScrollBar().value()
        return QRect(_GAP + across * (self.edge + _GAP), top, self.edge, self.edge)

    def _at(self, point: QPoint) -> int | None:
        first, last = self._in_sight()
        captioned = {row: self._place(row).adjusted(0, 0, 0, _CAPTION) for row in range(first, last + 1)}
        return next((row for row, area in captioned.items() if area.contains(point)), None)

    def label_of(self, row: int) -> str:
        return cell_text(self._rows.cell(self._label, row)) if self._label else ""

    def _say_current(self) -> None:
        number = sample_text(self.current, self._samples)
        set_spoken_description(self, " · ".join(filter(None, (number, self.label_of(self.current)))))

    # what Qt tells

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.viewport().update()

    def _on_arrived(self) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(ui_font(11))
        first, last = self._in_sight()
        for row in range(first, last + 1):
            self._paint_sample(painter, row)

    def _paint_sample(self, painter: QPainter, row: int) -> None:
        area = self._place(row)
        marked = row == self.current and self.hasFocus()
        paint_sample(painter, area, self._rows.cell(self._column, row), self._pictures, self._theme, marked=marked)
        painter.setPen(QColor(self._theme.color("dim")))
        caption = QRect(area.left() - 3, area.bottom() + 2, area.width() + 6, _CAPTION - 2)
        text = shown_name(self.label_of(row)) or count_text(row + 1)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, caption.width())
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fetching.soon()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().toPoint())
        if row is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(row)
            self.opened.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(self.edge + (_ZOOM_STEP if event.angleDelta().y() > 0 else -_ZOOM_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, self.viewport().height() // self._row_height) * self._across
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._across,
            Qt.Key.Key_Down: self._across,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -self._samples,
            Qt.Key.Key_End: self._samples,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.go_to(self.current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._samples:
            self.opened.emit(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.zoom(self.edge + (-_ZOOM_STEP if key == Qt.Key.Key_Minus else _ZOOM_STEP))
        else:
            super().keyPressEvent(event)
