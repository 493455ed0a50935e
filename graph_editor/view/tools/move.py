"""Drag boxes; a press without a drag selects.

They stop where they are in line with others, and a single box that takes nothing yet goes into the wire on which it is
dropped; Alt prevents both.
"""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QPointF, Qt

from graph_editor.document.canvas.notes import Box
from graph_editor.document.changes.inserting import may_go_into
from graph_editor.document.document import Point
from graph_editor.view.items.hits import box_at, wire_near
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.painting.metrics import TEXT_ZOOM
from graph_editor.view.tools.base import Gesture, Pointer, Words
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.snapping import Snapping
from resources.text import Text

_THRESHOLD = 4  # pixels before a press becomes a drag


class MoveGesture(Gesture):
    priority = 30
    words: ClassVar[Words] = (
        (Text("Drop a box on a wire"), Text("Insert it there; with Alt it only moves")),
        (Text("Drag a box"), Text("Move it into line with others; with Alt anywhere")),
    )
    pans_at_edges = True

    def __init__(self, canvas: Canvas, call_ids: Sequence[str]) -> None:
        """``call_ids``: the box that was pressed, or those that stand together."""
        super().__init__(canvas)
        self._together, self._pressed = tuple(call_ids), next(iter(call_ids), "")
        self._corner: Point = (0.0, 0.0)
        self._origin = QPointF()
        self._before: dict[str, Point] = {}
        self._notes: dict[str, Box] = {}  # that go along
        self._notes_before: tuple[str, ...] = ()
        self._selection_before: tuple[str, ...] = ()
        self._dragging = False
        self._snapping: Snapping | None = None
        self._wire: WireItem | None = None  # the box would go into it

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveGesture | None":
        box = box_at(canvas.graph_scene, at.scene) if at.button == Qt.MouseButton.LeftButton else None
        return cls(canvas, box.members) if box else None

    def start(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        self._first, self._origin = at.view, at.scene
        self._selection_before, self._notes_before = scene.selection, scene.notes.selected
        self._adds = at.adds
        self._was_selected = self._choose()
        self._before = {key: scene.place_of(key) for key in scene.collapsed_frames.whole(scene.selection)}
        if self._together:
            corner = scene.shown(self._pressed).pos()
            self._corner = corner.x(), corner.y()
        self._notes = scene.notes.places()

    def _choose(self) -> bool:
        """Let the selection hold what was pressed; whether it did already."""
        scene = self.canvas.graph_scene
        if set(self._together) <= set(scene.selection):
            return True
        kept = (scene.selection, scene.notes.selected) if self._adds else ((), ())
        scene.select([*kept[0], *self._together], kept[1])
        return False

    def update(self, at: Pointer) -> None:
        if not self._dragging and (at.view - self._first).manhattanLength() < _THRESHOLD:
            return
        if not self._dragging:
            self._dragging = True
            scene = self.canvas.graph_scene
            self._snapping = Snapping(scene, scene.collapsed_frames.units(self._before), self._notes)
        self.canvas.graph_scene.preview_places(self._moved(at))
        self.canvas.graph_scene.notes.preview(self._moved_notes(at))
        self._light(self._wire_below(at))

    def finish(self, at: Pointer) -> None:
        scene = self.canvas.graph_scene
        if not self._dragging:
            self._click()
            return
        new_places, notes, wire = self._moved(at), self._moved_notes(at), self._wire_below(at)
        self._light(None)
        self._end_snapping()
        scene.preview_places(self._before)
        scene.notes.refresh()
        if wire is None:
            self.canvas.actions_on_boxes.move(new_places, notes)
        else:
            self.canvas.actions_on_boxes.insert(self._pressed, wire.edge, new_places[self._pressed])

    def cancel(self) -> None:
        scene = self.canvas.graph_scene
        self._light(None)
        self._end_snapping()
        scene.preview_places({key: scene.place_of(key) for key in self._before if key in scene.boxes})
        scene.notes.refresh()
        scene.select(self._selection_before, self._notes_before)

    def _click(self) -> None:
        """A press that stayed: with a modifier a selected box leaves the selection, else it stays alone, or opens."""
        scene = self.canvas.graph_scene
        pressed = scene.collapsed_frames.of(self._pressed)
        if pressed is not None and pressed.toggle().contains(self._origin):
            self.canvas.run_action("collapse_into_one")
        elif self._was_selected and self._adds:
            left = [call_id for call_id in scene.selection if call_id not in self._together]
            scene.select(left, scene.notes.selected)
        elif not self._adds:
            scene.select(self._together)

    def _moved(self, at: Pointer) -> dict[str, Point]:
        dx, dy = self._way(at)
        here = self.canvas.graph_scene.boxes
        return {key: (x + dx, y + dy) for key, (x, y) in self._before.items() if key in here}

    def _moved_notes(self, at: Pointer) -> dict[str, Box]:
        dx, dy = self._way(at)
        here = self.canvas.graph_scene.notes.items
        return {key: (x + dx, y + dy, w, h) for key, (x, y, w, h) in self._notes.items() if key in here}

    def _way(self, at: Pointer) -> tuple[int, int]:
        """Return how far everything goes."""
        dx, dy = round(at.scene.x() - self._origin.x()), round(at.scene.y() - self._origin.y())
        if self._snapping is None:
            return dx, dy
        if at.modifiers & Qt.KeyboardModifier.AltModifier or self.canvas.zoom < TEXT_ZOOM:
            self._snapping.rest()
            return dx, dy
        more = self._pull(self._snapping, dx, dy)
        return dx + more[0], dy + more[1]

    def _pull(self, snapping: Snapping, dx: int, dy: int) -> tuple[int, int]:
        """Return how much farther, to be in line with others."""
        if self._pressed not in self._before:
            return 0, 0
        x, y = self._corner
        return snapping.pull((x + dx, y + dy), self._height(), self.canvas.zoom)

    def _height(self) -> float:
        return self.canvas.graph_scene.shown(self._pressed).rect().height()

    def _end_snapping(self) -> None:
        if self._snapping is not None:
            self._snapping.end()
            self._snapping = None

    # A wire that the box would go into

    def _wire_below(self, at: Pointer) -> WireItem | None:
        scene = self.canvas.graph_scene
        if len(self._before) != 1 or at.modifiers & Qt.KeyboardModifier.AltModifier or not self._is_loose():
            return None
        middle = scene.boxes[self._pressed].rect().center()
        return wire_near(scene, middle, scene.boxes[self._pressed].rect().height() / 2, self._takes)

    def _is_loose(self) -> bool:
        graph = self.canvas.graph_scene.graph
        here = self._pressed in graph.calls and not self.canvas.graph_scene.collapsed_frames.takes(self._pressed)
        return here and not any(graph.calls[self._pressed].tensors())

    def _takes(self, wire: WireItem) -> bool:
        return may_go_into(self.canvas.document, self._pressed, wire.edge, self.canvas.catalog)

    def _light(self, wire: WireItem | None) -> None:
        before, self._wire = self._wire, wire
        if before is not wire and before is not None:
            before.show_state(hovered=False)
        if wire is not None:
            wire.show_state(hovered=True)


GESTURE = MoveGesture
