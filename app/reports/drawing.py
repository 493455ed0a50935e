"""Figures and graphs as pictures for a report, in the light theme, by the painters of the window."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from app.look.theme import load_theme
from app.panels.evaluate.drawing.figure_look import FigureLook
from app.panels.evaluate.painters import FigurePainter, painter_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.view.items.render import render_graph
from graph_editor.view.painting.theme import CanvasTheme
from resources.regular_files import read_regular

WIDTH: Final = 680.0  # pixels of a figure


def look() -> FigureLook:
    return FigureLook(load_theme("light"))


def is_drawn(view: object) -> bool:
    """Tables and lists of numbers are written, not drawn."""
    return painter_of(view) is not None


def spoken(view: object) -> str:
    painter = painter_of(view)
    return "" if painter is None else painter.spoken(view)


def figure_svg(view: object) -> str:
    painter = painter_of(view)
    assert painter is not None
    size = _size(painter, view)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    _paint(lambda: QPainter(generator), painter, view, size)
    return bytes(data.data()).decode("utf-8", "replace")


def figure_height(view: object, width: float) -> float:
    painter = painter_of(view)
    return 0.0 if painter is None else painter.height(view, width, look())


def paint_figure(canvas: QPainter, rect: QRectF, view: object) -> None:
    painter = painter_of(view)
    assert painter is not None
    painter.paint(canvas, rect, view, look())


def graph_picture(document: Document, catalog: Catalog, kind: str) -> bytes:
    """The root graph as a file of the picture format `kind`. Raises OSError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"graph.{kind}"
        render_graph(document, catalog, CanvasTheme.named("light"), {}, path, kind, scale=1.5)
        return read_regular(path, 1 << 30)


def _size(painter: FigurePainter, view: object) -> QSize:
    return QSize(round(WIDTH), round(painter.height(view, WIDTH, look())))


def _paint(begin: Callable[[], QPainter], painter: FigurePainter, view: object, size: QSize) -> None:
    canvas = begin()
    canvas.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    try:
        painter.paint(canvas, QRectF(0, 0, size.width(), size.height()), view, look())
    finally:
        canvas.end()
