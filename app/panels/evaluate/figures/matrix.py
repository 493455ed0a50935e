"""Confusion matrices: a row for what is true, a column for what the model says."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from app.look.fonts import mono_font, ui_font
from app.look.theme import Theme, luminance, mix
from app.panels.evaluate.drawing.axes import elided
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, label_text
from app.panels.plots.formats import count_text
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Matrix

VIEW = Matrix

_TITLE, _LEAST, _MOST, _FULL = 16.0, 5.0, 54.0, 34.0
_NAMED = 11.0  # cells that are smaller leave names out


@dataclass(frozen=True, slots=True)
class Layout:
    """`order` are the places of classes in the view, from the top; `corner` is where the first cell begins."""

    order: tuple[int, ...]
    corner: QPointF
    cell: float
    left: float
    top: float
    turned: bool  # the names above stand upright

    def cell_at(self, row: int, column: int) -> QRectF:
        return QRectF(self.corner.x() + column * self.cell, self.corner.y() + row * self.cell, self.cell, self.cell)


def names_of(view: Matrix) -> list[str]:
    """What the classes are called, with the last one of those that are not told singly."""
    names = [shown_name(name) for name in view.names]
    if view.rest is not None and names:
        names[-1] = label_text(view.rest)
    return names


def order_of(view: Matrix, look: FigureLook) -> tuple[int, ...]:
    """The places of classes in the order they are drawn in; the rest is always last."""
    count = len(view.names)
    if look.order == "class":
        return tuple(sorted(range(count), key=lambda place: (view.places[place] < 0, view.places[place])))

    def mistakes(place: int) -> int:
        row = sum(view.counts[place]) - view.counts[place][place]
        return row + sum(view.counts[other][place] for other in range(count)) - view.counts[place][place]

    return tuple(sorted(range(count), key=lambda place: (view.places[place] < 0, -mistakes(place), place)))


def height(view: Matrix, width: float, _look: FigureLook) -> float:
    """Return the height at which cells are as large as they get in this width."""
    count = max(1, len(view.names))
    left, top, _turned = _margins(view, width)
    return top + min(_MOST, max(_LEAST, (width - left) / count)) * count + 2


def layout(rect: QRectF, view: Matrix, look: FigureLook) -> Layout:
    count = max(1, len(view.names))
    left, top, turned = _margins(view, rect.width())
    cell = max(_LEAST, min(_MOST, (rect.width() - left) / count, (rect.height() - top) / count))
    return Layout(order_of(view, look), QPointF(rect.left() + left, rect.top() + top), cell, left, top, turned)


def paint(painter: QPainter, rect: QRectF, view: Matrix, look: FigureLook) -> None:
    plan = layout(rect, view, look)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, plan.cell > 12)
    _paint_names(painter, rect, view, look, plan)
    for row, true in enumerate(plan.order):
        for column, predicted in enumerate(plan.order):
            _paint_cell(painter, plan.cell_at(row, column), view, (true, predicted), look)
    if look.marked is not None and len(look.marked) == 2 and max(look.marked) < len(plan.order):
        row, column = (plan.order.index(place) for place in look.marked)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(look.theme.color("accent")), 2))
        painter.drawRoundedRect(plan.cell_at(row, column).adjusted(1, 1, -1, -1), 3, 3)
    painter.restore()


def hit(rect: QRectF, view: Matrix, point: QPointF, look: FigureLook) -> Hit | None:
    """The cell under `point`: (place of what is true, place of what was predicted)."""
    plan = layout(rect, view, look)
    row = math.floor((point.y() - plan.corner.y()) / plan.cell)
    column = math.floor((point.x() - plan.corner.x()) / plan.cell)
    count = len(plan.order)
    if not (0 <= row < count and 0 <= column < count):
        return None
    part = (plan.order[row], plan.order[column])
    return Hit(part, cell_text(view, *part))


def cell_text(view: Matrix, true: int, predicted: int) -> str:
    """What a cell says, as a sentence."""
    names, count = names_of(view), view.counts[true][predicted]
    share = f"{100 * share_of(view, true, predicted, 'row'):.1f}"
    if true == predicted and view.places[true] >= 0:
        return tr(
            "{name}: {count} right, {share} % of this class", name=names[true], count=count_text(count), share=share
        )
    return tr(
        "{truth} taken for {predicted}: {count}, {share} % of {truth}",
        truth=names[true], predicted=names[predicted], count=count_text(count), share=share,
    )  # fmt: skip


def share_of(view: Matrix, true: int, predicted: int, by: str) -> float:
    """The share of a cell in its row or column; 0 where that is empty."""
    whole = sum(view.counts[true]) if by == "row" else sum(row[predicted] for row in view.counts)
    return view.counts[true][predicted] / whole if whole else 0.0


def parts(view: Matrix, look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The cells, row by row as they are drawn."""
    return [[(true, predicted) for predicted in order_of(view, look)] for true in order_of(view, look)]


def part_text(view: Matrix, part: tuple[int, ...], _look: FigureLook) -> str:
    return cell_text(view, part[0], part[1])


def spoken(view: Matrix) -> str:
    """The most frequent mistakes."""
    count = len(view.names)
    cells = [(view.counts[a][b], a, b) for a in range(count) for b in range(count) if a != b and view.counts[a][b]]
    return ". ".join(cell_text(view, a, b) for _, a, b in sorted(cells, reverse=True)[:5])


def _margins(view: Matrix, width: float) -> tuple[float, float, bool]:
    """The room at the left and above, and whether the names above are turned."""
    metrics = QFontMetricsF(ui_font(11))
    widest = max((metrics.horizontalAdvance(name) for name in names_of(view)), default=0.0)
    left = _TITLE + min(widest + 8, width * 0.3)
    cell = min(_MOST, (width - left) / max(1, len(view.names)))
    turned = widest > cell - 4
    return left, _TITLE + (min(widest + 8, 110.0) if turned else 18.0), turned


def _paint_cell(painter: QPainter, area: QRectF, view: Matrix, part: tuple[int, int], look: FigureLook) -> None:
    true, predicted = part
    gap = 1.0 if area.width() >= 16 else 0.5 if area.width() >= 8 else 0.0
    color = cell_color(view, true, predicted, look)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    box = area.adjusted(gap, gap, -gap, -gap)
    if area.width() >= 16:
        painter.drawRoundedRect(box, 3, 3)
    else:
        painter.drawRect(box)
    if not view.counts[true][predicted] or area.width() < 15:
        return
    text = _cell_number(view, true, predicted, look)
    painter.setFont(mono_font(12 if area.width() >= _FULL else 10 if area.width() >= 22 else 9))
    if QFontMetricsF(painter.font()).horizontalAdvance(text) > area.width() - 2:
        return
    painter.setPen(QColor(readable_on(color, look.theme)))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), text)


def _cell_number(view: Matrix, true: int, predicted: int, look: FigureLook) -> str:
    if look.share == "counts":
        return count_text(view.counts[true][predicted])
    share = 100 * share_of(view, true, predicted, look.share)
    return f"{share:.0f}" if share >= 1 or share == 0 else "<1"


def cell_color(view: Matrix, true: int, predicted: int, look: FigureLook) -> str:
    """Blue on the diagonal, red elsewhere, the stronger the larger the share; few mistakes are seen, too."""
    theme = look.theme
    empty = mix(theme.color("panel"), theme.color("raised"), 0.55)
    if not view.counts[true][predicted]:
        return empty
    share = share_of(view, true, predicted, "column" if look.share == "column" else "row")
    if true == predicted and view.places[true] >= 0:
        return mix(empty, theme.color("accent"), 0.25 + 0.65 * share)
    return mix(empty, theme.color("error"), 0.18 + 0.72 * math.sqrt(share))


def readable_on(color: str, theme: Theme) -> str:
    """The theme's text, or the other end of the scale, whichever can be read better on `color`."""
    light = luminance(color)
    inks = (theme.color("text"), "#ffffff", "#15171b")

    def contrast(ink: str) -> float:
        low, high = sorted((luminance(ink), light))
        return (high + 0.05) / (low + 0.05)

    return max(inks, key=contrast)


def _paint_names(painter: QPainter, rect: QRectF, view: Matrix, look: FigureLook, plan: Layout) -> None:
    names, cell = names_of(view), plan.cell
    painter.setFont(ui_font(11))
    painter.setPen(QColor(look.theme.color("dim")))
    every = max(1, math.ceil(_NAMED / cell))
    left = plan.left - _TITLE - 6
    for place in range(0, len(plan.order), every):
        name = names[plan.order[place]]
        middle = plan.corner.y() + (place + 0.5) * cell
        box = QRectF(rect.left() + _TITLE, middle - 8, left, 16)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(box, right, elided(painter, name, left))
        _paint_name_above(painter, name, plan, plan.corner.x() + (place + 0.5) * cell)
    _paint_titles(painter, rect, look, plan)


def _paint_name_above(painter: QPainter, name: str, plan: Layout, middle: float) -> None:
    room = plan.top - _TITLE - 6
    if not plan.turned:
        box = QRectF(middle - plan.cell / 2, plan.corner.y() - 18, plan.cell, 16)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), name)
        return
    painter.save()
    painter.translate(middle, plan.corner.y() - 4)
    painter.rotate(-90)
    left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    painter.drawText(QRectF(0, -8, room, 16), left, elided(painter, name, room))
    painter.restore()


def _paint_titles(painter: QPainter, rect: QRectF, look: FigureLook, plan: Layout) -> None:
    painter.setPen(QColor(look.theme.color("faint")))
    size = plan.cell * len(plan.order)
    above = QRectF(plan.corner.x(), rect.top(), max(size, 60.0), _TITLE)
    painter.drawText(above, int(Qt.AlignmentFlag.AlignCenter), elided(painter, tr("predicted"), above.width()))
    painter.save()
    painter.translate(rect.left() + _TITLE / 2, plan.corner.y() + size / 2)
    painter.rotate(-90)
    beside = QRectF(-max(size, 60.0) / 2, -_TITLE / 2, max(size, 60.0), _TITLE)
    painter.drawText(beside, int(Qt.AlignmentFlag.AlignCenter), tr("true"))
    painter.restore()
