"""Every text of the canvas can be read on what is painted behind it, and no category is told by colour alone."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from graph_editor.catalog.categories import CATEGORIES
from graph_editor.document.canvas.frames import COLORS as FRAME_COLORS
from graph_editor.document.canvas.frames import OLD_COLORS
from graph_editor.document.canvas.notes import COLORS as NOTE_COLORS
from graph_editor.view.items.note_items import card_colors
from graph_editor.view.painting.marks import HEIGHT, PIECES, WIDTH, outline, paint_mark
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme
from tests.support.contrast import contrast

ENOUGH = 4.5  # WCAG 2.2, success criterion 1.4.3
FEWEST_DIFFERING = 10  # of the 96 pixels of two marks


def over(top: QColor, ground: QColor) -> QColor:
    """What is seen where ``top``, which may be translucent, lies on ``ground``."""
    share = top.alphaF()
    mixed = [a * share + b * (1 - share) for a, b in zip(_rgb(top), _rgb(ground), strict=True)]
    return QColor.fromRgbF(*mixed)


def _rgb(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


def pairs(theme: CanvasTheme) -> dict[str, tuple[QColor, QColor]]:
    """Each text of the canvas and its ground, by a name for it."""
    style = Style(theme)
    body = {"box": style.box.color(), "hovered box": style.box_hover.color(), "frozen box": style.frozen_box.color()}
    body["stripes of a frozen box"] = over(style.hatch.color(), style.frozen_box.color())
    found = {}
    for ground, color in body.items():
        frozen = "_frozen" if "frozen" in ground else ""
        for name in ("name", f"detail{frozen}", f"count{frozen}"):
            found[f"{name} on {ground}"] = (getattr(style, name).pen.color(), color)
    background = style.background
    found["shape on the canvas"] = (style.shape.pen.color(), background)
    found["output pill"] = (style.pill.pen.color(), style.pill_fill.color())
    found["shared mark"] = (style.mark.pen.color(), style.mark_fill.color())
    found["left out mark"] = (style.mark_idle.pen.color(), style.idle_fill.color())
    found["name of a box that is left out"] = (style.name_idle.pen.color(), background)
    for severity, face in style.message.items():
        found[f"{severity} message"] = (face.pen.color(), style.message_fill[severity].color())
        found[f"sign of {severity}"] = (style.sign[severity].pen.color(), style.message_fill[severity].color())
    for color_name in (*FRAME_COLORS, *OLD_COLORS):
        area = over(theme.frame(color_name, 0.07), background)
        found[f"{color_name} frame's title"] = (
            theme.color("text"),
            over(theme.frame(color_name, 0.13), area),
        )
    for color_name in NOTE_COLORS:
        found[f"{color_name} note"] = (style.note.pen.color(), over(card_colors(theme, color_name)[0], background))
    return found


@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_text_of_the_canvas_can_be_read(name: Literal["dark", "light"], qapp: object) -> None:
    theme = CanvasTheme.named(name)
    ratios = {pair: contrast(text.name(), ground.name()) for pair, (text, ground) in pairs(theme).items()}
    assert len(ratios) > 25
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < ENOUGH} == {}


@pytest.mark.parametrize("name", ["dark", "light"])
def test_no_frame_has_the_colour_of_a_problem(name: Literal["dark", "light"], qapp: object) -> None:
    """Warm hues are those of warnings and errors; frames are told from these, and from each other."""
    theme = CanvasTheme.named(name)
    problems = [theme.color(token).hslHue() for token in ("warning", "error")]
    for color_name in (*FRAME_COLORS, *OLD_COLORS):
        color = theme.frame(color_name)
        ways = [abs(color.hslHue() - hue) for hue in problems]
        away = min(min(way, 360 - way) for way in ways)
        assert away >= 60 or color.hslSaturationF() < 0.2, (color_name, away)
    assert len({theme.frame(color_name).name() for color_name in FRAME_COLORS}) == len(FRAME_COLORS)


def picture(category: str) -> QImage:
    image = QImage(int(WIDTH), int(HEIGHT), QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_mark(painter, category, QColor("white"), QPointF(WIDTH / 2, HEIGHT / 2))
    painter.end()
    return image


def test_every_category_has_a_mark_of_its_own_shape(qapp: object) -> None:
    """In one and the same colour they still differ, so nobody has to tell them by it."""
    keys = [category.key for category in CATEGORIES]
    assert set(PIECES) >= set(keys)
    pictures = {key: picture(key) for key in keys}
    for first, second in combinations(keys, 2):
        one, other = pictures[first], pictures[second]
        differing = sum(
            abs(one.pixelColor(x, y).red() - other.pixelColor(x, y).red()) > 100
            for x in range(one.width())
            for y in range(one.height())
        )
        assert differing >= FEWEST_DIFFERING, (first, second)


def test_marks_stay_within_their_place_and_unknown_ones_have_one(qapp: object) -> None:
    for key in PIECES:
        area = outline(key).boundingRect()
        assert area.left() >= 0 and area.top() >= 0 and area.right() <= WIDTH and area.bottom() <= HEIGHT
    assert outline("no such category") == outline("operation")
