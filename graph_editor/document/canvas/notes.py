"""Notes: text on the canvas of one graph, on a coloured card. They are kept in the canvas section of the file.

A note that is chosen together with boxes goes where these go under its ``name_of`` (see ``canvas/items.py``).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import Final

from graph_editor.document.canvas.values import set_value
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Json

COLORS: Final = ("yellow", "blue", "green", "red", "grey")
MOST_CHARACTERS: Final = 10_000
MOST_NOTES: Final = 2_000  # of a file; what is beyond does not show
SMALLEST: Final = (90.0, 44.0)
LARGEST: Final = (1_600.0, 2_000.0)
USUAL: Final = (220.0, 96.0)
_FARTHEST: Final = 1_000_000.0  # scene units
_KEY: Final = "notes"
_NAME: Final = "note:"

Box = tuple[float, float, float, float]  # left, top, width, height


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    graph: str
    text: str
    color: str
    box: Box


def notes_of(document: Document) -> list[Note]:
    """All notes; what a file holds that is none is passed over."""
    stored_notes = document.canvas_extra.get(_KEY)
    if not isinstance(stored_notes, Mapping):
        return []
    read = (_read(key, item) for key, item in stored_notes.items() if _is_note(item))
    return list(islice((note for note in read if note.graph in document.graphs), MOST_NOTES))


def name_of(note_id: str) -> str:
    """Return what a note is called among the ids of what goes or is copied."""
    return _NAME + note_id


def note_in(name: str) -> str | None:
    """The id of the note that ``name`` stands for; None when it is that of something else."""
    return name.removeprefix(_NAME) if name.startswith(_NAME) else None


def add_note(document: Document, graph_id: str, text: str, box: Box, color: str = COLORS[0]) -> tuple[list[Edit], str]:
    taken = document.canvas_extra.get(_KEY)
    new_id = next(f"n{number}" for number in count(1) if not isinstance(taken, Mapping) or f"n{number}" not in taken)
    note = Note(new_id, graph_id, text[:MOST_CHARACTERS], color, _held(box))
    return _set(document, {new_id: _json(note)}), new_id


def write_note(document: Document, note_id: str, text: str) -> list[Edit]:
    """Give a note another text; one without any goes."""
    found = document.canvas_extra.get(_KEY)
    if not isinstance(found, Mapping) or note_id not in found:
        return []
    text = text[:MOST_CHARACTERS]
    return _change(document, {note_id: {"text": text}}) if text.strip() else _set(document, {note_id: None})


def color_notes(document: Document, note_ids: Iterable[str], color: str) -> list[Edit]:
    return _change(document, {note_id: {"color": color} for note_id in note_ids})


def place_notes(document: Document, boxes: Mapping[str, Box]) -> list[Edit]:
    """Move notes, or give them another size."""
    return _change(document, {note_id: {"box": list(_held(box))} for note_id, box in boxes.items()})


def shift_notes(canvas: Mapping[str, Json], shifts: Mapping[str, Point]) -> Mapping[str, Json]:
    """A canvas section on which notes lie elsewhere."""
    found = canvas.get(_KEY)
    items = found if isinstance(found, Mapping) else {}
    moved_notes = {
        key: {**items[key], "box": list(shifted(_read(key, items[key]), by).box)}
        for key, by in shifts.items()
        if _is_note(items.get(key))
    }
    return {**canvas, _KEY: {**items, **moved_notes}} if moved_notes else canvas


class _Notes:
    """Notes as a kind of thing on the canvas: they go with their graph, or by their own names."""

    key: Final = _KEY

    def without(self, value: Json, removed_ids: Collection[str]) -> Json:
        if not isinstance(value, Mapping):
            return value
        return {
            key: item
            for key, item in value.items()
            if not _is_note(item) or (item["graph"] not in removed_ids and name_of(key) not in removed_ids)
        }

    def copied(self, value: Json, ids: Mapping[str, str], shift: Point) -> Json:
        """Notes of graphs that are copied, and single ones that go to the graph that ``ids`` says."""
        copies: dict[str, Json] = {}
        for key, item in value.items() if isinstance(value, Mapping) else ():
            graph_id = (ids.get(item["graph"]) or ids.get(name_of(key))) if _is_note(item) else None
            if graph_id is not None and len(copies) < MOST_NOTES:
                copies[key] = _json(shifted(replace(_read(key, item), graph=graph_id), shift))
        return copies


NOTES: Final = _Notes()


def shifted(note: Note, by: Point) -> Note:
    x, y, width, height = note.box
    return replace(note, box=_held((x + by[0], y + by[1], width, height)))


def _change(document: Document, changes: Mapping[str, Mapping[str, Json]]) -> list[Edit]:
    found = document.canvas_extra.get(_KEY)
    items = found if isinstance(found, Mapping) else {}
    after = {key: {**items[key], **change} for key, change in changes.items() if key in items}
    different = {key: item for key, item in after.items() if item != items[key]}
    return _set(document, different) if different else []


def _set(document: Document, changes: Mapping[str, Json]) -> list[Edit]:
    """Notes with other content, each at its place; those that are None go."""
    found = document.canvas_extra.get(_KEY)
    items = {**(found if isinstance(found, Mapping) else {}), **changes}
    return set_value(document, _KEY, {key: item for key, item in items.items() if item is not None})


def _json(note: Note) -> dict[str, Json]:
    return {"graph": note.graph, "text": note.text, "color": note.color, "box": list(note.box)}


def _is_note(item: Json) -> bool:
    match item:
        case {"graph": str(), "text": str(text), "color": str(), "box": [*numbers]}:
            return 0 < len(text) <= MOST_CHARACTERS and len(numbers) == 4 and all(_is_number(n) for n in numbers)
    return False


def _is_number(value: Json) -> bool:
    """Whether a note can be anywhere near it; what is no number is not smaller either."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def _read(key: str, item: Json) -> Note:
    color = item["color"] if item["color"] in COLORS else COLORS[0]
    x, y, width, height = map(float, item["box"])
    return Note(key, item["graph"], item["text"], color, _held((x, y, width, height)))


def _held(box: Box) -> Box:
    """Within what can be shown."""
    x, y, width, height = box
    far = _FARTHEST
    size = [min(max(value, low), high) for value, low, high in zip((width, height), SMALLEST, LARGEST, strict=True)]
    return min(max(x, -far), far), min(max(y, -far), far), size[0], size[1]
