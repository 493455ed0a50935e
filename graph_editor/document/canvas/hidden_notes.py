"""Notes in collapsed frames: they are hidden, and go where the boxes of the frame go."""

from graph_editor.document.applied import Applied
from graph_editor.document.canvas.frames import frames_in
from graph_editor.document.canvas.notes import shift_notes
from graph_editor.document.canvas.values import set_canvas
from graph_editor.document.document import Point
from graph_editor.document.edits import Edit, RemoveCall


def hidden_notes_follow(applied: Applied) -> list[Edit]:
    """Let notes go along with the boxes of the frame that hid them, where edits moved these."""
    frames = [frame for frame in frames_in(applied.canvas_before) if frame.notes]
    if not frames:
        return []
    after = applied.document.positions
    removed_ids = {edit.call for edit in applied.edits if isinstance(edit, RemoveCall)}
    ways = {
        key: (after[key][0] - place[0], after[key][1] - place[1])
        for key, place in applied.places_before().items()
        if place is not None and key in after and key not in removed_ids
    }
    shifts_by_box = {key: way for key, way in ways.items() if any(way)}
    shifts: dict[str, Point] = {}
    for frame in frames:
        box = next((box for box in frame.boxes if box in shifts_by_box), None)
        if box is not None:
            shifts.update(dict.fromkeys(frame.notes, shifts_by_box[box]))
    return set_canvas(applied.document, shift_notes(applied.document.canvas_extra, shifts))
