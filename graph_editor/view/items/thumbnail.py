"""A small picture of a whole graph: the canvas as it is, seen from afar."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QLinearGradient, QPainter

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme

_MARGIN, _SMALLEST, _LARGEST = 10.0, 0.36, 0.62
_FADE = 46  # pixels


def thumbnail(
    document: Document, catalog: Catalog, theme: CanvasTheme, size: QSize, pixel_ratio: float, whole: bool = False
) -> QImage:
    """The graph in the middle of ``size`` (device-independent pixels), on nothing; of a long one its beginning.

    ``whole``: with all of its wires and frames, else as large as the boxes allow.
    """
    image = QImage(size * pixel_ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    image.setDevicePixelRatio(pixel_ratio)
    scene = GraphScene(document, catalog, Style(theme))
    area = QRectF()
    for box in scene.shown_boxes():
        area |= box.painted_rect()
    if whole:
        area |= scene.frames.rect()
        for wire in scene.wires.values():
            area |= wire.path().boundingRect()
    if area.isEmpty():
        return image
    area.adjust(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    fitting = min(size.width() / area.width(), size.height() / area.height(), _LARGEST)
    factor = max(fitting, min(_SMALLEST, size.width() / area.width()))
    target = QRectF(0, 0, area.width() * factor, area.height() * factor)
    target.moveCenter(QRectF(0, 0, size.width(), size.height()).center())
    target.moveTop(max(target.top(), 0.0))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, target, area, Qt.AspectRatioMode.KeepAspectRatio)
    if target.height() > size.height():
        _fade_out(painter, size)
    painter.end()
    return image


def _fade_out(painter: QPainter, size: QSize) -> None:
    """It goes on below."""
    fade = QLinearGradient(0, size.height() - _FADE, 0, size.height())
    fade.setColorAt(0, Qt.GlobalColor.transparent)
    fade.setColorAt(1, Qt.GlobalColor.black)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
    painter.fillRect(QRectF(0, size.height() - _FADE, size.width(), _FADE), fade)
