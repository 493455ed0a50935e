"""A list of samples with what the model says of them; more are asked for as they come into sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.look.fonts import ui_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.evaluate.drawing.figure_look import FigureLook
from app.panels.evaluate.figures import samples as painter_of_samples
from graph_editor.words.spoken import set_spoken_description
from graph_editor.words.tooltips import show_tooltip
from resources.text import tr
from runtime.messages.views import Samples, SampleView

_PAD = 8
_AHEAD = 2  # lines below what is seen that are asked for


class SampleList(QAbstractScrollArea):
    """`more_wanted` is told with the number of samples that are there, `marked_changed` when another one is marked.

    `inside_wanted` and `try_wanted` are about the marked one; `menu_wanted` carries a point of the screen.
    """

    more_wanted = Signal(int)
    marked_changed = Signal()
    inside_wanted = Signal()
    try_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_samples")
        self.setProperty("part", "pictures")
        self.setAccessibleName(tr("Samples"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.samples: list[SampleView] = []
        self.total = 0
        self.current = -1
        self.empty_text = ""
        self._score = ""  # what the list is ordered by
        self._look = FigureLook(look.theme)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        look.follow(self._on_theme)

    def clear(self, text: str) -> None:
        """Show this sentence and no sample."""
        self.samples, self.total, self.current, self.empty_text = [], 0, -1, text
        set_spoken_description(self, text)
        self.marked_changed.emit()
        self.verticalScrollBar().setValue(0)
        self._arrange()

    def show_samples(self, answer: Samples, first: int) -> None:
        """The samples from number `first` of the list on."""
        self.samples = [*self.samples[:first], *answer.samples]
        self.total = answer.total if answer.samples else len(self.samples)
        self._score = painter_of_samples.score_title(answer)
        if first == 0:
            self.current = 0 if self.samples else -1
            self.verticalScrollBar().setValue(0)
            self._tell()
            self.marked_changed.emit()
        self._arrange()

    @property
    def marked(self) -> SampleView | None:
        return self.samples[self.current] if 0 <= self.current < len(self.samples) else None

    def go_to(self, number: int) -> None:
        """Mark a sample and bring it into sight."""
        if not self.samples:
            return
        self.current = max(0, min(number, len(self.samples) - 1))
        area, bar = self._place(self.current), self.verticalScrollBar()
        if area.top() < 0:
            bar.setValue(int(bar.value() + area.top()))
        elif area.bottom() > self.viewport().height():
            bar.setValue(int(bar.value() + area.bottom() - self.viewport().height()))
        self._tell()
        self.marked_changed.emit()
        self.viewport().update()

    def _tell(self) -> None:
        sample = self.marked
        if sample is not None:
            set_spoken_description(self, painter_of_samples.sample_text(sample))

    @property
    def _width(self) -> float:
        return float(max(1, self.viewport().width() - 2 * _PAD))

    @property
    def _across(self) -> int:
        return painter_of_samples.across(self.samples, self._width)

    def _place(self, number: int) -> QRectF:
        whole = QRectF(_PAD, _PAD - self.verticalScrollBar().value(), self._width, 0)
        return painter_of_samples.place(whole, number, self._across)

    def _arrange(self) -> None:
        lines = -(-len(self.samples) // self._across)
        tall = int(lines * painter_of_samples.TALL) + 2 * _PAD
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, tall - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(int(painter_of_samples.TALL / 2))
        self._on_scrolled()

    def _on_scrolled(self, _value: int = 0) -> None:
        bar = self.verticalScrollBar()
        near = bar.value() + bar.pageStep() * _AHEAD >= bar.maximum()
        if near and self.samples and len(self.samples) < self.total:
            self.more_wanted.emit(len(self.samples))
        self.viewport().update()

    def _at(self, point: QPointF) -> int | None:
        return next((n for n in self._in_sight() if self._place(n).contains(point)), None)

    def _in_sight(self) -> range:
        top = max(0.0, self.verticalScrollBar().value() - _PAD)
        first = int(top // painter_of_samples.TALL) * self._across
        lines = int(self.viewport().height() // painter_of_samples.TALL) + 2
        return range(first, min(len(self.samples), first + lines * self._across))

    # what Qt tells

    def _on_theme(self, theme: Theme) -> None:
        self._look = FigureLook(theme)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if not self.samples:
            painter.setFont(ui_font(13))
            painter.setPen(QColor(self._look.theme.color("dim")))
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.viewport().rect().adjusted(30, 20, -30, -20), flags, self.empty_text)
        for number in self._in_sight():
            marked = number == self.current
            area, sample = self._place(number), self.samples[number]
            painter_of_samples.paint_sample(painter, area, sample, self._look, marked, self._score)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._at(event.position()) is not None:
            self.inside_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the sample below the mouse; by key of the marked one."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            number = self._at(QPointF(event.pos()))
            if number is None:
                return
            self.go_to(number)
        elif self.marked is not None:
            place = self.viewport().mapToGlobal(self._place(self.current).center().toPoint())
        if self.marked is not None:
            self.menu_wanted.emit(place)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            number = self._at(event.position())
            text = painter_of_samples.sample_text(self.samples[number]) if number is not None else ""
            show_tooltip(event.globalPosition().toPoint(), text, self.viewport())
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page = max(1, int(self.viewport().height() // painter_of_samples.TALL)) * self._across
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._across,
            Qt.Key.Key_Down: self._across,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self.samples),
            Qt.Key.Key_End: len(self.samples),
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.go_to(self.current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.marked is not None:
            self.inside_wanted.emit()
        elif key == Qt.Key.Key_T and not event.modifiers() and self.marked is not None:
            self.try_wanted.emit()
        else:
            super().keyPressEvent(event)
