"""Finds who draws a view: each module of `figures/` has the type of its VIEW."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.panels.evaluate import figures
from app.panels.evaluate.drawing.figure_look import FigureLook, Hit
from resources.registry import modules_with


class FigurePainter(Protocol):
    """Draws with nothing but a painter, on a widget as well as into a picture."""

    def height(self, view: Any, width: float, look: FigureLook, /) -> float:
        """How tall the figure wants to be when it is `width` wide, in pixels."""
        ...

    def paint(self, painter: QPainter, rect: QRectF, view: Any, look: FigureLook, /) -> None: ...

    def hit(self, rect: QRectF, view: Any, point: QPointF, look: FigureLook, /) -> Hit | None:
        """What lies under a point when the figure is drawn in `rect`."""
        ...

    def parts(self, view: Any, look: FigureLook, /) -> list[list[tuple[int, ...]]]:
        """All that `hit` finds, in lines as the arrow keys go through them."""
        ...

    def part_text(self, view: Any, part: tuple[int, ...], look: FigureLook, /) -> str: ...

    def spoken(self, view: Any, /) -> str:
        """The figure in a few words, for who cannot see it."""
        ...


def painter_of(view: object) -> FigurePainter | None:
    """None for views that are widgets of their own: tables and samples."""
    return _painters().get(type(view))


@cache
def _painters() -> dict[type, FigurePainter]:
    return {module.VIEW: cast(FigurePainter, module) for module in modules_with(figures, "VIEW")}
