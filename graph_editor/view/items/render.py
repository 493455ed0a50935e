"""The whole graph as a picture file, with or without a window. Needs a QGuiApplication; "offscreen" will do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import ROOT, Document
from graph_editor.view.items.pictures.format import Sheet, picture_format
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.content import CallDisplay
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from resources.atomic import write_atomically

_MARGIN: Final = 24.0
_EMPTY: Final = QRectF(0, 0, 320, 120)


def render_graph(
    document: Document,
    catalog: Catalog,
    theme: CanvasTheme,
    displays: Mapping[str, CallDisplay],
    path: str | Path,
    kind: str,
    light: bool = False,
    scale: float = 2.0,
    problems: Sequence[Problem] = (),
    graph_id: str = ROOT,
    transparent: bool = False,
) -> None:
    """Write a graph of ``document``, the root if none is named, to ``path``, all or nothing.

    ``kind`` is the key of a PictureFormat. ``light`` gives a dark theme's picture the light theme's colours.
    ``scale`` is pixels for a scene unit, where a picture is made of them.
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
    sheet = Sheet(
        lambda begin: _paint(scene, area, begin), area, ground, scale, scene.graph.shown_name, scene.style_sheet.theme
    )
    write_atomically(Path(path), picture_format(kind).draw(sheet))


def _paint(scene: GraphScene, area: QRectF, begin: Callable[[], QPainter]) -> None:
    painter = begin()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    scene.render(painter, QRectF(), area, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
