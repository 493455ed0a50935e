"""Paints all boxes: near, from pictures of each; from afar as plain rectangles, all of one colour at once."""

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from graph_editor.view.items.box_item import BOX_LEVEL, BoxItem
from graph_editor.view.items.chunks import Chunks
from graph_editor.view.items.far_names import NAMES_ZOOM, FarNames
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.part import Layer
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.view.painting.sprites import Sprite, Sprites, empty_sprite
from graph_editor.view.painting.style import Style

_BAR: Final = 14.0  # the width of the colour of a category, in scene units
_SMOOTH: Final = 2.0  # pixels: a narrower bar costs more to smooth than one can see
_SHARPEN_AFTER: Final = 50  # milliseconds without a change of the zoom
_PATIENCE: Final = 0.012  # seconds of a frame for making pictures sharp
_FEW: Final = 60  # more pictures than this are not smoothed while the zoom changes
_LIKE: Final = 1.6  # a picture may be shown this much larger or smaller until there is a sharp one


FarLook = tuple[bool, bool, str, str]


class FarBoxes(NamedTuple):
    """Bodies by what they stand for, bars by category; boxes that are left out of the model; those selected."""

    bodies: dict[str, list[QRectF]]
    bars: dict[str, list[QRectF]]
    idle: list[QRectF]
    marked: list[QRectF]


class BoxLayer(Layer):
    """``boxes_near`` finds the boxes whose bodies touch an area, those further up last."""

    def __init__(self, style: Style, boxes_near: Callable[[Bounds], Iterable[BoxItem]], parent: QObject) -> None:
        super().__init__(BOX_LEVEL)
        self._style = style
        self._boxes_near = boxes_near
        self._chunks: Chunks[BoxItem, FarBoxes] = Chunks(self._collect)
        self._far_looks: dict[BoxItem, FarLook] = {}  # as they were collected
        self._sprites = Sprites()
        self._names = FarNames(style)
        self._scale = 0.0
        self._reach = QRectF()  # how far any box paints beyond the place where it is
        self._sharpen = QTimer(parent)
        self._sharpen.setSingleShot(True)
        self._sharpen.timeout.connect(self._refresh_all)

    def __len__(self) -> int:
        return len(self._chunks)

    def set_style(self, style: Style) -> None:
        self._style = style
        self._sprites.clear()
        self._names.set_style(style)
        self._chunks.touch_all()
        self.update()

    def take_place(self, part: BoxItem) -> None:
        bounds = part.boundingRect()
        if not self._reach.contains(bounds):
            self._reach |= bounds
        self._chunks.put(part, part.area())

    def refresh(self, part: BoxItem) -> None:
        self._sprites.drop(part)
        if self._far_looks.get(part) != _far_look(part):
            self._chunks.touch(part)
        self._names.drop(part)
        self.expose(part)

    def forget(self, part: BoxItem) -> None:
        self._sprites.drop(part)
        self._chunks.drop(part)
        self._names.drop(part)
        self._far_looks.pop(part, None)

    def _refresh_all(self) -> None:
        self.update()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """On a view; a picture for a file has no widget, and shows every detail at any size."""
        area = option.exposedRect  # type: ignore[attr-defined]
        scale = painter.worldTransform().m11()
        if widget is not None and scale < TEXT_ZOOM:
            self._paint_far(painter, area)
            if scale >= NAMES_ZOOM:
                self._paint_names(painter, area, widget.devicePixelRatioF())
            return
        reach = self._reach
        area = (
            area.left() - reach.right(),
            area.top() - reach.bottom(),
            area.right() - reach.left(),
            area.bottom() - reach.top(),
        )
        boxes = [box for box in self._boxes_near(area) if box.isVisible()]
        if widget is not None:
            self._paint_near(painter, boxes, scale)
            return
        for box in boxes:
            painter.save()
            painter.translate(box.pos())
            box.paint_part(painter)
            painter.restore()

    # Near

    def _paint_near(self, painter: QPainter, boxes: list[BoxItem], scale: float) -> None:
        """Pictures of another zoom do while the zoom changes; when it rests they become sharp, some in each frame."""
        zooming, self._scale = scale != self._scale, scale
        until = 0.0 if zooming else perf_counter() + _PATIENCE
        view = painter.worldTransform()
        left, top = view.dx(), view.dy()
        painter.save()
        painter.resetTransform()
        ratio = painter.deviceTransform().m11()  # what is painted on has so many pixels to one; it can change
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, len(boxes) < _FEW)
        blurred = False
        for box in boxes:
            sprite = self._sprites.get(box)
            if sprite is None or sprite.scale != scale * ratio or sprite.ratio != ratio:
                like = sprite is not None and 1 / _LIKE < sprite.scale / scale / ratio < _LIKE
                if sprite is None or not like or perf_counter() < until:
                    sprite = self._picture(box, scale, ratio)
                else:
                    blurred = True
                    _draw_like(painter, view, box.pos(), sprite)
                    continue
            x, y = left + (box.x + sprite.area.left()) * scale, top + (box.y + sprite.area.top()) * scale
            painter.drawPixmap(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), sprite.picture)
        painter.restore()
        if blurred:
            self._sharpen.start(_SHARPEN_AFTER if zooming else 0)

    def _picture(self, box: BoxItem, scale: float, ratio: float) -> Sprite:
        sprite, corner = empty_sprite(box.sprite_rect(), scale, ratio)
        painter = QPainter(sprite.picture)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(scale, scale)
        painter.translate(-corner)
        box.paint_part(painter)
        painter.end()
        self._sprites.put(box, sprite)
        return sprite

    # From afar

    def _paint_far(self, painter: QPainter, area: QRectF) -> None:
        """Bodies before bars, so that there are few calls: one for each colour."""
        whole = FarBoxes({}, {}, [], [])
        for lot in self._chunks.within((area.left(), area.top(), area.right(), area.bottom()), coarse=False):
            for rects, more in ((whole.bodies, lot.bodies), (whole.bars, lot.bars)):
                for key, rectangles in more.items():
                    rects.setdefault(key, []).extend(rectangles)
            whole.idle.extend(lot.idle)
            whole.marked.extend(lot.marked)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._style.theme
        for kind, rectangles in whole.bodies.items():
            painter.setBrush(theme.mixed("raised", kind, 0.5 if theme.dark else 0.35))
            painter.drawRects(rectangles)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, painter.worldTransform().m11() * _BAR > _SMOOTH)
        for category, rectangles in whole.bars.items():
            painter.setBrush(theme.category(category))
            painter.drawRects(rectangles)
        if whole.idle:
            _draw_outlines(painter, whole.idle, self._style.border_idle.color(), 1.0, self._style.background)
        if whole.marked:
            clear = QColor(Qt.GlobalColor.transparent)
            _draw_outlines(painter, whole.marked, self._style.border_selected.color(), 2.0, clear)

    def _paint_names(self, painter: QPainter, area: QRectF, ratio: float) -> None:
        near = self._boxes_near((area.left(), area.top(), area.right(), area.bottom()))
        if self._names.paint(painter, (box for box in near if box.isVisible()), ratio):
            self._sharpen.start(_SHARPEN_AFTER)

    def _collect(self, boxes: list[BoxItem], _coarse: bool) -> FarBoxes:
        lot = FarBoxes({}, {}, [], [])
        for box in boxes:
            look = self._far_looks[box] = _far_look(box)
            visible, selected, kind, category = look
            if not visible:
                continue
            left, top, right, bottom = box.area()
            rect = QRectF(left, top, right - left, bottom - top)
            if selected:
                lot.marked.append(rect)
            if not kind:
                lot.idle.append(rect)  # an outline alone
                continue
            lot.bodies.setdefault(kind, []).append(rect)
            lot.bars.setdefault(category, []).append(QRectF(left, top, _BAR, bottom - top))
        return lot


def _draw_outlines(painter: QPainter, rects: list[QRectF], color: QColor, width: float, fill: QColor) -> None:
    pen = QPen(color, width)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawRects(rects)


def _draw_like(painter: QPainter, view: QTransform, at: QPointF, sprite: Sprite) -> None:
    """A picture that was made for another zoom."""
    target = view.mapRect(sprite.area.translated(at))
    painter.drawPixmap(target, sprite.picture, QRectF(sprite.picture.rect()))


def _far_look(box: BoxItem) -> FarLook:
    """Whether it shows, whether it is selected, what its body stands for (nothing: it is left out), its category."""
    look = box.look
    if look.left_out is not None:
        kind = ""
    else:
        kind = "error" if look.severity == "error" else "frozen" if look.frozen else "faint"
    return box.isVisible(), box.state.selected, kind, look.category
