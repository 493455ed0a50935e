"""Paints one box from what it says and how it stands. Texts are laid out once, when the box first shows."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from graph_editor.document.checking.left_out import mark as mode_mark
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH, SLIM_HEIGHT
from graph_editor.view.painting.content import BoxLook
from graph_editor.view.painting.inside_painter import paint_view
from graph_editor.view.painting.inside_values import InsideLook
from graph_editor.view.painting.marks import HEIGHT, paint_mark
from graph_editor.view.painting.metrics import LABEL_DROP, PORT_RADIUS, RADIUS, port_offsets
from graph_editor.view.painting.style import Face, Line, Style, line, snowflake, stripes, text_box
from resources.text import tr

BODY = QRectF(0, 0, BOX_WIDTH, BOX_HEIGHT)
SLIM_BODY = QRectF(0, 0, BOX_WIDTH, SLIM_HEIGHT)  # of a collapsed box
_HATCHING, _SLIM_HATCHING = stripes(BODY, RADIUS), stripes(SLIM_BODY, RADIUS)
_MARK, _SLIM_MARK = QPointF(10, 17), QPointF(10, 13)  # the middles of the category's mark
_SLIM_MARK_HEIGHT = 14.0
_TEXT_LEFT = 19.0
_TEXT_RIGHT = BOX_WIDTH - 10.0
_FIRST_LINE, _SECOND_LINE = 17.0, 34.5
_SLIM_LINE = SLIM_HEIGHT / 2
INSIDE = QRectF(11, 25.5, BOX_WIDTH - 21, 20.5)  # where a box shows what comes out of it
_MOST_BRIEFS = 2
_BRIEF_BEYOND = 10.0  # how far figures below the box may stick out at its left


@dataclass(slots=True)
class BoxState:
    """How a box stands at the moment: what changes with the mouse, and is in no document."""

    selected: bool = False
    hovered: bool = False
    target: bool = False  # a wire that is being dragged may end here
    expanded: bool = False  # optional inputs show
    lit_port: tuple[str, int] | None = None  # ("in" or "out", which)
    middle_input: int | None = None  # the input that stands in the middle, because its wire comes straight from above


@dataclass(slots=True)
class Prepared:
    """The laid out texts of a box."""

    lines: list[Line] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)
    grounds: list[tuple[QRectF, str]] = field(default_factory=list)  # what lies behind texts below the box
    mark: QRectF | None = None
    flake: QPointF | None = None
    mode: QRectF | None = None  # behind the words that say that it is left out
    warned: QRectF | None = None  # behind the mark of a problem that has no room for its sentence


def body_of(look: BoxLook) -> QRectF:
    return SLIM_BODY if look.collapsed else BODY


def prepare(look: BoxLook, style: Style, inside: InsideLook | None = None) -> Prepared:
    """Lay out what a box says. With ``inside`` what comes out of it takes the place of its second line."""
    if look.collapsed:
        return _prepare_slim(look, style)
    result = Prepared()
    right = _TEXT_RIGHT
    if look.frozen or look.partly_frozen:
        result.flake = QPointF(right - 5, _FIRST_LINE)
        right -= 16
    right = _add_mode(result, look, right, _FIRST_LINE, style)
    if look.parameters:
        face = style.count_frozen if look.frozen else style.count
        count = line(face, look.parameters, right, _FIRST_LINE + 0.5, align=1.0)
        result.lines.append(count)
        right -= count.width + 6
    _add(result.lines, style.name_idle if look.left_out else style.name, look.name, right, _FIRST_LINE)
    if inside is None or (inside.view is None and not inside.note):
        _prepare_second_line(result, look, style)
    elif inside.view is None:
        face = style.detail if inside.quiet else style.message["warning"]
        _add(result.lines, face, inside.note, _TEXT_RIGHT, _SECOND_LINE)
    if look.message:
        _prepare_message(result, look, style)
    else:
        _prepare_labels(result, look, style)
        _prepare_briefs(result, look, inside, style)
    return result


def _prepare_second_line(result: Prepared, look: BoxLook, style: Style) -> None:
    right = _TEXT_RIGHT
    if look.shared > 1:
        mark = line(style.mark, f"×{look.shared}", right - 4, _SECOND_LINE, align=1.0)
        result.mark = QRectF(mark.at.x() - 4, _SECOND_LINE - 7, mark.width + 8, 14)
        result.lines.append(mark)
        right = result.mark.left() - 5
    _add(result.lines, style.detail_frozen if look.frozen else style.detail, look.detail, right, _SECOND_LINE)


def _prepare_briefs(result: Prepared, look: BoxLook, inside: InsideLook | None, style: Style) -> None:
    """Figures of what comes out, at the left of the output ports, those that have room."""
    ports = port_offsets(look.output_count)
    if inside is None or not ports:
        return
    right = min([ports[0] - 12, *(ground.left() - 5 for ground, kind in result.grounds if kind)])
    middle = body_of(look).height() + LABEL_DROP + 4
    for brief in inside.briefs[:_MOST_BRIEFS]:
        if style.brief.width(brief) <= right + _BRIEF_BEYOND:
            text = line(style.brief, brief, right, middle, align=1.0)
            result.grounds.append((QRectF(text.at.x() - 3, text.at.y() + 1, text.width + 6, text.face.height - 1), ""))
            result.below.append(text)
        middle += style.brief.height - 0.5


def _prepare_slim(look: BoxLook, style: Style) -> Prepared:
    """The name, and signs for what else a box would say; below it only that it is an output of the model."""
    result, right = Prepared(), _TEXT_RIGHT
    if look.severity:
        result.warned = QRectF(right - 13, _SLIM_LINE - 7, 14, 14)
        result.lines.append(line(style.sign[look.severity], "!", result.warned.center().x(), _SLIM_LINE, align=0.5))
        right -= 19
    if look.frozen:
        result.flake = QPointF(right - 5, _SLIM_LINE)
        right -= 16
    right = _add_mode(result, look, right, _SLIM_LINE, style)
    if look.shared > 1:
        mark = line(style.mark, f"×{look.shared}", right - 4, _SLIM_LINE, align=1.0)
        result.mark = QRectF(mark.at.x() - 4, _SLIM_LINE - 7, mark.width + 8, 14)
        result.lines.append(mark)
        right = result.mark.left() - 5
    _add(result.lines, style.name_idle if look.left_out else style.name, look.name, right, _SLIM_LINE)
    _prepare_labels(result, look, style)
    return result


def _add(lines: list[Line], face: Face, text: str, right: float, middle: float) -> None:
    lines.append(line(face, face.elided(text, right - _TEXT_LEFT), _TEXT_LEFT, middle))


def _add_mode(result: Prepared, look: BoxLook, right: float, middle: float, style: Style) -> float:
    """Say at the right of a line that the box is left out, or some of a frame; how far its text may reach."""
    if look.left_out is None and not look.partly_out:
        return right
    text = mode_mark(look.left_out) if look.left_out else tr("partly")
    face = style.mark if look.left_out and look.left_out.kind == "bypassed" else style.mark_idle
    words = line(face, text, right - 4, middle, align=1.0)
    result.mode = QRectF(words.at.x() - 5, middle - 7, words.width + 10, 14)
    result.lines.append(words)
    return result.mode.left() - 5


def _prepare_message(result: Prepared, look: BoxLook, style: Style) -> None:
    """One sentence below the box, on a ground that hides the wires behind it."""
    face = style.message[look.severity or "error"]
    rows, size = text_box(BOX_WIDTH - 4, face, look.message, 2)
    top = BOX_HEIGHT + LABEL_DROP + 2
    result.grounds.append((QRectF(-4, top - 2, BOX_WIDTH + 8, size.height() + 4), look.severity))
    for index, row in enumerate(rows):
        result.below.append(line(face, row, 2, top + face.height * (index + 0.5)))


def _prepare_labels(result: Prepared, look: BoxLook, style: Style) -> None:
    """The shapes beside the output ports; a pill under those that are outputs of the model."""
    middle = body_of(look).height() + LABEL_DROP + 11
    ports = port_offsets(look.output_count)
    if not ports:
        return
    left = ports[-1] + 9
    marked = [x for x, is_output in zip(ports, look.outputs, strict=True) if is_output]
    if marked:
        middle += 2
        text = tr("output") if len(marked) == 1 else tr("output ×{count}", count=len(marked))
        pill = line(style.pill, text, sum(marked) / len(marked), middle, align=0.5)
        without_output = look.left_out is not None and look.left_out.passes is None
        if without_output:
            pill = line(style.mark_idle, text, sum(marked) / len(marked), middle, align=0.5)
        ground = QRectF(pill.at.x() - 9, middle - 8, pill.width + 18, 16)
        result.grounds.append((ground, "lost output" if without_output else "output"))
        result.below.append(pill)
        left = max(left, pill.at.x() + pill.width + 12)
    shapes = list(dict.fromkeys(label for label in look.labels if label))
    if shapes and not look.collapsed:
        shape = line(style.shape, ", ".join(shapes), left + 3, middle)
        result.grounds.append((QRectF(left, middle - 8, shape.width + 6, 16), ""))
        result.below.append(shape)


def paint_box(
    painter: QPainter,
    look: BoxLook,
    state: BoxState,
    prepared: Prepared,
    style: Style,
    inside: InsideLook | None = None,
) -> None:
    _paint_below(painter, prepared, style)
    if look.nested:
        _paint_sheets(painter, look, style)
    _paint_body(painter, look, state, style)
    if look.left_out is not None:
        _paint_way_through(painter, look, state, prepared, style)
    painter.setOpacity(1.0 if look.left_out is None else 0.5)
    place, height = (_SLIM_MARK, _SLIM_MARK_HEIGHT) if look.collapsed else (_MARK, HEIGHT)
    paint_mark(painter, look.category, style.bar(look.category), place, height)
    painter.setOpacity(1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    if prepared.mark is not None:
        painter.setBrush(style.mark_fill)
        painter.drawRoundedRect(prepared.mark, 7, 7)
    if prepared.mode is not None:
        bypassed = look.left_out is not None and look.left_out.kind == "bypassed"
        painter.setBrush(style.mark_fill if bypassed else style.idle_fill)
        painter.drawRoundedRect(prepared.mode, 7, 7)
    if prepared.warned is not None:
        painter.setBrush(style.message_fill[look.severity])
        painter.drawEllipse(prepared.warned)
    if inside is not None and inside.view is not None and not look.collapsed:
        paint_view(painter, INSIDE, inside.view, style.ink)
    for text in prepared.lines:
        text.paint(painter)
    if prepared.flake is not None:
        painter.setPen(style.flake)
        painter.setOpacity(1.0 if look.frozen else 0.55)
        painter.drawPath(snowflake(prepared.flake, 5.0))
        painter.setOpacity(1.0)
    paint_ports(painter, look, state, style)


def _paint_below(painter: QPainter, prepared: Prepared, style: Style) -> None:
    """Paint what is written below the box, on its grounds."""
    painter.setPen(Qt.PenStyle.NoPen)
    for rect, kind in prepared.grounds:
        if kind in ("output", "lost output"):
            painter.setBrush(style.pill_fill if kind == "output" else style.idle_fill)
            painter.drawRoundedRect(rect, 8, 8)
        elif kind:
            painter.setBrush(style.message_fill[kind])
            painter.drawRoundedRect(rect, 4, 4)
        else:
            painter.fillRect(rect, style.background)
    for text in prepared.below:
        text.paint(painter)


def _paint_sheets(painter: QPainter, look: BoxLook, style: Style) -> None:
    """A nested model looks like a stack: there is more in it than shows."""
    painter.setPen(style.border_error if look.severity == "error" else style.border_hover)
    painter.setBrush(style.frozen_box if look.frozen else style.box)
    body = body_of(look)
    for step in (2, 1):
        painter.drawRoundedRect(body.adjusted(step * 5, step * 3.5, -step * 5, step * 3.5), RADIUS, RADIUS)


def _paint_body(painter: QPainter, look: BoxLook, state: BoxState, style: Style) -> None:
    body = body_of(look)
    painter.setBrush(style.shadow)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(body.translated(0, 1.5), RADIUS, RADIUS)
    if state.selected or state.target:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.glow)
        painter.drawRoundedRect(body.adjusted(-2.5, -2.5, 2.5, 2.5), RADIUS + 2.5, RADIUS + 2.5)
    if look.left_out is not None:
        painter.setBrush(style.background)
    else:
        painter.setBrush(style.frozen_box if look.frozen else style.box_hover if state.hovered else style.box)
    if look.frozen and look.left_out is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        painter.fillPath(_SLIM_HATCHING if look.collapsed else _HATCHING, style.hatch)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if state.selected or state.target:
        painter.setPen(style.border_selected)
    elif look.severity == "error":
        painter.setPen(style.border_error)
    elif look.severity == "warning":
        painter.setPen(style.border_warning)
    elif look.left_out is not None:
        painter.setPen(style.border_idle)
    else:
        painter.setPen(style.border_hover if state.hovered else style.border)
    painter.drawRoundedRect(body, RADIUS, RADIUS)
    if look.severity == "error" and state.selected:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(style.border_error)
        painter.drawRoundedRect(body.adjusted(2, 2, -2, -2), RADIUS - 2, RADIUS - 2)


def _paint_way_through(painter: QPainter, look: BoxLook, state: BoxState, prepared: Prepared, style: Style) -> None:
    """A line from the input whose tensor is handed on to the output, straight through the box, behind its texts."""
    slots = (*look.inputs, *look.free_inputs) if state.expanded else look.inputs
    passes = look.left_out.passes if look.left_out else None
    place = next((index for index, slot in enumerate(slots) if slot.path == passes), None)
    if place is None:
        return
    body = body_of(look)
    start = QPointF(port_offsets(len(slots), state.middle_input)[place], body.top())
    end = QPointF(port_offsets(look.output_count)[0], body.bottom())
    painter.setPen(style.wire_handed_on)
    painter.drawLine(start, end)
    for text in prepared.lines:
        around = QRectF(text.at.x() - 2, text.at.y() + 2, text.width + 4, text.face.height - 4)
        painter.fillRect(around, style.background)


def paint_ports(painter: QPainter, look: BoxLook, state: BoxState, style: Style) -> None:
    inputs = (*look.inputs, *look.free_inputs) if state.expanded else look.inputs
    for index, x in enumerate(port_offsets(len(inputs), state.middle_input)):
        lit = state.lit_port == ("in", index)
        filled = inputs[index].source is not None
        painter.setBrush(style.port_lit if lit else style.port if filled else style.port_free)
        painter.setPen(style.port_edge if filled or lit else style.port_free_edge)
        painter.drawEllipse(QPointF(x, 0), PORT_RADIUS + lit, PORT_RADIUS + lit)
    bottom = body_of(look).height()
    for index, x in enumerate(port_offsets(look.output_count)):
        lit = state.lit_port == ("out", index)
        painter.setBrush(style.port_lit if lit else style.port)
        painter.setPen(style.port_edge)
        painter.drawEllipse(QPointF(x, bottom), PORT_RADIUS + lit, PORT_RADIUS + lit)
