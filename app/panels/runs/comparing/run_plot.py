"""What the plots of many runs have in common: a ground that is drawn once, and the run under the mouse over it.

Ten thousand lines take a second: the ground is drawn in slices of time, and shows when it is whole, or while it grows
if there was none before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme, mix
from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.facts import RunFacts
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name

_PAD = 8.0
_SLICE = 0.02  # seconds of drawing at once
Stroke = Callable[[QPainter], None]


class RunPlot(QWidget):
    """`pointed` carries the run under the mouse or cursor, None when there is none; `chosen` one that was clicked.

    Arrow keys walk through the runs, Enter chooses, Escape lets go.
    """

    pointed = Signal(object)  # Path | None
    chosen = Signal(object)  # Path

    def __init__(self, look: ThemeSource, name: str, spoken: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, spoken)
        self._spoken = spoken
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 180))
        self.runs: Sequence[RunFacts] = ()
        self.under: int | None = None  # the place of the run under the mouse
        self.marked: Path | None = None
        self._ground: QPixmap | None = None  # what shows
        self._growing: QPixmap | None = None  # what is being drawn
        self._strokes: Iterator[Stroke] = iter(())
        self._stale = False  # whether what is being drawn is not what there is to draw any more
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw_on)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.touch()

    def touch(self) -> None:
        """Draw everything anew, as soon as what is being drawn is whole."""
        self._stale = True
        if self.isVisible() and self._growing is None:
            self._begin()
        self.update()

    def mark(self, folder: Path | None) -> None:
        """Show a run as the one that was chosen."""
        self.marked = folder
        self.touch()

    def words_of(self, run: int) -> str:
        """What is said of the run under the mouse."""
        return f"{self.runs[run].title} · {shown_name(self.runs[run].name)}"

    # what each plot is

    def strokes(self) -> Iterator[Stroke]:
        """What draws the ground, in pieces of less than a millisecond."""
        raise NotImplementedError

    def draw_run(self, painter: QPainter, run: int, color: QColor) -> None:
        """Draw one run over the others."""
        raise NotImplementedError

    def nearest(self, place: QPointF) -> int | None:
        """Return the run at a place of the widget."""
        raise NotImplementedError

    def anchor(self, run: int) -> QPointF:
        """Return where the words about a run stand when the mouse is elsewhere."""
        raise NotImplementedError

    # drawing

    def color(self, token: str, share: float = 1.0) -> QColor:
        """The colour of a token, mixed into the ground."""
        return QColor(mix(self.theme.color("panel"), self.theme.color(token), share))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._stale and self._growing is None:
            self._begin()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        ground = self._ground or self._growing
        if ground is not None:
            painter.drawPixmap(0, 0, ground)
        marked = self.place_of(self.marked)
        if marked is not None:
            self.draw_run(painter, marked, self.color("accent"))
        if self.under is not None and self.under < len(self.runs):
            self.draw_run(painter, self.under, self.color("text"))
            self._draw_words(painter, self.under)
        if self.hasFocus():
            painter.setPen(self.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def place_of(self, folder: Path | None) -> int | None:
        return next((place for place, run in enumerate(self.runs) if run.folder == folder), None)

    def _begin(self) -> None:
        """Draw the ground as far as one slice of time allows; the rest follows."""
        ratio = self.devicePixelRatioF()
        self._growing = QPixmap(self.size() * ratio)
        self._growing.setDevicePixelRatio(ratio)
        self._growing.fill(QColor(self.theme.color("panel")))
        if self._ground is not None and self._ground.size() != self._growing.size():
            self._ground = None
        self._strokes = self.strokes() if self.runs else iter(())
        self._stale = False
        self._draw_on()

    def _draw_on(self) -> None:
        if self._growing is None:
            self._timer.stop()
            return
        until = time.perf_counter() + _SLICE
        painter = QPainter(self._growing)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        whole = True
        for stroke in self._strokes:
            stroke(painter)
            if time.perf_counter() > until:
                whole = False
                break
        painter.end()
        if not whole:
            self._timer.start()
        else:
            self._timer.stop()
            self._ground, self._growing = self._growing, None
            if self._stale:
                self._begin()
        if whole or self._ground is None:
            self.update()

    @property
    def drawing(self) -> bool:
        """Whether the ground is not whole yet."""
        return self._growing is not None or self._stale

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._growing, self._stale = None, True

    def _draw_words(self, painter: QPainter, run: int) -> None:
        painter.setFont(ui_font(12))
        text = painter.fontMetrics().elidedText(
            self.words_of(run), Qt.TextElideMode.ElideMiddle, max(60, self.width() - 40)
        )
        box = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-_PAD, -5, _PAD, 5)
        at = self.anchor(run)
        box.moveBottomLeft(QPointF(at.x() + 12, at.y() - 10))
        box.moveLeft(max(4.0, min(box.left(), self.width() - box.width() - 4)))
        box.moveTop(max(4.0, box.top()))
        painter.setPen(self.color("line"))
        painter.setBrush(self.color("raised"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(self.color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    # mouse and keys

    def point_at(self, run: int | None) -> None:
        if run == self.under:
            return
        self.under = run
        set_spoken_name(self, self._spoken if run is None else f"{self._spoken}: {self.words_of(run)}")
        self.setCursor(Qt.CursorShape.ArrowCursor if run is None else Qt.CursorShape.PointingHandCursor)
        self.update()
        self.pointed.emit(None if run is None else self.runs[run].folder)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(self.nearest(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        run = self.nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and run is not None:
            self.chosen.emit(self.runs[run].folder)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = event.key(), len(self.runs)
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if key in steps and count:
            start = self.under if self.under is not None else (-1 if steps[Qt.Key(key)] > 0 else count)
            self.point_at((start + steps[Qt.Key(key)]) % count)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.under is not None:
            self.chosen.emit(self.runs[self.under].folder)
        elif key == Qt.Key.Key_Escape and self.under is not None:
            self.point_at(None)
        else:
            event.ignore()
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._growing = None  # it has another size
        self.touch()
