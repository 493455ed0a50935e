"""The names of boxes when nothing else of what they say could be read: large, one line for each, as pictures."""

from collections.abc import Iterable
from time import perf_counter
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.painting.sprites import Sprite, Sprites, empty_sprite
from graph_editor.view.painting.style import Style
from resources.plain import shown_name

NAMES_ZOOM: Final = 0.24  # below this zoom names can hardly be read, and there may be too many to paint in time
_PATIENCE: Final = 0.003  # seconds of a frame for making pictures
_LEAST_PIXELS: Final = 7.0
_SMALLEST, _LARGEST = 20.0, 0.62  # scene units; of the height of the box
_LEFT, _RIGHT = 22.0, 6.0
_LIKE: Final = 1.6  # a picture may be shown this much larger or smaller until there is a sharp one


class FarNames:
    def __init__(self, style: Style) -> None:
        self._style = style
        self._sprites = Sprites(16 * 2**20)
        self._scale = 0.0

    def set_style(self, style: Style) -> None:
        self._style = style
        self._sprites.clear()

    def drop(self, box: BoxItem) -> None:
        self._sprites.drop(box)

    def paint(self, painter: QPainter, boxes: Iterable[BoxItem], ratio: float) -> bool:
        """Paint those there is time for; whether some are still to come."""
        view = painter.worldTransform()
        scale, left, top = view.m11(), view.dx(), view.dy()
        zooming, self._scale = scale != self._scale, scale
        until, missing = (0.0 if zooming else perf_counter() + _PATIENCE), False
        painter.save()
        painter.resetTransform()
        for box in boxes:
            sprite = self._sprites.get(box)
            if (sprite is None or sprite.scale != scale * ratio) and perf_counter() < until:
                sprite = self._picture(box, scale, ratio)
            if sprite is None or not 1 / _LIKE < sprite.scale / scale / ratio < _LIKE:
                missing = True
                continue
            x, y = left + (box.x + sprite.area.left()) * scale, top + (box.y + sprite.area.top()) * scale
            if sprite.scale == scale * ratio:
                painter.drawPixmap(QPointF(round(x * ratio) / ratio, round(y * ratio) / ratio), sprite.picture)
            else:
                missing = True
                size = sprite.area.size() * scale
                painter.drawPixmap(QRectF(QPointF(x, y), size), sprite.picture, QRectF(sprite.picture.rect()))
        painter.restore()
        return missing

    def _picture(self, box: BoxItem, scale: float, ratio: float) -> Sprite:
        body = QRectF(0, 0, BOX_WIDTH, box.rect().height())
        sprite, corner = empty_sprite(body, scale, ratio)
        painter = QPainter(sprite.picture)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(scale, scale)
        painter.translate(-corner)
        words, theme = body.adjusted(_LEFT, 0, -_RIGHT, 0), self._style.theme
        most = max(round(max(body.height() * _LARGEST, min(_LEAST_PIXELS / scale, body.height() * 0.85))), 1)
        font = theme.font(most, bold=True)
        wide = QFontMetricsF(font).horizontalAdvance(shown_name(box.look.name))
        if wide > words.width():
            least = max(_SMALLEST, _LEAST_PIXELS / scale)
            font = theme.font(round(min(most, max(least, most * words.width() / wide))), bold=True)
        painter.setFont(font)
        painter.setPen(theme.color("dim" if box.look.left_out is not None else "text"))
        name = QFontMetricsF(font).elidedText(shown_name(box.look.name), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.end()
        self._sprites.put(box, sprite)
        return sprite
