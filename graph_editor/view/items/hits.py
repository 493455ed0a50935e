"""What lies under the mouse."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from graph_editor.document.graph import TensorRef
from graph_editor.document.ports import Slot
from graph_editor.view.items.box_item import BoxItem
from graph_editor.view.items.collapsed_frames import CollapsedFrame
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.items.wire_item import WireItem
from graph_editor.view.painting.metrics import DOT_REACH, PORT_RADIUS, PORT_REACH, TEXT_ZOOM, WIRE_END, WIRE_REACH

_PORT_SHARE = 1 / 6  # of the height of a box, for the ports of either edge


@dataclass(frozen=True, slots=True)
class OutputHit:
    tensor: TensorRef
    place: QPointF


@dataclass(frozen=True, slots=True)
class InputHit:
    call: str
    slot: Slot
    place: QPointF


@dataclass(frozen=True, slots=True)
class DotHit:
    wire: WireItem
    number: int  # of the dots of the wire


def box_at(scene: GraphScene, at: QPointF) -> BoxItem | None:
    """The box at a place; of several the one made last."""
    inside = scene.index.within((at.x(), at.y(), at.x(), at.y()))
    if len(inside) < 2:
        return scene.shown(inside[0]) if inside else None
    members = set(inside)
    boxes = (*reversed(scene.collapsed_frames.items.items()), *reversed(scene.boxes.items()))
    return next(box for key, box in boxes if key in members)


def boxes_in(scene: GraphScene, area: QRectF) -> list[str]:
    """The boxes that a rectangle touches, in the order of the document."""
    inside = set(scene.index.within((area.left(), area.top(), area.right(), area.bottom())))
    touched = {call_id for key in inside for call_id in scene.shown(key).members}
    return [call_id for call_id in scene.graph.calls if call_id in touched] if inside else []


def stand_in_at(scene: GraphScene, at: QPointF, zoom: float) -> CollapsedFrame | None:
    """Return what stands in for a frame at a place, within reach of its ports too."""
    reach = PORT_REACH / max(zoom, 0.7) if scene.collapsed_frames.items else 0.0
    near = scene.index.within((at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach)) if reach else ()
    return next((scene.collapsed_frames.items[key] for key in near if key in scene.collapsed_frames.items), None)


def port_at(scene: GraphScene, at: QPointF, zoom: float) -> OutputHit | InputHit | None:
    """The port at a place; none from afar, where they are not painted."""
    if zoom < TEXT_ZOOM:
        return None
    reach = PORT_REACH / max(zoom, 0.7)
    near = scene.index.within((at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach))
    candidates: list[tuple[float, OutputHit | InputHit]] = []
    for key in near:
        box = scene.shown(key)
        within = _reach_inside(box, reach) if box.rect().contains(at) else reach
        hits: list[OutputHit | InputHit] = [OutputHit(tensor, place) for tensor, place in box.output_places()]
        if not isinstance(box, CollapsedFrame):
            hits += [InputHit(key, slot, place) for slot, place in box.input_places()]
        candidates += [(distance, hit) for hit in hits if (distance := _distance(hit.place, at)) <= within]
    return min(candidates, key=lambda pair: pair[0])[1] if candidates else None


def _reach_inside(box: BoxItem, reach: float) -> float:
    """Return how near to a port one has to be inside of the box, most of which is there to be taken hold of itself."""
    return min(reach, max(PORT_RADIUS, box.rect().height() * _PORT_SHARE))


def wire_at(scene: GraphScene, at: QPointF, zoom: float) -> WireItem | None:
    """The nearest wire within reach."""
    return wire_near(scene, at, WIRE_REACH / max(zoom, 0.4))


def wire_near(
    scene: GraphScene, at: QPointF, reach: float, fits: Callable[[WireItem], bool] = lambda _wire: True
) -> WireItem | None:
    """The nearest of the wires that fit, not farther away than ``reach``."""
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    wires = scene.wires_in(area)
    near = sorted(((wire.distance(at), number) for number, wire in enumerate(wires)))
    return next((wires[number] for distance, number in near if distance <= reach and fits(wires[number])), None)


def dot_at(scene: GraphScene, at: QPointF, zoom: float) -> DotHit | None:
    """The dot of a wire at a place, unless a box lies over it."""
    if not scene.dots or box_at(scene, at) is not None:
        return None
    reach = DOT_REACH / max(zoom, 0.7)
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    candidates: list[tuple[float, int, DotHit]] = []
    for wire in scene.wires_in(area):
        for number, place in enumerate(wire.dots):
            candidates.append((_distance(QPointF(*place), at), len(candidates), DotHit(wire, number)))
    distance, _, hit = min(candidates, default=(reach + 1, 0, None))
    return hit if distance <= reach else None


def end_at(wire: WireItem, at: QPointF, zoom: float) -> str | None:
    """Whether ``at`` is near the "target" or the "source" end of a wire; from afar ends cannot be told from boxes."""
    if zoom < TEXT_ZOOM:
        return None
    to_end, to_start = _distance(wire.end(), at), _distance(wire.start(), at)
    if min(to_end, to_start) > WIRE_END:
        return None
    return "target" if to_end <= to_start else "source"


def _distance(a: QPointF, b: QPointF) -> float:
    return float(((a.x() - b.x()) ** 2 + (a.y() - b.y()) ** 2) ** 0.5)
