"""Views of tensors in panels: maps, bars, lines, heat maps and words, and a histogram."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.look.fonts import mono_font
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.inside.shown import short
from app.panels.plots.formats import count_text, value_text
from graph_editor.view.painting.inside_painter import Ink, heat_place, paint_map, paint_view
from graph_editor.view.painting.inside_values import HeatMap, InsideView, MapTiles, SmallMap, StepLines, ValueBars
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from graph_editor.words.tooltips import show_tooltip
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Bars

_GAP = 4
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Painted(QWidget):
    """Follows the theme; `ink` has its colours."""

    def __init__(self, name: str, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        look.follow(self._on_theme)

    def _on_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.ink = Ink.of(CanvasTheme.from_tokens(theme.colors), 11)
        self.update()

    def focus_ring(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.color("accent")), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class ViewPicture(Painted):
    """One view as high as it needs at its width; arrows go through the maps or bars, whose figures are said.

    Maps are `edge` long, or as long as makes `across` of them a row.
    """

    def __init__(
        self,
        name: str,
        title: str,
        look: ThemeSource,
        across: int = 4,
        height: int = 110,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, look, parent)
        self._view: InsideView | None = None
        self._across, self._height = across, height
        self._current = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def view(self) -> InsideView | None:
        return self._view

    def show_view(self, view: InsideView | None) -> None:
        self._view, self._current = view, -1
        set_spoken_description(self, self._told(-1))
        self.updateGeometry()
        self.setVisible(view is not None)
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        view = self._view
        if isinstance(view, MapTiles) and view.maps:
            edge_height = self._tile(width)[1]
            return round(-(-len(view.maps) // self._columns()) * (edge_height + _GAP))
        if isinstance(view, HeatMap):
            place = heat_place(QRectF(0, 0, width, width), view)
            return round(min(max(place.height(), 24), self._height * 2))
        return self._height

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def _columns(self) -> int:
        view = self._view
        return max(1, min(self._across, len(view.maps))) if isinstance(view, MapTiles) else 1

    def _tile(self, width: int) -> tuple[float, float]:
        """How large one map is shown."""
        view = self._view
        assert isinstance(view, MapTiles)
        columns = max(self._columns(), min(self._across, 2))
        wide = (width - _GAP * (columns - 1)) / columns
        return wide, wide * view.maps[0].height / max(view.maps[0].width, 1)

    def places(self) -> list[QRectF]:
        """Where each map or bar is."""
        view = self._view
        if isinstance(view, MapTiles) and view.maps:
            wide, high = self._tile(self.width())
            return [
                QRectF(number % self._columns() * (wide + _GAP), number // self._columns() * (high + _GAP), wide, high)
                for number in range(len(view.maps))
            ]
        if isinstance(view, ValueBars) and view.values:
            step = self.width() / len(view.values)
            return [QRectF(number * step, 0, step, self.height()) for number in range(len(view.values))]
        return []

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._view
        if isinstance(view, MapTiles):
            for place, small in zip(self.places(), view.maps, strict=False):
                paint_map(painter, place, small)
        elif view is not None:
            paint_view(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), view, self.ink)
        places = self.places()
        if self.hasFocus() and 0 <= self._current < len(places):
            painter.setPen(QPen(QColor(self.theme.color("accent")), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(places[self._current].adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            self.focus_ring(painter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = QPointF(event.pos())
            number = next((place for place, rect in enumerate(self.places()) if rect.contains(at)), -1)
            show_tooltip(event.globalPos(), self._told(number) if number >= 0 else self._told_at(at), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, count = STEPS.get(Qt.Key(event.key())), len(self.places())
        if step is None or not count:
            super().keyPressEvent(event)
            return
        self._current = (self._current + step) % count if self._current >= 0 else 0
        set_spoken_description(self, self._told(self._current))
        self.update()

    def _told(self, number: int) -> str:
        """What one map or bar is in words; -1: the whole."""
        view = self._view
        match view:
            case MapTiles(numbers=numbers, of=of):
                if 0 <= number < len(numbers):
                    return tr("channel {number} of {count}", number=numbers[number] + 1, count=count_text(of))
                return tr("{count} channels", count=count_text(of))
            case ValueBars(values=values, names=names):
                if 0 <= number < len(values):
                    name = names[number] if number < len(names) else str(number)
                    return f"{shown_name(name)}: {value_text(values[number])}"
                return tr("{count} values", count=count_text(view.of))
            case StepLines(lines=lines, of=of):
                return tr("{shown} of {count} features over time", shown=len(lines), count=count_text(of))
            case _:
                return ""

    def _told_at(self, at: QPointF) -> str:
        """The number of a cell of a heat map."""
        view = self._view
        if not isinstance(view, HeatMap):
            return ""
        place = heat_place(QRectF(self.rect()).adjusted(1, 1, -1, -1), view)
        if not place.contains(at):
            return ""
        row = min(int((at.y() - place.top()) / place.height() * len(view.values)), len(view.values) - 1)
        column = int((at.x() - place.left()) / place.width() * len(view.values[row]))
        if column >= len(view.values[row]):
            return ""
        row_name = view.rows[row] if row < len(view.rows) else str(row)
        column_name = view.columns[column] if column < len(view.columns) else str(column)
        return f"{row_name} → {column_name}: {value_text(view.values[row][column])}"


class Histogram(Painted):
    """How values are spread: bars over bins, with the lowest and the highest written below."""

    def __init__(self, name: str, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(name, title, look, parent)
        self._bars: Bars | None = None
        self.setFixedHeight(88)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Bars | None) -> None:
        self._bars = bars if bars is not None and bars.values else None
        self.setVisible(self._bars is not None)
        if self._bars is not None and self._bars.edges:
            ends = tr("from {low} to {high}", low=short(self._bars.edges[0]), high=short(self._bars.edges[-1]))
            set_spoken_description(self, ends)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        bars = self._bars
        if bars is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = mono_font(10)
        area = QRectF(1, 4, self.width() - 2, self.height() - 20)
        highest, step = max(bars.values) or 1.0, area.width() / len(bars.values)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.color("accent")))
        for number, value in enumerate(bars.values):
            if value > 0:
                height = max(area.height() * value / highest, 1.5)
                gap = min(1.0, step * 0.2)
                left = area.left() + number * step
                painter.drawRect(QRectF(left + gap / 2, area.bottom() - height, max(step - gap, 0.5), height))
        painter.setPen(QPen(QColor(self.theme.color("line")), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if bars.edges:
            painter.setFont(font)
            painter.setPen(QColor(self.theme.color("dim")))
            below = QRectF(area.left(), area.bottom() + 2, area.width(), 14)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, short(bars.edges[0]))
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, short(bars.edges[-1]))
        self.focus_ring(painter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tooltip(event.globalPos(), self._told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def _told_at(self, x: int) -> str:
        bars = self._bars
        if bars is None or len(bars.edges) != len(bars.values) + 1:
            return ""
        number = min(max(int((x - 1) * len(bars.values) / max(self.width() - 2, 1)), 0), len(bars.values) - 1)
        low, high = short(bars.edges[number]), short(bars.edges[number + 1])
        return tr("{low} to {high}: {count}", low=low, high=high, count=count_text(bars.values[number]))


class Overlay(Painted):
    """A picture with another one over it that can be seen through; `opacity` from 0 to 1."""

    def __init__(self, name: str, title: str, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(name, title, look, parent)
        self._below: SmallMap | None = None
        self._above: SmallMap | None = None
        self.opacity = 0.6
        self.setFixedHeight(180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_pictures(self, below: SmallMap | None, above: SmallMap | None) -> None:
        self._below, self._above = below, above
        self.setVisible(below is not None or above is not None)
        self.update()

    def set_opacity(self, opacity: float) -> None:
        self.opacity = opacity
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._below is not None:
            paint_picture(painter, area, self._below)
        if self._above is not None:
            painter.setOpacity(self.opacity)
            paint_picture(painter, area, self._above)
            painter.setOpacity(1.0)
        self.focus_ring(painter)


def paint_picture(painter: QPainter, area: QRectF, picture: SmallMap) -> None:
    """A picture in its own colours: grey where it has one channel."""
    if picture.channels == 1:
        grey = bytes(value for value in picture.data for _ in range(3))
        picture = SmallMap(picture.width, picture.height, 3, grey)
    paint_map(painter, area, picture)


class SmallPicture(Painted):
    """The sample's picture."""

    def __init__(self, name: str, title: str, look: ThemeSource, edge: int = 92, parent: QWidget | None = None) -> None:
        super().__init__(name, title, look, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(edge, edge)
        self._picture: SmallMap | None = None

    def show_picture(self, picture: SmallMap | None) -> None:
        self._picture = picture
        self.setVisible(picture is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is not None:
            paint_picture(QPainter(self), QRectF(self.rect()), self._picture)
