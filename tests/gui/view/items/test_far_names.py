"""From afar boxes show their names alone, as large as they can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph_editor.document.changes.commands import rename
from tests.gui.view.conftest import Bench


def picture(bench: Bench, call_id: str) -> list[int]:
    """The pixels of a box, without its edges and its coloured bar."""
    view = bench.view
    rect = view.mapFromScene(view.graph_scene.boxes[call_id].rect().adjusted(24, 6, -6, -6)).boundingRect()
    image = view.viewport().grab(QRect(rect)).toImage()
    return [image.pixel(x, y) for y in range(image.height()) for x in range(image.width())]


def has_words(bench: Bench, call_id: str) -> Callable[[], bool]:
    return lambda: len(set(picture(bench, call_id))) > 6


@pytest.mark.parametrize("zoom", [0.38, 0.3, 0.25])
def test_names_show_from_afar(chain: Bench, qtbot: QtBot, zoom: float) -> None:
    chain.view.zoom_to(zoom)
    for call_id in ("c1", "c2"):
        qtbot.waitUntil(has_words(chain, call_id))
    before = picture(chain, "c2")
    chain.history.do("Rename", rename(chain.document, chain.document.graph.calls["c2"].operation, "head"))
    qtbot.waitUntil(lambda: picture(chain, "c2") != before and has_words(chain, "c2")())
    chain.history.undo()
    qtbot.waitUntil(lambda: picture(chain, "c2") == before)


def test_from_farther_away_there_are_plain_boxes(chain: Bench) -> None:
    chain.view.zoom_to(0.15)
    for _ in range(5):
        QApplication.processEvents()
        assert not has_words(chain, "c2")()
