"""A layer is dragged here from the palette: a ghost shows where its box will be; a wire it would join lights up."""

from typing import Final

from PySide6.QtCore import QMimeData, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.items.hits import wire_at
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.painting.box_painter import BODY
from graph_editor.view.painting.marks import paint_mark
from graph_editor.view.painting.metrics import RADIUS
from graph_editor.view.painting.style import Face, Style, line
from graph_editor.view.tools.canvas import Canvas

LAYER_MIME: Final = "application/x-lamella-layer"


def dragged_spec(catalog: Catalog, mime: QMimeData) -> LayerSpec | None:
    """The layer that is being dragged ("module:class_name"), if it is one."""
    if not mime.hasFormat(LAYER_MIME):
        return None
    module, _, class_name = bytes(mime.data(LAYER_MIME).data()).decode("utf-8", "replace").rpartition(":")
    return catalog.layer(class_name, module)


class DropLayer:
    """Like a mouse gesture, but driven by a drag that began elsewhere."""

    def __init__(self, canvas: Canvas, spec: LayerSpec) -> None:
        self._canvas = canvas
        self._spec = spec
        self._wire: WireItem | None = None

    def start(self, at: QPointF) -> None:
        scene = self._canvas.graph_scene
        self._ghost = GhostBox(self._spec, scene.style_sheet)
        scene.addItem(self._ghost)
        self.update(at)

    def update(self, at: QPointF) -> None:
        self._ghost.setPos(_corner(at))
        self._light(wire_at(self._canvas.graph_scene, at, self._canvas.zoom) if self._fits_into_wires() else None)

    def finish(self, at: QPointF) -> str | None:
        """Add the layer; its call id."""
        wire = self._wire
        self.cancel()
        corner = _corner(at)
        place = (float(round(corner.x())), float(round(corner.y())))
        return self._canvas.actions_on_boxes.add(self._spec, place, into=wire.edge if wire else None)

    def cancel(self) -> None:
        self._light(None)
        self._canvas.graph_scene.removeItem(self._ghost)

    def _fits_into_wires(self) -> bool:
        return bool(self._spec.inputs) and sum(port.required for port in self._spec.inputs) <= 1

    def _light(self, wire: WireItem | None) -> None:
        if self._wire is not wire and self._wire is not None:
            self._wire.show_state(hovered=False)
        self._wire = wire
        if wire is not None:
            wire.show_state(hovered=True)


class GhostBox(QGraphicsItem):
    """The outline of a box that is not there yet."""

    def __init__(self, spec: LayerSpec, style: Style) -> None:
        super().__init__()
        self._spec, self._style = spec, style
        face = Face(style.theme.font(13, bold=True), style.theme.color("text"))
        self._name = line(face, face.elided(spec.shown_name, BOX_WIDTH - 30), 19, BOX_HEIGHT / 2)
        self.setZValue(45.0)
        self.setOpacity(0.85)

    def boundingRect(self) -> QRectF:
        return BODY.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self._style.ghost)
        painter.setBrush(self._style.box)
        painter.drawRoundedRect(BODY, RADIUS, RADIUS)
        paint_mark(painter, self._spec.category, self._style.bar(self._spec.category), QPointF(10, 25))
        self._name.paint(painter)


def _corner(at: QPointF) -> QPointF:
    return at - QPointF(BOX_WIDTH / 2, BOX_HEIGHT / 2)
