"""Fields of numbers: co-occurrence of labels, attention."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import mono_font, ui_font
from app.look.theme import mix
from app.panels.evaluate.drawing.axes import elided
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, number_text
from app.panels.evaluate.figures.matrix import readable_on
from resources.plain import shown_name
from runtime.messages.views import Heat

VIEW = Heat

_NAMED, _TALLEST = 11.0, 40.0


@dataclass(frozen=True, slots=True)
class _Plan:
    """`corner` is where the first cell begins; `left` and `top` is the room for names."""

    corner: QPointF
    width: float
    tall: float
    left: float
    top: float

    def cell_at(self, row: int, column: int) -> QRectF:
        return QRectF(self.corner.x() + column * self.width, self.corner.y() + row * self.tall, self.width, self.tall)


def height(view: Heat, width: float, _look: FigureLook) -> float:
    left, top = _margins(view, width)
    return top + min(_TALLEST, (width - left) / _columns(view)) * len(view.values) + 2


def paint(painter: QPainter, rect: QRectF, view: Heat, look: FigureLook) -> None:
    plan = _plan(rect, view)
    finite = [abs(value) for row in view.values for value in row if math.isfinite(value)]
    largest = max(finite, default=0.0) or 1.0
    painter.save()
    for row, values in enumerate(view.values):
        for column, value in enumerate(values):
            _paint_cell(painter, plan.cell_at(row, column), value, largest, look)
    painter.setFont(ui_font(11))
    painter.setPen(QColor(look.theme.color("dim")))
    for row in range(0, len(view.rows), _every(plan.tall)):
        box = QRectF(rect.left(), plan.cell_at(row, 0).center().y() - 8, plan.left - 6, 16)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(box, right, elided(painter, shown_name(view.rows[row]), box.width()))
    for column in range(0, len(view.columns), _every(plan.width)):
        middle = plan.cell_at(0, column).center().x()
        _paint_above(painter, middle, plan.corner.y(), view.columns[column], plan.top)
    if look.marked is not None and len(look.marked) == 2:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.color("accent")), 2))
        painter.drawRect(plan.cell_at(*look.marked).adjusted(1, 1, -1, -1))
    painter.restore()


def hit(rect: QRectF, view: Heat, point: QPointF, _look: FigureLook) -> Hit | None:
    """The cell under `point`: (row, column)."""
    plan = _plan(rect, view)
    if not plan.width or not plan.tall:
        return None
    row = math.floor((point.y() - plan.corner.y()) / plan.tall)
    column = math.floor((point.x() - plan.corner.x()) / plan.width)
    if not (0 <= row < len(view.values) and 0 <= column < len(view.values[row])):
        return None
    return Hit((row, column), cell_text(view, row, column))


def cell_text(view: Heat, row: int, column: int) -> str:
    names = [shown_name(names[place]) for names, place in ((view.rows, row), (view.columns, column)) if names]
    value = number_text(view.values[row][column])
    return f"{' · '.join(names)}: {value}" if names else value


def parts(view: Heat, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The cells, row by row."""
    return [[(row, column) for column in range(len(values))] for row, values in enumerate(view.values)]


def part_text(view: Heat, part: tuple[int, ...], _look: FigureLook) -> str:
    return cell_text(view, part[0], part[1])


def spoken(view: Heat) -> str:
    cells = [(value, row, column) for row, values in enumerate(view.values) for column, value in enumerate(values)]
    highest = sorted((cell for cell in cells if math.isfinite(cell[0])), reverse=True)[:5]
    return ", ".join(cell_text(view, row, column) for _, row, column in highest)


def _every(size: float) -> int:
    return max(1, math.ceil(_NAMED / size)) if size else 1


def _margins(view: Heat, width: float) -> tuple[float, float]:
    metrics = QFontMetricsF(ui_font(11))
    left = max((metrics.horizontalAdvance(shown_name(name)) for name in view.rows), default=0.0)
    top = max((metrics.horizontalAdvance(shown_name(name)) for name in view.columns), default=0.0)
    return (min(left + 8, width * 0.3) if view.rows else 0.0), (min(top + 8, 110.0) if view.columns else 0.0)


def _columns(view: Heat) -> int:
    return max(1, max((len(values) for values in view.values), default=1))


def _plan(rect: QRectF, view: Heat) -> _Plan:
    """Where everything is: measured once, of a hundred names takes a millisecond."""
    left, top = _margins(view, rect.width())
    width = (rect.width() - left) / _columns(view)
    tall = min(width, _TALLEST, (rect.height() - top) / max(1, len(view.values)))
    return _Plan(QPointF(rect.left() + left, rect.top() + top), width, tall, left, top)


def _paint_cell(painter: QPainter, area: QRectF, value: float, largest: float, look: FigureLook) -> None:
    theme = look.theme
    empty = mix(theme.color("panel"), theme.color("raised"), 0.55)
    share = min(1.0, abs(value) / largest) if math.isfinite(value) else 0.0
    color = mix(empty, theme.color("accent" if value >= 0 else "error"), 0.9 * share)
    gap = 0.5 if area.width() >= 8 else 0.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRect(area.adjusted(gap, gap, -gap, -gap))
    text = number_text(value)
    painter.setFont(mono_font(11))
    if area.height() >= 16 and QFontMetricsF(painter.font()).horizontalAdvance(text) < area.width() - 4:
        painter.setPen(QColor(readable_on(color, theme)))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)


def _paint_above(painter: QPainter, middle: float, bottom: float, name: str, room: float) -> None:
    painter.save()
    painter.translate(middle, bottom - 4)
    painter.rotate(-90)
    left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(0, -8, room - 4, 16), left, elided(painter, shown_name(name), room - 4))
    painter.restore()
