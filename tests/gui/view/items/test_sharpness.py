"""Boxes are painted from pictures: these have all the pixels of the screen, whatever its scaling, and lie on them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from graph_editor.view.floating.minimap import Minimap
from graph_editor.view.graph_view import GraphView
from tests.gui.view.conftest import Bench

Pixels = NDArray[np.int16]


def pixels(image: QImage) -> Pixels:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine() // 4, 4)
    return rows[:, : plain.width(), :3].astype(np.int16)


def on_screen(widget: QWidget, ratio: float) -> QImage:
    """What a screen with so many pixels to one shows of it."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    widget.render(image)
    return image


def rested(bench: Bench, widget: QWidget, ratio: float) -> QImage:
    """The same once every box in it has a picture of its own for that screen: a slow machine needs several frames."""
    layer, boxes = bench.view.graph_scene.box_layer, bench.view.graph_scene.boxes.values()
    for _ in range(200):
        image = on_screen(widget, ratio)
        if all(sprite is None or sprite.ratio == ratio for sprite in map(layer._sprites.get, boxes)):
            return image
    raise AssertionError("the pictures never became sharp")


def crop(image: QImage, area: QRect, ratio: float) -> QImage:
    """Without its measure of pixels, which plays no part from here on."""
    part = image.copy(QRect(area.topLeft() * ratio, area.size() * ratio))
    part.setDevicePixelRatio(1.0)
    return part


def directly(bench: Bench, call_id: str, ratio: float) -> QImage:
    """The box painted straight on to such a screen, with no picture of it in between."""
    image = QImage(bench.view.viewport().size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    painter.setTransform(bench.view.viewportTransform())
    painter.translate(bench.view.graph_scene.boxes[call_id].pos())
    bench.view.graph_scene.boxes[call_id].paint_part(painter)
    painter.end()
    return image


def words_of(bench: Bench, call_id: str) -> QRect:
    """A part of the box that shows its name and its class and nothing that lies behind it."""
    box = bench.view.graph_scene.boxes[call_id].rect()
    return bench.view.mapFromScene(box).boundingRect().adjusted(8, 8, -8, -8)


@pytest.mark.parametrize("before", [1.0, 2.0, 3.0])
def test_words_are_drawn_with_the_pixels_of_the_screen(chain: Bench, before: float) -> None:
    """Also when the window comes from a screen with another scaling."""
    viewport, area = chain.view.viewport(), words_of(chain, "c2")
    on_screen(viewport, before)
    shown, meant = crop(rested(chain, viewport, 2.0), area, 2.0), crop(directly(chain, "c2", 2.0), area, 2.0)
    smooth = Qt.TransformationMode.SmoothTransformation
    coarse = crop(directly(chain, "c2", 1.0), area, 1.0).scaled(
        meant.size(), Qt.AspectRatioMode.IgnoreAspectRatio, smooth
    )
    wrong = np.abs(pixels(coarse) - pixels(meant)).max()
    assert wrong > 60, "half the pixels would look the same: this area proves nothing"
    assert np.abs(pixels(shown) - pixels(meant)).max() <= 2


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
def test_pictures_lie_on_the_pixels_of_a_canvas_that_begins_between_them(chain: Bench, ratio: float) -> None:
    """A picture that lies between pixels is smeared over them."""
    window = QWidget()
    window.resize(QSize(1101, 801))
    chain.view.setParent(window)
    chain.view.move(QPoint(101, 33))
    window.show()
    _hide_overlays(chain.view)
    on_screen(window, ratio)
    image = rested(chain, window, ratio)
    scene = chain.view.graph_scene
    sprite = scene.box_layer._sprites.get(scene.boxes["c2"])
    assert sprite is not None
    picture = sprite.picture.toImage()
    picture.setDevicePixelRatio(1.0)
    middle = QRect(0, 0, picture.width() // 2, picture.height() // 3)
    middle.moveCenter(picture.rect().center())
    words = pixels(picture.copy(middle))
    assert np.ptp(words) > 60, "there are no words in it"
    at = chain.view.mapTo(window, words_of(chain, "c2").center()) * ratio
    reach = 4
    found = [
        np.array_equal(pixels(image.copy(middle.translated(at - middle.center() + QPoint(x, y)))), words)
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    ]
    assert sum(found) == 1
    chain.view.setParent(None)
    window.deleteLater()


def test_the_overview_follows_the_screen(chain: Bench) -> None:
    overview = chain.view.findChild(Minimap)
    assert isinstance(overview, Minimap)
    coarse, fine = on_screen(overview, 1.0), on_screen(overview, 2.0)
    doubled = coarse.scaled(fine.size())
    assert (pixels(doubled) != pixels(fine)).any()


def _hide_overlays(view: GraphView) -> None:
    for child in view.findChildren(QWidget):
        if child is not view.viewport() and child.parent() in (view, view.viewport()):
            child.hide()
