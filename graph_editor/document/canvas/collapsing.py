"""Collapsed boxes: bars with nothing but a name. Which ones they are is kept in the canvas section of the file."""

from collections.abc import Collection, Mapping
from typing import Final

from graph_editor.document.canvas.values import set_value
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Json
from graph_editor.document.sizes import box_height

_KEY: Final = "collapsed"


def collapsed_boxes(document: Document) -> frozenset[str]:
    """The boxes that are collapsed; what a file holds that is no such list is passed over."""
    found = document.canvas_extra.get(_KEY)
    return frozenset(found) if found is not None and _is_list(found) else frozenset()


def set_collapsed(document: Document, call_ids: Collection[str], collapsed: bool) -> list[Edit]:
    """Collapse boxes, or show all of them again."""
    before = collapsed_boxes(document)
    after = before | set(call_ids) if collapsed else before - set(call_ids)
    return [] if after == before else set_value(document, _KEY, sorted(after))


def height_of(document: Document, call_id: str) -> float:
    """Return how tall a box is."""
    return box_height(call_id in collapsed_boxes(document))


class _Collapsed:
    """Collapsed boxes as a kind of thing on the canvas."""

    key: Final = _KEY

    def without(self, value: Json, removed_ids: Collection[str]) -> Json:
        return [item for item in value if item not in removed_ids] if _is_list(value) else value

    def copied(self, value: Json, ids: Mapping[str, str], shift: Point) -> Json:
        return [ids[item] for item in value if item in ids] if _is_list(value) else []


COLLAPSED: Final = _Collapsed()


def _is_list(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
