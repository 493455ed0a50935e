"""What lies on the canvas beside the boxes and names them: it goes with boxes that go, and comes with their copies.

Ids of calls are handed out again after a deletion, so nothing may keep naming a box that is gone. Each kind of thing is
one object in ``KINDS``. It works on what the canvas section of the file says under its ``key``, believes nothing of
that, and gives back untouched what it does not understand.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Final, Protocol

from graph_editor.document.applied import Applied
from graph_editor.document.canvas.collapsing import COLLAPSED
from graph_editor.document.canvas.frames import FRAMES
from graph_editor.document.canvas.notes import NOTES
from graph_editor.document.canvas.values import Canvas, set_canvas, with_value
from graph_editor.document.canvas.wire_dots import DOTS
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, SetPositions
from graph_editor.document.graph import Json

Copies = tuple[Mapping[str, str], Point]  # the boxes of one graph: whose copy is which, and how far away these lie


class Kind(Protocol):
    """A kind of thing on the canvas; a value that is empty in the end is left out of the file."""

    @property
    def key(self) -> str: ...

    def without(self, value: Json, removed_ids: Collection[str]) -> Json:
        """Return ``value`` without the calls and graphs ``removed_ids``, or the things of this kind so named."""

    def copied(self, value: Json, ids: Mapping[str, str], shift: Point) -> Json:
        """Only what belongs to copies: of calls and graphs ``ids`` (old to new), ``shift`` away from their originals.

        A thing that is copied for itself stands in ``ids`` by its name, with the graph to which it goes.

        What is not copied as a whole is left out.
        """


KINDS: Final[tuple[Kind, ...]] = (FRAMES, COLLAPSED, NOTES, DOTS)


def forget(document: Document, removed_ids: Collection[str]) -> list[Edit]:
    """Let the canvas forget what goes from it under these names."""
    return set_canvas(document, without(document.canvas_extra, removed_ids))


def canvas_forgets(applied: Applied) -> list[Edit]:
    """Let the canvas forget the calls and graphs that edits took away."""
    document, removed_ids = applied.document, applied.removed_ids()
    placed = [call_id for call_id in sorted(removed_ids) if call_id in document.positions]
    places: list[Edit] = [SetPositions(dict.fromkeys(placed))] if placed else []
    return [*places, *forget(document, removed_ids)] if removed_ids else []


def bring(document: Document, source: Canvas, copies: Sequence[Copies]) -> list[Edit]:
    """Let what belongs to boxes come along with copies of these, from the canvas they were on."""
    return set_canvas(document, with_copies(document.canvas_extra, source, copies))


def without(canvas: Canvas, removed_ids: Collection[str]) -> Canvas:
    names = set(removed_ids)
    for kind in (kind for kind in KINDS if kind.key in canvas):
        canvas = with_value(canvas, kind.key, kind.without(canvas[kind.key], names))
    return canvas


def with_copies(canvas: Canvas, source: Canvas, copies: Sequence[Copies]) -> Canvas:
    """``canvas`` with what belongs to copies of boxes that are on the canvas ``source``."""
    for ids, shift in copies:
        for kind in (kind for kind in KINDS if kind.key in source):
            copy = kind.copied(source[kind.key], ids, shift)
            if copy:
                canvas = {**canvas, kind.key: _joined(canvas.get(kind.key), copy)}
    return canvas


def _joined(mine: Json, theirs: Json) -> Json:
    """Both; what would take the key of something else gets one of its own."""
    if isinstance(mine, list) and isinstance(theirs, list):
        return [*mine, *theirs]
    if not isinstance(mine, Mapping) or not isinstance(theirs, Mapping):
        return theirs
    both = dict(mine)
    for key, value in theirs.items():
        both[key if key not in both else _free_key(both, key)] = value
    return both


def _free_key(entries: Mapping[str, Json], wish: str) -> str:
    stem = re.sub(r"\d+$", "", wish)
    return next(f"{stem}{number}" for number in count(1) if f"{stem}{number}" not in entries)
