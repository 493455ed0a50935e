"""Paints what comes out of a box: in the box itself, enlarged above the canvas, and in panels beside it."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from graph_editor.view.painting.inside_scale import image_of, shade
from graph_editor.view.painting.inside_values import (
    HeatMap,
    InsideView,
    MapTiles,
    SmallMap,
    StepLines,
    ValueBars,
    WordList,
)
from graph_editor.view.painting.theme import CanvasTheme
from resources.plain import shown_name

_FEW_BARS = 24  # more have no gaps between them
_images = lru_cache(maxsize=20_000)(image_of)  # by what the map holds; 24 pixels square are half a kilobyte


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours and typefaces of a theme that views are painted in."""

    text: QColor
    dim: QColor
    line: QColor
    bar: QColor
    strong: QColor  # of the highest value
    low: QColor  # of what is below zero
    font: QFont
    strokes: tuple[QColor, ...]

    @classmethod
    def of(cls, theme: CanvasTheme, pixels: int = 10) -> "Ink":
        color = theme.color
        strokes = tuple(color(f"plot.{number}") for number in range(1, 9))
        bar = theme.mixed("accent", "line", 0.45)
        return cls(
            color("text"), color("dim"), color("line"), bar, color("accent"), color("plot.2"),
            theme.font(pixels, mono=True), strokes,
        )  # fmt: skip


def paint_view(painter: QPainter, area: QRectF, view: InsideView, ink: Ink, edge: float = 0.0) -> None:
    """Paint a view within ``area``, in its units. Maps are ``edge`` long, as high as the area if that is 0."""
    match view:
        case MapTiles():
            paint_tiles(painter, area, view, ink, edge or area.height())
        case StepLines():
            _paint_lines(painter, area, view, ink)
        case ValueBars():
            _paint_bars(painter, area, view, ink)
        case HeatMap():
            _paint_heat(painter, area, view)
        case WordList():
            _paint_words(painter, area, view, ink)


def paint_map(painter: QPainter, area: QRectF, small: SmallMap) -> None:
    """One map, as large as fits into the middle of ``area`` with its proportions; its pixels stay squares."""
    image: QImage = _images(small)
    if image.isNull():
        return
    scale = min(area.width() / image.width(), area.height() / image.height())
    size = QRectF(0, 0, image.width() * scale, image.height() * scale)
    size.moveCenter(area.center())
    shrinks = scale * painter.worldTransform().m11() < 1
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
    painter.drawImage(size, image)


def tile_places(area: QRectF, view: MapTiles, edge: float, note_width: float = 0.0) -> list[QRectF]:
    """Where maps are shown, row by row, those only that have room; ``note_width`` is kept free behind the last one."""
    if not view.maps:
        return []
    first = view.maps[0]
    width = min(edge * first.width / max(first.height, 1), area.width())
    gap = max(2.0, edge * 0.06)
    across = max(1, int((area.width() + gap) // (width + gap)))
    down = max(1, int((area.height() + gap + 0.01) // (edge + gap)))
    count = min(len(view.maps), across * down)
    if count < view.of and note_width:
        last_right = ((count - 1) % across + 1) * (width + gap)
        while count > 1 and last_right + note_width > area.width() and (count - 1) // across == down - 1:
            count, last_right = count - 1, last_right - width - gap
    places = []
    for number in range(count):
        row, column = divmod(number, across)
        places.append(QRectF(area.left() + column * (width + gap), area.top() + row * (edge + gap), width, edge))
    return places


def paint_tiles(painter: QPainter, area: QRectF, view: MapTiles, ink: Ink, edge: float) -> None:
    """Maps, and how many more channels there are."""
    metrics = QFontMetricsF(ink.font)
    note = f"+{view.of}"
    places = tile_places(area, view, edge, metrics.horizontalAdvance(note) + 2)
    for place, small in zip(places, view.maps, strict=False):
        paint_map(painter, place, small)
    more = view.of - len(places)
    if more > 0 and places:
        painter.setFont(ink.font)
        painter.setPen(ink.dim)
        rest = QRectF(
            places[-1].right() + 4, places[-1].top(), area.right() - places[-1].right() - 2, places[-1].height()
        )
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"+{more}")


def _limits(values: tuple[float, ...]) -> tuple[float, float]:
    """The lowest and the highest with zero between them, so that bars stand on it."""
    finite = [value for value in values if value == value and abs(value) != float("inf")]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    if len(values) == 1 and low >= 0 and high <= 1:
        return 0.0, 1.0  # a share, as of yes or no
    return (low, high) if high > low else (low, low + 1.0)


def _paint_bars(painter: QPainter, area: QRectF, view: ValueBars, ink: Ink) -> None:
    if not view.values:
        return
    low, high = _limits(view.values)
    zero = area.bottom() - area.height() * (0 - low) / (high - low)
    step = area.width() / len(view.values)
    gap = min(step * 0.18, 3.0) if len(view.values) <= _FEW_BARS else 0.0
    best = max(range(len(view.values)), key=lambda place: abs(view.values[place]))
    bars: dict[str, list[QRectF]] = {"bar": [], "low": [], "strong": []}
    for place, value in enumerate(view.values):
        if value != value or abs(value) == float("inf"):
            continue
        height = area.height() * abs(value) / (high - low)
        top = zero - height if value > 0 else zero
        rect = QRectF(area.left() + place * step + gap / 2, top, max(step - gap, 0.4), height)
        bars["strong" if place == best else "bar" if value >= 0 else "low"].append(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    for key, rects in bars.items():
        painter.setBrush(getattr(ink, key))
        painter.drawRects(rects)
    painter.setPen(QPen(ink.line, 1.0))
    painter.drawLine(QLineF(area.left(), zero, area.right(), zero))


def _paint_lines(painter: QPainter, area: QRectF, view: StepLines, ink: Ink) -> None:
    every = tuple(value for values in view.lines for value in values)
    if not every:
        return
    low, high = _limits(every)
    zero = area.bottom() - area.height() * (0 - low) / (high - low)
    painter.setPen(QPen(ink.line, 0.8))
    painter.drawLine(QLineF(area.left(), zero, area.right(), zero))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number, values in reversed(list(enumerate(view.lines))):
        color = QColor(ink.strokes[number % len(ink.strokes)])
        color.setAlphaF(1.0 if number == 0 else 0.55)
        painter.setPen(QPen(color, 1.1))
        across = area.width() / max(len(values) - 1, 1)
        points = [
            QPointF(area.left() + place * across, area.bottom() - area.height() * (value - low) / (high - low))
            for place, value in enumerate(values)
            if value == value and abs(value) != float("inf")
        ]
        painter.drawPolyline(QPolygonF(points))


def heat_place(area: QRectF, view: HeatMap) -> QRectF:
    """Where a heat map is painted in ``area``: its cells are squares, unless that leaves too little of them."""
    rows, columns = len(view.values), max((len(row) for row in view.values), default=0)
    if not rows or not columns:
        return QRectF()
    cell = min(area.width() / columns, area.height() / rows)
    width = columns * cell if columns * cell > area.width() * 0.2 else area.width()
    height = rows * cell if rows * cell > area.height() * 0.2 else area.height()
    return QRectF(area.left(), area.top() + (area.height() - height) / 2, width, height)


def _paint_heat(painter: QPainter, area: QRectF, view: HeatMap) -> None:
    place = heat_place(area, view)
    if not place.isNull():
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(place, heat_image(view.values))


@lru_cache(maxsize=2_000)
def heat_image(values: tuple[tuple[float, ...], ...]) -> QImage:
    """A pixel for each number, from the lowest to the highest that is finite."""
    finite = [value for row in values for value in row if value == value and abs(value) != float("inf")]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    span = (high - low) or 1.0
    columns = max((len(row) for row in values), default=0)
    data = bytearray(columns * len(values))
    for number, row in enumerate(values):
        for place, value in enumerate(row):
            share = (value - low) / span if value == value else 0.0
            data[number * columns + place] = round(min(max(share, 0.0), 1.0) * 255)
    return image_of(SmallMap(columns, len(values), 1, bytes(data)))


def _paint_words(painter: QPainter, area: QRectF, view: WordList, ink: Ink) -> None:
    """One after the other, on as many lines as there is room for."""
    metrics = QFontMetricsF(ink.font)
    height, gap = metrics.height(), 3.0
    left, top = area.left(), area.top()
    painter.setFont(ink.font)
    for number, word in enumerate(view.words):
        text = metrics.elidedText(shown_name(word), Qt.TextElideMode.ElideRight, area.width() - 6)
        width = metrics.horizontalAdvance(text) + 6
        if left + width > area.right() and left > area.left():
            left, top = area.left(), top + height + gap
        if top + height > area.bottom() + 1:
            return
        weight = view.weights[number] if number < len(view.weights) else 0.0
        ground = QColor(ink.strong if weight >= 0 else ink.low)
        ground.setAlphaF(min(0.14 + 0.6 * abs(weight), 0.75) if view.weights else 0.12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(left, top, width, height), 3, 3)
        painter.setPen(ink.text)
        painter.drawText(QRectF(left + 3, top, width, height), Qt.AlignmentFlag.AlignVCenter, text)
        left += width + gap


def paint_scale(painter: QPainter, area: QRectF) -> None:
    """The scale of colours from left to right, as a legend."""
    steps = 32
    for number in range(steps):
        part = QRectF(
            area.left() + area.width() * number / steps, area.top(), area.width() / steps + 0.6, area.height()
        )
        painter.fillRect(part.intersected(area), shade(number / (steps - 1)))
