"""Frames: boxes that belong together, under a title and a colour. They are kept in the canvas section of the file.

A frame is as large as its boxes need; it shows in the graph in which these lie, and not at all without any.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from graph_editor.document.canvas.values import set_value
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Json

COLORS: Final = ("blue", "green", "teal", "purple", "grey")
OLD_COLORS: Final = ("orange", "red")  # of older files: they looked like problems, and show as others now
_KEY: Final = "frames"


@dataclass(frozen=True, slots=True)
class BoxFrame:
    id: str
    title: str
    color: str
    boxes: tuple[str, ...]
    collapsed: bool = False  # one box stands in for those in it
    notes: tuple[str, ...] = ()  # that are hidden while it is collapsed


def frames_of(document: Document) -> list[BoxFrame]:
    """All frames; what a file holds that is none is passed over."""
    return frames_in(document.canvas_extra)


def frames_in(canvas: Mapping[str, Json]) -> list[BoxFrame]:
    """The frames of a canvas section."""
    found = canvas.get(_KEY)
    return [_read(key, item) for key, item in found.items() if _is_frame(item)] if isinstance(found, Mapping) else []


def free_title(document: Document, title: str) -> str:
    """A title, with a number behind it when a frame has it already."""
    taken = {frame.title for frame in frames_of(document)}
    return next(name for name in chain([title], (f"{title} {number}" for number in count(2))) if name not in taken)


def add_frame(
    document: Document, call_ids: Collection[str], title: str, collapsed: bool = False, notes: Collection[str] = ()
) -> list[Edit]:
    """Put boxes into a frame of their own; they leave those in which they were."""
    if not call_ids:
        return []
    before = document.canvas_extra.get(_KEY)
    return set_value(document, _KEY, with_frame(before, tuple(call_ids), title, collapsed, notes))


def leave_frames(document: Document, call_ids: Collection[str]) -> list[Edit]:
    """Take boxes out of their frames; an empty frame goes."""
    return set_value(document, _KEY, FRAMES.without(document.canvas_extra.get(_KEY), set(call_ids)))


def change_frame(
    document: Document, frame_id: str, *, title: str | None = None, color: str | None = None
) -> list[Edit]:
    wanted = {"title": title, "color": color}
    return _change(document, [frame_id], {key: value for key, value in wanted.items() if value is not None})


def collapse_frames(
    document: Document, frame_ids: Collection[str], collapsed: bool, notes: Collection[str] = ()
) -> list[Edit]:
    """Let one box stand in for those in each frame and for ``notes``, or show them again."""
    hidden = list(notes) if collapsed else []
    return _change(document, frame_ids, {"collapsed": collapsed or None, "notes": hidden or None})


def collapse_into_one(
    document: Document, call_ids: Collection[str], title: str, notes: Collection[str] = ()
) -> list[Edit]:
    """Collapse the frame in which all of these boxes lie; a new one when there is none."""
    around = next((frame for frame in frames_of(document) if set(call_ids) <= set(frame.boxes)), None)
    if around is None or not call_ids:
        return add_frame(document, call_ids, title, True, notes)
    return collapse_frames(document, [around.id], True, notes)


def remove_frame(document: Document, frame_id: str) -> list[Edit]:
    """Take a frame away; its boxes stay."""
    return _change(document, [frame_id], None)


class _Frames:
    """Frames as a kind of thing on the canvas."""

    key: Final = _KEY

    def without(self, value: Json, removed_ids: Collection[str]) -> Json:
        return _each(value, lambda boxes: [box for box in boxes if box not in removed_ids])

    def copied(self, value: Json, ids: Mapping[str, str], shift: Point) -> Json:
        """Frames of which all boxes are copied, without the notes: copies of those have other ids."""
        whole = _each(value, lambda boxes: [ids[box] for box in boxes] if all(box in ids for box in boxes) else [])
        found = whole.items() if isinstance(whole, Mapping) else ()
        return {key: _without_notes(item) for key, item in found if _is_frame(item)}


FRAMES: Final = _Frames()


def grouped(value: Json, call_ids: Collection[str], model: str) -> Json:
    """Frames after boxes have become the box ``model``: it stands in for them in a frame that has others too.

    Notes stay where they are; a frame that goes into the model no longer hides them.
    """
    inside = set(call_ids)

    def after(boxes: Sequence[str]) -> Sequence[str]:
        if inside >= set(boxes):
            return boxes
        stays = [box for box in boxes if box not in inside]
        return [*stays, model] if inside < set(boxes) else stays

    other_frames = _each(value, after)
    if not isinstance(other_frames, Mapping):
        return other_frames
    return {
        key: _without_notes(item) if _is_frame(item) and inside >= set(item["boxes"]) else item
        for key, item in other_frames.items()
    }


def opened(value: Json, blocks: Mapping[str, Collection[str]]) -> Json:
    """Frames after the boxes of nested models have become those in ``blocks``, which are in no other frame."""
    return _each(value, lambda boxes: [name for box in boxes for name in blocks.get(box, (box,))])


def with_frame(
    value: Json, boxes: Sequence[str], title: str, collapsed: bool = False, notes: Collection[str] = ()
) -> Json:
    """Frames and one more around boxes, which leave those in which they were."""
    others = FRAMES.without(value if isinstance(value, Mapping) else {}, set(boxes))
    new_id = next(f"f{number}" for number in count(1) if f"f{number}" not in others)
    return {**others, new_id: _json(BoxFrame(new_id, title, COLORS[0], tuple(boxes), collapsed, tuple(notes)))}


def framed_boxes(value: Json) -> set[str]:
    items = value.values() if isinstance(value, Mapping) else ()
    return {box for item in items if _is_frame(item) for box in item["boxes"]}


def _each(value: Json, change: Callable[[Sequence[str]], Sequence[str]]) -> Json:
    """All frames with other boxes, none without any; what is no frame stays as it is."""
    if not isinstance(value, Mapping):
        return value
    new_frames = {
        key: {**item, "boxes": list(change(item["boxes"]))} if _is_frame(item) else item for key, item in value.items()
    }
    return {key: item for key, item in new_frames.items() if not _is_frame(value[key]) or item["boxes"]}


def _change(document: Document, frame_ids: Collection[str], changes: Mapping[str, Json] | None) -> list[Edit]:
    """Frames with other values, without those keys that become None; ``changes`` None takes the frames away."""
    stored_frames = document.canvas_extra.get(_KEY)
    if not isinstance(stored_frames, Mapping):
        return []
    after = dict(stored_frames)
    for key in frame_ids:
        item: Json = after.get(key)
        if changes is None:
            after.pop(key, None)
        elif _is_frame(item):
            after[key] = {name: value for name, value in {**item, **changes}.items() if value is not None}
    return set_value(document, _KEY, after)


def _json(frame: BoxFrame) -> dict[str, Json]:
    entry = {"title": frame.title, "color": frame.color, "boxes": list(frame.boxes)}
    if frame.collapsed and frame.notes:
        return {**entry, "collapsed": True, "notes": list(frame.notes)}
    return {**entry, "collapsed": True} if frame.collapsed else entry


def _without_notes(item: Json) -> Json:
    return {key: value for key, value in item.items() if key != "notes"}


def _is_frame(item: Json) -> bool:
    match item:
        case {"title": str(), "color": str(), "boxes": [*boxes]}:
            return bool(boxes) and all(isinstance(box, str) for box in boxes)
    return False


def _read(key: str, item: Json) -> BoxFrame:
    color = item["color"] if item["color"] in (*COLORS, *OLD_COLORS) else COLORS[0]
    collapsed, notes = item.get("collapsed") is True, item.get("notes")
    hidden = notes if collapsed and isinstance(notes, list) else ()
    boxes, names = dict.fromkeys(item["boxes"]), dict.fromkeys(name for name in hidden if isinstance(name, str))
    return BoxFrame(key, item["title"], color, tuple(boxes), collapsed, tuple(names))
