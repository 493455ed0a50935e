"""What a box says: worked out from the document, the engine's results and the problems. Plain values, no Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.summary import shape_text, summary_line
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.checking.built_model import BuiltModel, LeftOut
from graph_editor.document.checking.left_out import why_left_out
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.graph import Operation, TensorRef
from graph_editor.document.nesting import layer_count
from graph_editor.document.ports import Ports, Slot
from resources.text import tr

Severity = Literal["", "warning", "error"]
_NESTED = {"Functional", "Sequential", "Model"}


@dataclass(frozen=True, slots=True)
class CallDisplay:
    """What the engine found out about a call: a shape and a dtype for each output, weights in scalars."""

    shapes: tuple[tuple[int | None, ...], ...] = ()
    dtypes: tuple[str, ...] = ()
    parameters: int | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class BoxLook:
    """Everything that is painted of a box, apart from its place and whether it is selected."""

    name: str
    detail: str
    category: str
    parameters: str = ""
    frozen: bool = False
    shared: int = 1
    severity: Severity = ""
    message: str = ""
    tooltip: str = ""
    inputs: tuple[Slot, ...] = ()
    free_inputs: tuple[Slot, ...] = ()  # shown only while a wire is being dragged here
    labels: tuple[str, ...] = ("",)  # a shape for each output
    outputs: tuple[bool, ...] = (False,)  # which of them are outputs of the model
    output_names: tuple[str, ...] = ()  # of a nested model
    nested: bool = False  # it can be entered
    frozen_by: str = ""  # the frozen model that the box lies in
    collapsed: bool = False  # a bar with the name alone
    left_out: LeftOut | None = None  # it is no part of the model
    left_out_why: str = ""
    partly_out: str = ""  # of a collapsed frame: some of its boxes are left out, in a sentence
    partly_frozen: str = ""

    @property
    def output_count(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class GraphLook:
    """What all boxes of a graph have in common: where they lie, its outputs, and the frozen model around it."""

    document: Document
    catalog: Catalog
    graph_id: str
    outputs: frozenset[TensorRef]
    frozen_by: str = ""
    collapsed: frozenset[str] = frozenset()  # the boxes that are bars
    model: BuiltModel | None = None  # what of the document is built
    reasons: dict[LeftOut, str] = field(default_factory=dict)  # why boxes are left out, once in words

    def left_out(self, call_id: str) -> LeftOut | None:
        return self.model.left_out.get(call_id) if self.model else None

    def why(self, reason: LeftOut | None) -> str:
        if reason is None:
            return ""
        if reason not in self.reasons:
            self.reasons[reason] = why_left_out(self.document, reason)
        return self.reasons[reason]


def box_look(around: GraphLook, call_id: str, display: CallDisplay | None, problems: Sequence[Problem]) -> BoxLook:
    graph, ports = around.document.graphs[around.graph_id], Ports(around.document, around.catalog)
    call, operation = graph.calls[call_id], graph.operation_of(call_id)
    spec = around.catalog.layer(operation.class_name, operation.module)
    places = ports.slots(operation, call) if operation.class_name != INPUT else []
    shown_slots = tuple(slot for slot in places if slot.source is not None or slot.required)
    indices = [edge.source.index for edge in graph.edges_from(call_id)]
    told = len(display.shapes) if display and operation.graph is None else 0
    count = max(told, ports.output_count(operation), *(i + 1 for i in indices), 1)
    shapes = display.shapes if display else ()
    frozen_by = around.frozen_by if operation.class_name != INPUT else ""
    severity, message, tooltip = _worst(problems, display)
    left_out = around.left_out(call_id)
    return BoxLook(
        name=operation.shown_name,
        detail=_detail(around, operation),
        category=_category(operation, spec.category if spec else None),
        parameters=_parameters(display, left_out),
        frozen=not operation.trainable or bool(frozen_by),
        shared=len(graph.calls_of(operation.id)),
        severity=severity,
        message=message,
        tooltip=tooltip,
        inputs=shown_slots,
        free_inputs=tuple(slot for slot in places if slot not in shown_slots),
        labels=tuple(shape_text(shapes[index]) if index < len(shapes) else "" for index in range(count)),
        outputs=tuple(TensorRef(call_id, index) in around.outputs for index in range(count)),
        output_names=tuple(ports.output_names(operation)),
        nested=operation.graph is not None,
        frozen_by=frozen_by,
        collapsed=call_id in around.collapsed,
        left_out=left_out,
        left_out_why=around.why(left_out),
    )


def with_reason(look: BoxLook, around: GraphLook, call_id: str, display: CallDisplay | None) -> BoxLook:
    """A look in which nothing else is different but why the box is left out, if it is."""
    left_out = around.left_out(call_id)
    why, parameters = around.why(left_out), _parameters(display, left_out)
    return replace(look, parameters=parameters, left_out=left_out, left_out_why=why)


def _parameters(display: CallDisplay | None, left_out: LeftOut | None) -> str:
    return compact(display.parameters) if display and display.parameters and not left_out else ""


def _detail(around: GraphLook, operation: Operation) -> str:
    """The second line of a box."""
    if operation.graph is None:
        spec = around.catalog.layer(operation.class_name, operation.module)
        return summary_line(spec, operation.class_name, operation.config)
    count = layer_count(around.document, operation)
    if count == 1:
        return tr("{kind} · one layer", kind=operation.class_name)
    return tr("{kind} · {count} layers", kind=operation.class_name, count=count)


def compact(count: int) -> str:
    """A number of parameters in at most five signs: 970, 83.0k, 1.24M."""
    value, unit = float(count), ""
    for larger in ("k", "M", "B", "T"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    if not unit:
        return str(count)
    digits = 2 if value < 10 and unit != "k" else 1 if value < 100 else 0
    return f"{value:.{digits}f}{unit}"


def box_tooltip(look: BoxLook, help_text: str, shapes_in: Sequence[str]) -> str:
    """The whole of what a box can only hint at, in lines."""
    lines = [look.name, look.detail]
    if help_text:
        lines.append(help_text)
    if any(shapes_in):
        lines.append(tr("in: {shapes}", shapes=", ".join(shape for shape in shapes_in if shape)))
    if any(look.labels):
        lines.append(tr("out: {shapes}", shapes=", ".join(shape for shape in look.labels if shape)))
    if look.left_out_why:
        lines.append(look.left_out_why)
    if look.frozen_by:
        lines.append(tr("Frozen with {model}, the model it lies in.", model=look.frozen_by))
    elif look.frozen:
        lines.append(tr("Frozen: training leaves its weights as they are."))
    if look.shared > 1:
        lines.append(tr("One of {count} boxes that share the same weights.", count=look.shared))
    if look.nested:
        lines.append(tr("Double click to open it."))
    if look.tooltip:
        lines.append(look.tooltip)
    return "\n".join(lines)


def count_of_layers(count: int, parameters: int | None) -> str:
    layers = tr("one layer") if count == 1 else tr("{count} layers", count=count)
    return tr("{layers} · {number} parameters", layers=layers, number=f"{parameters:,}") if parameters else layers


def by_call(problems: Sequence[Problem]) -> Mapping[str, list[Problem]]:
    """The problems of each box."""
    problems_by_call: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.call is not None:
            problems_by_call.setdefault(problem.call, []).append(problem)
    return problems_by_call


def _worst(problems: Sequence[Problem], display: CallDisplay | None) -> tuple[Severity, str, str]:
    texts = [str(problem.text) for problem in problems]
    errors = [problem for problem in problems if problem.is_error]
    if display and display.error and display.error not in texts:
        return "error", str(errors[0].text) if errors else display.error, "\n".join([*texts, display.error])
    if not problems:
        return "", "", ""
    chosen = errors[0] if errors else problems[0]
    return chosen.severity, str(chosen.text), "\n".join(texts)


def _category(operation: Operation, from_catalog: str | None) -> str:
    if from_catalog:
        return from_catalog
    return "nested" if operation.graph is not None or operation.class_name in _NESTED else "operation"
