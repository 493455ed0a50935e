"""The forms in which a picture of a graph can be written: each is a module of this package that has a `FORMAT`.

Free of Qt, since the command line lists them: only `draw` of a format imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from resources.registry import module_in, modules_with
from resources.text import Text

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF
    from PySide6.QtGui import QColor, QPainter

    from graph_editor.view.painting.theme import CanvasTheme

_PACKAGE: Final = "graph_editor.view.items.pictures"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is drawn: `paint` draws the scene with the painter that it is given a maker of.

    `scale` is pixels for a unit of the scene, for pictures made of pixels. `ground` may be transparent.
    """

    paint: Callable[[Callable[[], QPainter]], None]
    area: QRectF
    ground: QColor
    scale: float
    title: str
    theme: CanvasTheme


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """`key` is its name on the command line; `pixels`: whether it is made of them, so that their size is asked for."""

    key: str
    title: Text
    suffix: str
    order: int
    draw: Callable[[Sheet], bytes]
    pixels: bool = True


def picture_formats() -> tuple[PictureFormat, ...]:
    found: list[PictureFormat] = [module.FORMAT for module in modules_with(import_module(_PACKAGE), "FORMAT")]
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.key)))


def picture_format(key: str) -> PictureFormat:
    """Raises ModuleNotFoundError for a key that is none."""
    found: PictureFormat = module_in(_PACKAGE, key).FORMAT
    return found
