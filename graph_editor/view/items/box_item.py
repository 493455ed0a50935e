"""One call of the graph, on the canvas."""

from collections.abc import Mapping
from math import inf

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from graph_editor.document.graph import MODES, ArgumentPath, TensorRef
from graph_editor.document.ports import Slot
from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.view.items.grid_index import Bounds
from graph_editor.view.items.part import Part
from graph_editor.view.painting.box_painter import BODY, BoxState, Prepared, body_of, paint_box, prepare
from graph_editor.view.painting.content import BoxLook
from graph_editor.view.painting.inside_values import InsideLook
from graph_editor.view.painting.metrics import BELOW, OVERHANG, port_offsets
from graph_editor.view.painting.style import Style

BOX_LEVEL = 2.0
_BOUNDS = BODY.adjusted(-OVERHANG, -8, 80, BELOW)


class BoxItem(Part):
    """Shows a ``BoxLook``; the document says where it lies, gestures may show it elsewhere for a while."""

    def __init__(self, call_id: str, look: BoxLook, style: Style) -> None:
        super().__init__()
        self.call_id = call_id
        self.look = look
        self.state = BoxState()
        self.inside: InsideLook | None = None  # what comes out of it, while people look inside
        self.hidden = False  # another box stands in for it
        self.members: tuple[str, ...] = (call_id,)  # the boxes of the document that it shows
        self._style = style
        self._prepared: Prepared | None = None
        self._bounds = QRectF(_BOUNDS)

    def show_look(self, look: BoxLook) -> bool:
        """Show something else; whether ports have come, gone or changed places, as when it is collapsed."""
        if look == self.look:
            return False
        ports_before = self._port_plan()
        self.look = look
        self._prepared = None
        self._fit_bounds()
        self.update()
        return self._port_plan() != ports_before

    def show_inside(self, inside: InsideLook | None) -> None:
        """Show what comes out of it in place of its second line; None: that line again."""
        if inside != self.inside:
            self.inside = inside
            self._prepared = None
            self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self._prepared = None
        self.update()

    def show_state(self, **changes: object) -> None:
        """Change fields of ``state`` and repaint when that makes a difference."""
        new_values = {key: value for key, value in changes.items() if getattr(self.state, key) != value}
        for key, value in new_values.items():
            setattr(self.state, key, value)
        if new_values:
            self.update()

    @property
    def mode(self) -> str:
        """Whether a person bypassed or muted it."""
        kind = self.look.left_out.kind if self.look.left_out else ""
        return kind if kind in MODES else ""

    # Where things are, in scene units

    def area(self) -> Bounds:
        return self.x, self.y, self.x + BOX_WIDTH, self.y + body_of(self.look).height()

    def rect(self) -> QRectF:
        return body_of(self.look).translated(self.x, self.y)

    def painted_rect(self) -> QRectF:
        """The box with what is written below it."""
        return self._painted().adjusted(-2, -6, 2, 6).translated(self.pos())

    def sprite_rect(self) -> QRectF:
        """All that is painted, as seen from ``pos``."""
        return self._painted().adjusted(-6, -9, 6, 10)

    def _painted(self) -> QRectF:
        area = QRectF(body_of(self.look))
        for ground, _ in self._texts().grounds:
            area |= ground
        return area

    def shown_inputs(self) -> tuple[Slot, ...]:
        return (*self.look.inputs, *self.look.free_inputs) if self.state.expanded else self.look.inputs

    def input_place(self, path: ArgumentPath) -> QPointF:
        """The port of an argument; the middle of the upper edge when it does not show."""
        middle = self.pos() + QPointF(BOX_WIDTH / 2, 0)
        return next((place for slot, place in self.input_places() if slot.path == path), middle)

    def input_places(self) -> list[tuple[Slot, QPointF]]:
        slots = self.shown_inputs()
        offsets = port_offsets(len(slots), self.state.middle_input)
        return [(slot, QPointF(self.x + x, self.y)) for slot, x in zip(slots, offsets, strict=True)]

    def center_input(self, places: Mapping[TensorRef | None, float]) -> bool:
        """Put the input in the middle whose source (its x in ``places``) stands right above; whether that changed."""
        center = self.x + BOX_WIDTH / 2
        slots = self.shown_inputs()
        above = (index for index, slot in enumerate(slots) if abs(places.get(slot.source, inf) - center) < 2)
        middle = next(above, None) if len(slots) > 1 else None
        differs = middle != self.state.middle_input
        self.show_state(middle_input=middle)
        return differs

    def output_place(self, index: int) -> QPointF:
        offsets = port_offsets(max(self.look.output_count, index + 1))
        return QPointF(self.x + offsets[index], self.y + body_of(self.look).height())

    def output_places(self) -> list[tuple[TensorRef, QPointF]]:
        return [(TensorRef(self.call_id, index), self.output_place(index)) for index in range(self.look.output_count)]

    # Being painted

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint_part(self, painter: QPainter) -> None:
        paint_box(painter, self.look, self.state, self._texts(), self._style, self.inside)

    def _texts(self) -> Prepared:
        if self._prepared is None:
            self._prepared = prepare(self.look, self._style, self.inside)
        return self._prepared

    def _port_plan(self) -> tuple[object, ...]:
        return (tuple(slot.path for slot in self.shown_inputs()), self.look.output_count, self.look.collapsed)

    def _fit_bounds(self) -> None:
        """Leave room for a long list of shapes at the right."""
        letters = sum(len(label) + 2 for label in self.look.labels)
        bounds = _BOUNDS.adjusted(0, 0, max(0.0, letters * 7.0 - 110), 0)
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
            self.geometryChanged()
