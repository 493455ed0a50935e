"""What lies beside the boxes goes with them, and comes with their copies; files without it stay as they were."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.frames import add_frame, frames_of
from graph_editor.document.changes import commands
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.replacing import replace_layers
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetCanvas
from graph_editor.document.files.file_format import dumps
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History

CATALOG = Catalog.load()


class Desk:
    """Input → three Dense, of which the last two (``b``, ``c``) are in a frame."""

    def __init__(self) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)
        self.input = self.add("InputLayer", None, 0)
        self.a = self.add("Dense", self.input, 100)
        self.b = self.add("Dense", self.a, 200)
        self.c = self.add("Dense", self.b, 300)
        self.do(add_frame(self.document, [self.b, self.c], "two"))

    def add(self, class_name: str, after: str | None, y: float) -> str:
        source = TensorRef(after) if after else None
        edits, call = commands.add_layer(self.document, class_name, "keras.layers", None, (0, y), CATALOG, after=source)
        self.do(edits)
        return call

    def do(self, edits: Sequence[Edit]) -> None:
        self.history.do("step", edits)

    def group(self, *calls: str) -> str:
        edits, made = group(self.document, calls, CATALOG, lambda _ref: ((None, 8), "float32"))
        self.do(edits)
        return made

    def dissolve(self, call: str) -> list[str]:
        edits, made = dissolve(self.document, call)
        self.do(edits)
        return made

    @property
    def frames(self) -> list[tuple[str, ...]]:
        return [frame.boxes for frame in frames_of(self.document)]

    def back_and_forth(self, before: bytes) -> None:
        after = dumps(self.document)
        self.history.undo()
        assert dumps(self.document) == before
        self.history.redo()
        assert dumps(self.document) == after


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_deleted_box_leaves_its_frame_so_that_none_with_its_id_lands_there(desk: Desk) -> None:
    before = dumps(desk.document)
    desk.do(commands.delete_calls(desk.document, [desk.c]))
    assert desk.frames == [(desk.b,)]
    desk.back_and_forth(before)
    new = desk.add("Dropout", None, 500)
    assert new == desk.c and desk.frames == [(desk.b,)]  # the id is used again, the frame does not know it
    desk.do(commands.delete_calls(desk.document, [desk.b]))
    assert desk.document.canvas_extra == {}


def test_bridging_forgets_as_deleting_does(desk: Desk) -> None:
    before = dumps(desk.document)
    desk.do(bridge_calls(desk.document, [desk.b]))
    assert desk.frames == [(desk.c,)]
    desk.back_and_forth(before)


def test_copies_of_whole_frames_are_framed_and_parts_are_not(desk: Desk) -> None:
    before = dumps(desk.document)
    edits, made = duplicate(desk.document, [desk.a, desk.b, desk.c], (24, 24))
    desk.do(edits)
    assert desk.frames == [(desk.b, desk.c), (made[1], made[2])]
    assert [frame.title for frame in frames_of(desk.document)] == ["two", "two"]
    desk.back_and_forth(before)
    desk.do(duplicate(desk.document, [desk.b], (24, 24))[0])
    assert len(desk.frames) == 2


def test_the_clipboard_carries_frames(desk: Desk) -> None:
    text = copied_text(desk.document, [desk.b, desk.c], desk.document.positions)
    other = Desk()
    for _ in range(2):
        edits, made = paste(other.document, "main", read_clip(text), (0, 0), (168, 56))
        other.do(edits)
        assert other.frames[-1] == tuple(made)
    assert len(other.frames) == 3 and len({frame.id for frame in frames_of(other.document)}) == 3
    assert "frames" not in copied_text(desk.document, [desk.b], desk.document.positions)


@pytest.mark.parametrize(
    "hostile",
    [7, "f", [1], {"f1": 3}, {"f1": {"title": 1, "color": "red", "boxes": ["c3"]}}, {"f1": {"boxes": ["c3", {}]}}],
)
def test_what_is_no_frame_in_a_clipboard_is_passed_over(desk: Desk, hostile: object) -> None:
    content = json.loads(copied_text(desk.document, [desk.b, desk.c], desk.document.positions))
    content["canvas"]["frames"] = hostile
    desk.do(paste(desk.document, "main", read_clip(json.dumps(content)), (0, 0), (168, 56))[0])
    assert len(desk.document.graph.calls) == 6 and len(desk.frames) == 1


def test_what_is_not_understood_survives_every_step(desk: Desk) -> None:
    desk.do([SetCanvas({"stars": [1], "frames": {"x": "?", "f1": desk.document.canvas_extra["frames"]["f1"]}})])
    desk.do(duplicate(desk.document, [desk.b, desk.c], (24, 24))[0])
    desk.dissolve(desk.group(desk.b))
    desk.do(commands.delete_calls(desk.document, [desk.b]))
    assert desk.document.canvas_extra["stars"] == [1] and desk.document.canvas_extra["frames"]["x"] == "?"


def test_frames_go_into_a_nested_model_and_come_out_again(desk: Desk) -> None:
    before = dumps(desk.document)
    model = desk.group(desk.a, desk.b, desk.c)
    assert desk.frames == [(desk.b, desk.c)]
    desk.back_and_forth(before)
    desk.dissolve(model)
    assert desk.frames == [(desk.b, desk.c)]


def test_the_box_of_a_nested_model_stands_in_for_its_layers_in_a_frame(desk: Desk) -> None:
    model = desk.group(desk.b)
    assert desk.frames == [(desk.c, model)]
    before = dumps(desk.document)
    desk.dissolve(model)
    assert desk.frames == [(desk.c, desk.b)]
    desk.back_and_forth(before)
    desk.group(desk.a, desk.b)
    assert desk.frames == [(desk.c,)]  # what is only partly within leaves


def test_a_model_with_two_boxes_gives_each_a_frame(desk: Desk) -> None:
    model = desk.group(desk.b, desk.c)
    edits, twin = commands.share(desk.document, model, (400, 0))
    desk.do(edits)
    desk.do(commands.connect(desk.document, TensorRef(desk.a), twin, None, CATALOG))
    before = dumps(desk.document)
    made = desk.dissolve(model)
    assert desk.frames == [(desk.b, desk.c), tuple(key for key in made if key not in (desk.b, desk.c))]
    desk.back_and_forth(before)


def test_frames_inside_a_nested_model_are_copied_and_go_with_it(desk: Desk) -> None:
    model = desk.group(desk.b, desk.c)
    edits, (copy,) = duplicate(desk.document, [model], (0, 90))
    desk.do(edits)
    inner = desk.document.operation_of(copy).graph
    assert inner is not None and set(desk.frames[1]) < desk.document.graphs[inner].calls.keys()
    before = dumps(desk.document)
    desk.do(commands.delete_calls(desk.document, [copy]))
    assert desk.frames == [(desk.b, desk.c)]
    desk.back_and_forth(before)
    dense = CATALOG.layer("Dense")
    assert dense is not None
    before = dumps(desk.document)
    desk.do(replace_layers(desk.document, [model], dense, CATALOG))
    assert desk.frames == []
    desk.back_and_forth(before)


def test_a_document_without_any_of_it_stays_without(desk: Desk) -> None:
    desk.history.undo()
    desk.dissolve(desk.group(desk.b, desk.c))
    desk.do(duplicate(desk.document, [desk.b], (24, 24))[0])
    desk.do(bridge_calls(desk.document, [desk.c]))
    assert desk.document.canvas_extra == {} and b"frames" not in dumps(desk.document)
