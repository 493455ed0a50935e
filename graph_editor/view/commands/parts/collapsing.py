"""Collapsing and opening: boxes to bars with their names, frames to one box that stands in for theirs."""

from collections.abc import Iterable, Mapping

from graph_editor.document.canvas.frames import collapse_frames, collapse_into_one, frames_of, leave_frames
from graph_editor.document.canvas.make_room import close_up, make_room
from graph_editor.document.canvas.notes import note_in
from graph_editor.document.changes.commands import move_calls
from graph_editor.document.document import Point
from graph_editor.document.edits import Edit
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from resources.text import Text, tr


class Collapsing:
    """What lies below moves up, and down again when a frame opens."""

    def __init__(self, canvas: WorkCanvas) -> None:
        self._canvas, self._scene, self._document = canvas, canvas.graph_scene, canvas.document

    def open_selected(self) -> bool:
        """Open the frames that are collapsed and selected; whether there were any."""
        frames = self.chosen()
        if frames:
            self.open_frames(frames)
        return bool(frames)

    def open_frames(self, items: Iterable[CollapsedFrame]) -> None:
        frames = list(items)
        frame_ids = [item.frame.id for item in frames]

        def edits() -> list[Edit]:
            places = self._opened(frames)
            return [*collapse_frames(self._document, frame_ids, False), *self._moves(places)]

        self._canvas.actions_on_boxes.do(Text("Open the frame"), edits)

    def reveal(self, name: str) -> bool:
        """Open the frame in which a box is hidden, or a note (by its name); whether there was one."""
        self._scene.finish()
        note = note_in(name)
        item = self._scene.collapsed_frames.of(name) if note is None else self._scene.collapsed_frames.of_note(note)
        if item is not None:
            self.open_frames([item])
        return item is not None

    def collapse_into_one(self) -> None:
        """Collapse the frame around the selection, or the selection in a new frame."""
        call_ids = self._scene.selection or self._pointed()
        if not call_ids:
            self._canvas.report_problem(tr("Select the boxes that are to be collapsed into one."))
            return
        around = next((frame for frame in frames_of(self._document) if set(call_ids) <= set(frame.boxes)), None)
        members = [call_id for call_id in (around.boxes if around else call_ids) if call_id in self._scene.boxes]

        def edits() -> list[Edit]:
            collapsing = collapse_into_one(self._document, call_ids, tr("Frame"), self._notes_among(members))
            return [*collapsing, *self._moves(self._closed_up(members))]

        if self._canvas.actions_on_boxes.do(Text("Collapse into one"), edits):
            self._scene.select(members)

    def _pointed(self) -> tuple[str, ...]:
        """The boxes of the frame that the mouse is in."""
        pixel = self._canvas.pointed_pixel
        item = self._scene.frames.body_at(self._canvas.view.at_pixel(pixel)) if pixel is not None else None
        return tuple(box for box in item.frame.boxes if box in self._scene.boxes) if item else ()

    def chosen(self) -> list[CollapsedFrame]:
        """The stand-ins that are selected."""
        return [item for item in self._scene.collapsed_frames.items.values() if item.state.selected]

    def unframe(self) -> bool:
        """Take the boxes out of the collapsed frames that are selected, if any; whether there were any.

        They show again, so there must be room for them.
        """
        frames, call_ids = self.chosen(), self._scene.selection

        def edits() -> list[Edit]:
            return [*leave_frames(self._document, call_ids), *self._moves(self._opened(frames))]

        if frames:
            self._canvas.actions_on_boxes.do(Text("Take out of the frame"), edits)
        return bool(frames)

    def _notes_among(self, call_ids: list[str]) -> list[str]:
        """The notes that lie within the frame of boxes."""
        area = self._scene.frames.around(call_ids)
        return [key for key, note in self._scene.notes.items.items() if area.contains(note.rect())]

    # Places

    def _moves(self, places: Mapping[str, Point]) -> list[Edit]:
        """Of those boxes alone that do not lie there already."""
        moved = {key: place for key, place in places.items() if self._document.positions.get(key) != place}
        return move_calls(self._document, moved)

    def _closed_up(self, members: list[str]) -> dict[str, Point]:
        """The boxes below those that become one box move up, unless something else stands beside these."""
        scene, inside = self._scene, set(members)
        others = scene.collapsed_frames.units(call_id for call_id in scene.graph.calls if call_id not in inside)
        rows = [scene.place_of(member)[1] for member in members]
        return scene.collapsed_frames.spread(close_up(others, min(rows), max(rows)))

    def _opened(self, items: list[CollapsedFrame]) -> dict[str, Point]:
        """Return where all boxes lie when frames open: what is below them makes room."""
        scene = self._scene
        spots = scene.collapsed_frames.units(scene.graph.calls)
        for item in sorted(items, key=lambda item: item.pos().y()):
            x, y = spots.pop(item.call_id)
            places = scene.collapsed_frames.spread({item.call_id: (x, y)})
            spots.update(places)
            make_room(spots, places, y)
        return scene.collapsed_frames.spread(spots)
