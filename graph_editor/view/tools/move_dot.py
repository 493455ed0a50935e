"""Drag a dot of a wire, or with Alt held a new one out of the wire.

It stops where it is in line with its neighbours; Alt prevents that. Dropped where the wire would run without it, it is
taken away.
"""

from PySide6.QtCore import QLineF, QPointF, Qt

from graph_editor.document.canvas.wire_dots import Wire, apart, wire_of
from graph_editor.document.document import Point
from graph_editor.view.items.hits import box_at, dot_at, port_at, wire_at
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from graph_editor.view.tools.snapping import Guides
from resources.text import Text

_THRESHOLD = 4  # pixels before a press becomes a drag
_PULL = 6.0  # pixels
_AWAY = 5.0  # pixels from the line between its neighbours: nearer, a dot changes nothing


class MoveDotGesture(Gesture):
    priority = 18
    words = (
        (Text("Alt and drag from a wire"), Text("Pull a new dot out of it")),
        (Text("Drag a dot of a wire"), Text("Lead the wire another way; double click or Del: remove the dot")),
    )
    cursor = Qt.CursorShape.SizeAllCursor
    pans_at_edges = True

    def __init__(self, canvas: Canvas, wire: WireItem, places: tuple[Point, ...], number: int, new: bool) -> None:
        super().__init__(canvas)
        self._wire: Wire = wire_of(wire.edge)
        self._item = wire
        self._places, self._number, self._new = places, number, new
        start, end = wire.start(), wire.end()
        way = [(start.x(), start.y()), *places, (end.x(), end.y())]
        self._before, self._behind = way[number], way[number + 2]
        self._dragging = False
        self._guides: Guides | None = None

    @classmethod
    def begins(cls, canvas: Canvas, at: Pointer) -> "MoveDotGesture | None":
        if at.button != Qt.MouseButton.LeftButton:
            return None
        scene, zoom = canvas.graph_scene, canvas.zoom
        if port_at(scene, at.scene, zoom) is not None or box_at(scene, at.scene) is not None:
            return None
        dot = dot_at(scene, at.scene, zoom)
        if dot is not None:
            return cls(canvas, dot.wire, dot.wire.dots, dot.number, new=False)
        wire = wire_at(scene, at.scene, zoom) if at.modifiers == Qt.KeyboardModifier.AltModifier else None
        if wire is None:
            return None
        place, number = wire.nearest(at.scene)
        return cls(canvas, wire, (*wire.dots[:number], place, *wire.dots[number:]), number, new=True)

    def start(self, at: Pointer) -> None:
        self._first, self._origin = at.view, at.scene
        self._was_away = self._is_away(self._places[self._number])
        self._show(self._places)

    def update(self, at: Pointer) -> None:
        if not self._dragging and (at.view - self._first).manhattanLength() < _THRESHOLD:
            return
        if not self._dragging:
            self._dragging = True
            self._guides = Guides(self.canvas.graph_scene.style_sheet.wire_dragged)
            self.canvas.graph_scene.addItem(self._guides)
        self._show(self._after(at))

    def finish(self, at: Pointer) -> None:
        after = self._after(at) if self._dragging else self._places
        self._clean_up()
        if self._new:
            label = Text("Add a dot")
        else:
            label = Text("Move a dot") if len(after) == len(self._places) else Text("Remove a dot")
        if self._dragging or self._new:
            self.canvas.actions_on_boxes.put_dots(self._wire, after, label)
        else:
            self.canvas.graph_scene.select(())

    def cancel(self) -> None:
        self._clean_up()

    def _after(self, at: Pointer) -> tuple[Point, ...]:
        """The dots of the wire with the dragged one where it is now."""
        x, y = self._places[self._number]
        dx, dy = at.scene.x() - self._origin.x(), at.scene.y() - self._origin.y()
        place = (float(round(x + dx)), float(round(y + dy)))
        away = self._is_away(place)
        place = self._snapped(place, at) if away or not self._was_away else place
        self._was_away = self._was_away or away
        dot = (place,) if away or not self._was_away else ()
        return (*self._places[: self._number], *dot, *self._places[self._number + 1 :])

    def _is_away(self, place: Point) -> bool:
        distance, share = apart(place, self._before, self._behind)
        return distance > _AWAY / self.canvas.zoom or share in (0.0, 1.0)

    def _snapped(self, place: Point, at: Pointer) -> Point:
        """A place in line with a dot or a port before or behind, if one is near."""
        assert self._guides is not None
        in_line: list[Point] = []
        snapped = [*place]
        if not at.modifiers & Qt.KeyboardModifier.AltModifier:
            for axis in (0, 1):
                near = min((self._before, self._behind), key=lambda other: abs(other[axis] - place[axis]))
                if abs(near[axis] - place[axis]) <= _PULL / self.canvas.zoom:
                    snapped[axis] = float(round(near[axis]))
                    in_line.append(near)
        self._guides.show_lines([QLineF(QPointF(*near), QPointF(*snapped)) for near in in_line])
        return snapped[0], snapped[1]

    def _show(self, places: tuple[Point, ...]) -> None:
        self.canvas.graph_scene.preview_dots(self._wire, places)
        number = self._number if len(places) == len(self._places) else None
        self._item.show_state(hovered=True, hovered_dot=number)

    def _clean_up(self) -> None:
        self.canvas.graph_scene.preview_dots(self._wire, None)
        self._item.show_state(hovered=False, hovered_dot=None)
        if self._guides is not None:
            self.canvas.graph_scene.removeItem(self._guides)
            self._guides = None


GESTURE = MoveDotGesture
