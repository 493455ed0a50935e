"""Boxes and wires are painted together: from pictures of each when near, in batches from afar."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from graph_editor.view.items.chunks import Chunks
from graph_editor.view.painting.sprites import Sprites, empty_sprite
from tests.gui.view.conftest import Bench

EVERYWHERE = (-1e6, -1e6, 1e6, 1e6)


def view_of(bench: Bench) -> QImage:
    return bench.view.viewport().grab().toImage()


def test_what_a_box_says_is_painted_anew(chain: Bench) -> None:
    before = view_of(chain)
    chain.view.select(["c2"])
    assert view_of(chain) != before
    chain.view.select(())
    assert view_of(chain) == before


def test_a_dragged_box_leaves_nothing_behind(chain: Bench) -> None:
    start, end = chain.middle("c4"), chain.middle("c4") + QPoint(120, 160)
    chain.drag(start, end)
    corner = chain.pixel(QPointF(500, 340)) - QPoint(10, 10)
    left = view_of(chain).copy(corner.x(), corner.y(), 60, 60)
    assert len({left.pixel(x, y) for x in range(60) for y in range(60)}) <= 2, "the ground and its dots"


def test_texts_are_sharp_again_when_the_zoom_rests(chain: Bench, qtbot: QtBot) -> None:
    chain.view.zoom_to(1.3)
    view_of(chain)
    chain.view.zoom_to(1.2)
    blurred = view_of(chain)

    def sharp() -> bool:
        return view_of(chain) != blurred

    qtbot.waitUntil(sharp, timeout=5000)
    rested = view_of(chain)
    chain.view.graph_scene.set_style(chain.view.graph_scene.style_sheet)  # makes all pictures anew
    assert view_of(chain) == rested


def test_hidden_wires_are_painted_neither_near_nor_from_afar(chain: Bench) -> None:
    for zoom in (1.0, 0.2):
        chain.view.zoom_to(zoom)
        wire = chain.view.graph_scene.wires["c2", ("args", 0)]
        place = chain.pixel(QPointF(wire.start().x(), (wire.start().y() + wire.end().y()) / 2))
        seen = chain.color_at(place)
        wire.setVisible(False)
        assert chain.color_at(place) != seen
        wire.setVisible(True)
        assert chain.color_at(place) == seen


def test_a_picture_shows_everything_though_it_is_small(chain: Bench, tmp_path: Path) -> None:
    chain.view.render_image(tmp_path / "small.png", scale=0.2)
    chain.view.render_image(tmp_path / "graph.svg")
    assert not QImage(str(tmp_path / "small.png")).isNull()
    text = (tmp_path / "graph.svg").read_text("utf-8")
    assert text.count("<text") >= 8, "names and kinds are text, not pictures"
    assert "<image" not in text


def test_wires_are_found_along_their_way_not_only_at_their_ends(chain: Bench) -> None:
    scene = chain.view.graph_scene
    chain.drag(chain.middle("c3"), chain.middle("c3") + QPoint(0, 180))
    long = scene.wires["c3", ("args", 0)]
    for x, y in long.points():
        assert long in scene.wires_in(QRectF(x - 1, y - 1, 2, 2))
    assert scene.wires_in(QRectF(-5000, -5000, 10, 10)) == []


# The parts of it


def test_a_square_is_collected_once_and_again_when_something_in_it_changes() -> None:
    collected: list[list[str]] = []

    def collect(parts: list[str], _coarse: bool) -> list[str]:
        collected.append(parts)
        return parts

    chunks = Chunks(collect)
    for name, x in (("a", 0), ("b", 10), ("far", 9000)):
        chunks.put(name, (x, 0, x + 5, 5))
    assert list(chunks.within(EVERYWHERE, coarse=False)) == [["a", "b"], ["far"]] and len(collected) == 2
    list(chunks.within(EVERYWHERE, coarse=False))
    assert len(collected) == 2
    assert list(chunks.within((-10, -10, 20, 20), coarse=False)) == [["a", "b"]]
    chunks.touch("far")
    assert len(list(chunks.within(EVERYWHERE, coarse=False))) == 2 and collected[2:] == [["far"]]


def test_many_that_move_together_leave_their_squares_at_once() -> None:
    collected: list[int] = []

    def collect(parts: list[int], _coarse: bool) -> list[int]:
        collected.append(len(parts))
        return parts

    chunks = Chunks(collect)
    for number in range(10):
        chunks.put(number, (0, 0, 5, 5))
    list(chunks.within(EVERYWHERE, coarse=False))
    for step in range(1, 4):
        for number in range(6):
            chunks.put(number, (step, 0, step + 5, 5))
        list(chunks.within(EVERYWHERE, coarse=False))
    assert collected == [10, 4, 6, 6, 6], "what stays is collected once, what moves each time"


def test_what_moves_lies_loose_until_it_rests() -> None:
    chunks: Chunks[str, list[str]] = Chunks(lambda parts, _coarse: parts)
    for name in ("a", "b"):
        chunks.put(name, (0, 0, 5, 5))
    list(chunks.within(EVERYWHERE, coarse=False))
    for step in (100, 200):
        chunks.put("b", (step, 0, step + 5, 5))
        assert list(chunks.within(EVERYWHERE, coarse=False)) == [["a"], ["b"]] and len(chunks) == 2
    assert list(chunks.within(EVERYWHERE, coarse=False)) == [["a", "b"]]
    chunks.put("a", (7, 0, 9, 5))
    chunks.drop("a")
    chunks.drop("b")
    assert list(chunks.within(EVERYWHERE, coarse=False)) == [] and len(chunks) == 0


def test_pictures_that_were_not_used_for_long_go_first(qapp: object) -> None:
    sprites = Sprites(most_bytes=3 * 40 * 40 * 4)
    for name in "abc":
        sprites.put(name, empty_sprite(QRectF(0, 0, 40, 40), 1.0, 1.0)[0])
    sprites.get("a")
    sprites.put("d", empty_sprite(QRectF(0, 0, 40, 40), 1.0, 1.0)[0])
    assert sprites.get("a") is not None and sprites.get("b") is None and len(sprites) == 3


def test_a_picture_has_room_for_all_of_it_with_its_edges_on_pixels(qapp: object) -> None:
    area = QRectF(-6.3, -2.1, 180.7, 70.2)
    sprite, corner = empty_sprite(area, 0.7, 2.0)
    assert sprite.area.contains(area) and sprite.area.topLeft() == corner
    assert sprite.picture.width() == round(sprite.area.width() * 1.4) < area.width() * 1.4 + 2
    assert sprite.picture.toImage().pixelColor(3, 3) == QColor(Qt.GlobalColor.transparent)
