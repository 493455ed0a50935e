"""The whole graph as a picture file, with or without a window. Needs a QGuiApplication; "offscreen" will do."""

import errno
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT, Document
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from resources.atomic import write_atomically
from resources.text import tr

PictureKind = Literal["png", "svg"]
_MARGIN: Final = 24.0
_MOST_PIXELS: Final = 30_000  # a side; Qt's rasteriser ends at 32,767
_MOST_AREA: Final = 100e6  # pixels of four bytes; a larger graph is drawn at a smaller scale
_EMPTY: Final = QRectF(0, 0, 320, 120)
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_graph(
    document: Document,
    catalog: Catalog,
    theme: CanvasTheme,
    displays: Mapping[str, CallDisplay],
    path: str | Path,
    kind: PictureKind,
    light: bool = False,
    scale: float = 2.0,
    problems: Sequence[Problem] = (),
    graph_id: str = ROOT,
    transparent: bool = False,
) -> None:
    """Write a graph of ``document``, the root if none is named, to ``path``, all or nothing.

    ``light`` gives a dark theme's picture the light theme's colours. ``scale`` is pixels for a scene unit (PNG).
    ``transparent`` leaves out the ground.
    Raises OSError.
    """
    if light and theme.dark:
        light_theme = CanvasTheme.named("light")
        theme = CanvasTheme(light_theme.colors, theme.ui_families, theme.mono_families)
    if not theme.dark:  # paper is white
        theme = replace(theme, colors={**theme.colors, "background": QColor(Qt.GlobalColor.white)})
    scene = GraphScene(document, catalog, Style(theme), graph_id)
    scene.set_displays(displays)
    scene.set_problems(problems)
    area = QRectF()
    for box in scene.shown_boxes():
        area |= box.painted_rect()
    for wire in scene.shown_wires():
        wire.shows_dots = False  # they are there to be taken hold of; in a picture they would look like junctions
        area |= wire.path().boundingRect()
    for note in scene.notes.items.values():
        note.shows_corner = False
    area |= scene.frames.rect() | scene.notes.rect()
    area = area.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) if not area.isNull() else _EMPTY
    ground = QColor(Qt.GlobalColor.transparent) if transparent else QColor(scene.style_sheet.background)
    content = _svg(scene, area, ground) if kind == "svg" else _png(scene, area, scale, ground)
    write_atomically(Path(path), content)


def _png(scene: GraphScene, area: QRectF, scale: float, ground: QColor) -> bytes:
    scale = min(
        scale, _MOST_PIXELS / max(area.width(), area.height()), (_MOST_AREA / area.width() / area.height()) ** 0.5
    )
    size = QSize(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise OSError(errno.ENOMEM, tr("The picture of the graph does not fit into memory."))
    image.fill(ground)
    _paint(scene, area, lambda: QPainter(image))
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def _svg(scene: GraphScene, area: QRectF, ground: QColor) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(round(area.width()), round(area.height())))
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setTitle(scene.graph.name)
    generator.setDescription(tr("A Keras model, drawn with Lamella"))

    def begin() -> QPainter:
        painter = QPainter(generator)
        if ground.alpha():
            painter.fillRect(QRectF(0, 0, area.width(), area.height()), ground)
        return painter

    _paint(scene, area, begin)
    svg = _readable(bytes(data.data()).decode("utf-8", "replace"))
    return _with_fallback_fonts(svg, scene.style_sheet.theme).encode("utf-8")


def _paint(scene: GraphScene, area: QRectF, begin: Callable[[], QPainter]) -> None:
    painter = begin()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, QRectF(), area, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()


def _readable(svg: str) -> str:
    """Qt escapes markup, but writes signs that no XML may hold: no program would open the file."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", svg)


def _with_fallback_fonts(svg: str, theme: CanvasTheme) -> str:
    """Name more typefaces than the one that was found here: a browser elsewhere may not have it."""
    for families in (theme.ui_families, theme.mono_families):
        names = ", ".join(family if "-" in family else f"'{family}'" for family in families)
        svg = svg.replace(f'font-family="{families[0]}"', f'font-family="{names}"')
    return svg
