"""How a collapsed frame tells that its boxes, or some of them, are left out or frozen."""

from PySide6.QtCore import QPoint, QPointF, Qt

from graph_editor.view.items.collapsed_frames import collapsed_frame_tooltip
from graph_editor.view.items.spoken import collapsed_frame_words
from graph_editor.view.painting.content import CallDisplay
from tests.gui.view.conftest import Bench
from tests.gui.view.items.test_seen_wires import collapsed_frame, residual

__all__ = ["residual"]


def words(bench: Bench) -> tuple[str, str]:
    item = collapsed_frame(bench)
    return collapsed_frame_words(bench.view.graph_scene, item), collapsed_frame_tooltip(item, [])


def press(bench: Bench, key: Qt.Key, *boxes: str) -> None:
    bench.view.select(boxes)
    bench.key(key)
    bench.view.select(())


def test_left_out_as_a_whole_it_says_so_and_why(residual: Bench) -> None:
    press(residual, Qt.Key.Key_B, "c3", "c4")
    left_out = collapsed_frame(residual).look.left_out
    assert left_out is not None and left_out.kind == "bypassed" and left_out.passes == ("in", 0)
    assert all("Bypassed: it hands on what comes in" in text for text in words(residual))
    residual.history.undo()
    press(residual, Qt.Key.Key_M, "c2")
    left_out = collapsed_frame(residual).look.left_out
    assert left_out is not None and left_out.kind == "starved"
    assert all("it needs what dense gave" in text for text in words(residual))
    residual.history.undo()
    assert collapsed_frame(residual).look.left_out is None and "eft out" not in "".join(words(residual))


def test_its_border_is_dashed_then(residual: Bench) -> None:
    def edge() -> set[str]:
        left = collapsed_frame(residual).pos() + QPointF(20, 0)
        at = residual.pixel(left)
        return {residual.color_at(at + QPoint(x, 0)).name() for x in range(40)}

    whole = edge()
    press(residual, Qt.Key.Key_M, "c3", "c4")
    assert len(whole) == 1 and len(edge()) > 2


def test_left_out_in_part_it_says_which(residual: Bench) -> None:
    press(residual, Qt.Key.Key_B, "c3")
    look = collapsed_frame(residual).look
    assert look.left_out is None and look.partly_out == "1 of 2 boxes are left out: dense_1"
    assert all(look.partly_out in text for text in words(residual))


def test_frozen_are_its_layers_with_weights(residual: Bench) -> None:
    press(residual, Qt.Key.Key_L, "c3")
    assert (
        collapsed_frame(residual).look.frozen and not collapsed_frame(residual).look.partly_frozen
    )  # an Add has no weights
    for chosen in (["c3", "c4"], ["c2", "c3", "c4"]):  # open it, and collapse more
        residual.view.select(chosen)
        residual.view.run_action("collapse_into_one")
    residual.view.select(())
    look = collapsed_frame(residual).look
    assert not look.frozen and look.partly_frozen == "1 of 2 layers with weights are frozen."
    assert all(look.partly_frozen.rstrip(".") in text for text in words(residual))


def test_it_counts_what_is_built(residual: Bench) -> None:
    shapes = {key: CallDisplay(((None, 8),), ("float32",), 100) for key in ("c3", "c4")}
    residual.view.set_shapes(shapes)
    assert collapsed_frame(residual).look.detail == "2 layers · 200"
    press(residual, Qt.Key.Key_B, "c3")
    assert collapsed_frame(residual).look.detail == "2 layers · 100"
