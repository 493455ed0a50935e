"""Notes in the document: written, moved, coloured, copied and gone with their graph; nothing of a file is believed."""

from __future__ import annotations

import json

import pytest

from graph_editor.document.canvas.notes import (
    LARGEST,
    MOST_CHARACTERS,
    SMALLEST,
    add_note,
    color_notes,
    name_of,
    note_in,
    notes_of,
    place_notes,
    write_note,
)
from graph_editor.document.canvas.wire_dots import dots_of, put_dots
from graph_editor.document.changes import commands
from graph_editor.document.changes.bridging import bridge_calls
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.edits import EditError, SetCanvas
from graph_editor.document.files.file_format import dumps, loads
from tests.unit.graph_editor.document.test_canvas_items import Desk

BOX = (300.0, 100.0, 220.0, 96.0)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def note(desk: Desk, text: str = "why", graph_id: str = "main") -> str:
    edits, note_id = add_note(desk.document, graph_id, text, BOX)
    desk.do(edits)
    return note_id


def test_a_note_is_written_changed_and_kept_in_the_file(desk: Desk) -> None:
    before = dumps(desk.document)
    first, second = note(desk, "one\ntwo"), note(desk, "메모")
    desk.do(color_notes(desk.document, [first, second], "green"))
    desk.do(place_notes(desk.document, {second: (1, 2, 300, 200)}))
    desk.do(write_note(desk.document, first, "three"))
    found = notes_of(loads(dumps(desk.document)))
    assert [(item.text, item.color, item.box[:2]) for item in found] == [
        ("three", "green", BOX[:2]),
        ("메모", "green", (1, 2)),
    ]
    assert write_note(desk.document, first, "three") == []
    desk.do(write_note(desk.document, first, " \n"))
    assert [item.id for item in notes_of(desk.document)] == [second]
    while len(notes_of(desk.document)):
        desk.history.undo()
    assert dumps(desk.document) == before


def test_a_note_stays_within_its_limits(desk: Desk) -> None:
    key = note(desk, "x" * (MOST_CHARACTERS + 5))
    assert len(notes_of(desk.document)[0].text) == MOST_CHARACTERS
    desk.do(place_notes(desk.document, {key: (5, 5, 1, 1e9)}))
    assert notes_of(desk.document)[0].box == (5, 5, SMALLEST[0], LARGEST[1])


@pytest.mark.parametrize(
    "hostile",
    [
        3,
        [1, 2],
        {"n1": 5},
        {"n1": {"graph": "main", "text": "", "color": "blue", "box": list(BOX)}},
        {"n1": {"graph": "main", "text": "x" * 10_001, "color": "blue", "box": list(BOX)}},
        {"n1": {"graph": "main", "text": "x", "color": "blue", "box": [1, 2, 3]}},
        {"n1": {"graph": "main", "text": "x", "color": "blue", "box": [1, 2, True, 4]}},
        {"n1": {"graph": "main", "text": "x", "color": "blue", "box": [1, 2, 1e300, 4]}},
        {"n1": {"graph": "main", "text": "x", "color": "blue", "box": [1, 2, 10**400, 4]}},
        {"n1": {"graph": "main", "text": "x", "color": "blue", "box": [1, 2, float("inf"), 4]}},
        {"n1": {"graph": "elsewhere", "text": "x", "color": "blue", "box": list(BOX)}},
    ],
)
def test_what_is_no_note_is_passed_over_and_kept(desk: Desk, hostile: object) -> None:
    desk.do([SetCanvas({"notes": hostile})])
    assert notes_of(desk.document) == []
    desk.do(commands.delete_calls(desk.document, [desk.c], [name_of("n9")]))
    desk.do(duplicate(desk.document, [desk.a], (1, 1), {name_of("n8"): "main"})[0])
    assert desk.document.canvas_extra["notes"] == hostile
    key = note(desk)
    assert [item.id for item in notes_of(desk.document)] == [key]


def test_an_unknown_colour_is_the_first_one(desk: Desk) -> None:
    desk.do([SetCanvas({"notes": {"n1": {"graph": "main", "text": "x", "color": "plaid", "box": [1, 2, 3, 4]}}})])
    assert notes_of(desk.document)[0].color == "yellow"


def test_chosen_notes_go_with_chosen_boxes_in_one_step(desk: Desk) -> None:
    first, second = note(desk), note(desk, "stays")
    before = dumps(desk.document)
    desk.do(commands.delete_calls(desk.document, [desk.c], [name_of(first)]))
    assert [item.id for item in notes_of(desk.document)] == [second] and desk.c not in desk.document.graph.calls
    desk.back_and_forth(before)
    desk.history.undo()
    desk.do(bridge_calls(desk.document, [desk.b], [name_of(first)]))
    assert [item.id for item in notes_of(desk.document)] == [second] and desk.frames == [(desk.c,)]
    desk.do(commands.delete_calls(desk.document, [], [name_of(second)]))
    assert notes_of(desk.document) == [] and desk.frames == [(desk.c,)]


def test_copies_of_notes_alone_and_with_boxes(desk: Desk) -> None:
    key = note(desk)
    desk.do(duplicate(desk.document, [], (24, 24), {name_of(key): "main"})[0])
    desk.do(duplicate(desk.document, [desk.b, desk.c], (24, 24), {name_of(key): "main"})[0])
    assert [item.box[:2] for item in notes_of(desk.document)] == [(300, 100), (324, 124), (324, 124)]
    assert len(desk.frames) == 2


def test_the_clipboard_carries_notes_with_and_without_boxes(desk: Desk) -> None:
    key = note(desk, "carry me")
    alone = copied_text(desk.document, [], {}, [key])
    edits, made = paste(desk.document, "main", read_clip(alone), (0, 0), (168, 56))
    desk.do(edits)
    assert made == [] and [item.box[:2] for item in notes_of(desk.document)] == [(300, 100), (-110, -48)]
    both = copied_text(desk.document, [desk.c], desk.document.positions, [key])
    model = desk.group(desk.b)
    inner = str(desk.document.operation_of(model).graph)
    desk.do(paste(desk.document, inner, read_clip(both), (0, 0), (168, 56))[0])
    assert [(item.graph, item.text) for item in notes_of(desk.document)][-1] == (inner, "carry me")
    assert "notes" not in copied_text(desk.document, [desk.c], desk.document.positions)


def test_a_clipboard_with_neither_boxes_nor_notes_is_refused(desk: Desk) -> None:
    content = json.loads(copied_text(desk.document, [], {}, [note(desk)]))
    content["canvas"]["notes"] = {"n1": 5}
    with pytest.raises(EditError):
        read_clip(json.dumps(content))


def test_notes_inside_a_nested_model_go_where_it_goes(desk: Desk) -> None:
    model = desk.group(desk.b, desk.c)
    inner = str(desk.document.operation_of(model).graph)
    note(desk, "inside", inner)
    edits, (copy,) = duplicate(desk.document, [model], (0, 90))
    desk.do(edits)
    graphs = [item.graph for item in notes_of(desk.document)]
    assert graphs == [inner, desk.document.operation_of(copy).graph]
    before = dumps(desk.document)
    desk.do(commands.delete_calls(desk.document, [copy]))
    assert [item.graph for item in notes_of(desk.document)] == [inner]
    desk.back_and_forth(before)
    desk.history.undo()
    at = desk.document.positions[model]
    corner = min(desk.document.positions[key] for key in (desk.b, desk.c))
    desk.dissolve(model)
    out = notes_of(desk.document)[-1]
    assert out.graph == "main" and out.box[:2] == (BOX[0] + at[0] - corner[0], BOX[1] + at[1] - corner[1])


def test_names_of_notes_are_no_ids_of_calls() -> None:
    assert note_in(name_of("n1")) == "n1" and note_in("c1") is None


def test_dots_of_wires_and_notes_move_in_one_step(desk: Desk) -> None:
    key = note(desk)
    desk.do(put_dots(desk.document, (desk.b, 0, desk.c), [(90, 280)]))
    before = dumps(desk.document)
    moved = commands.move_calls(desk.document, {desk.b: (10, 200), desk.c: (10, 300)})
    desk.do([*moved, *place_notes(desk.document, {key: (1, 1, 100, 100)})])
    assert notes_of(desk.document)[0].box == (1, 1, 100, 100)
    assert dots_of(desk.document) == {(desk.b, 0, desk.c): ((100, 280),)}
    desk.back_and_forth(before)
