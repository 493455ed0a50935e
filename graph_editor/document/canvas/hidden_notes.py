"""Notes in collapsed frames: they are hidden, and go where the boxes of the frame go."""

from collections.abc import Callable, Sequence

from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.canvas.notes import shift_notes
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, RemoveCall, SetCanvas, SetPositions


def with_hidden_notes(document: Document, edits: Sequence[Edit], place_of: Callable[[str], Point]) -> Sequence[Edit]:
    """``edits``, and what lets hidden notes go along with the boxes that these move; ``place_of`` tells from where."""
    frames = [frame for frame in frames_of(document) if frame.notes]
    if not frames:
        return edits
    moves = [edit.positions for edit in edits if isinstance(edit, SetPositions)]
    gone = {edit.call for edit in edits if isinstance(edit, RemoveCall)}
    there = {key: place for move in moves for key, place in move.items() if place is not None and key not in gone}
    shifts: dict[str, Point] = {}
    for frame in frames:
        box = next((box for box in frame.boxes if box in there), None)
        if box is not None:
            (x, y), (left, top) = there[box], place_of(box)
            shifts.update(dict.fromkeys(frame.notes, (x - left, y - top)))
    before = next((edit.canvas for edit in reversed(edits) if isinstance(edit, SetCanvas)), document.canvas_extra)
    after = shift_notes(before, {key: by for key, by in shifts.items() if by != (0.0, 0.0)})
    return edits if after == before else [*edits, SetCanvas(after)]
