"""What a box says: worked out from the document, the engine's results and the problems. Plain values, no Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.summary import shape_text, summary_line
from graph_editor.document.commands import INPUT
from graph_editor.document.graph import ArgumentPath, Graph, Operation, TensorRef
from graph_editor.document.ports import Slot, slots
from graph_editor.document.validation import Problem
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

    @property
    def output_count(self) -> int:
        return len(self.labels)


def box_look(
    graph: Graph,
    call_id: str,
    catalog: Catalog,
    display: CallDisplay | None,
    problems: Sequence[Problem],
    model_outputs: frozenset[TensorRef],
) -> BoxLook:
    call, operation = graph.calls[call_id], graph.operation_of(call_id)
    spec = catalog.layer(operation.class_name, operation.module)
    places = slots(call, spec) if operation.class_name != INPUT else []
    shown = tuple(slot for slot in places if slot.source is not None or slot.required)
    used = [edge.source.index for edge in graph.edges_from(call_id)]
    from_catalog = catalog.output_count(spec, operation.config) if spec else 1
    told = len(display.shapes) if display else 0
    count = max(told, from_catalog, *(i + 1 for i in used), 1)
    shapes = display.shapes if display else ()
    severity, message, tooltip = _worst(problems, display)
    return BoxLook(
        name=operation.name,
        detail=summary_line(spec, operation.class_name, operation.config),
        category=_category(operation, spec.category if spec else None),
        parameters=compact(display.parameters) if display and display.parameters else "",
        frozen=not operation.trainable,
        shared=len(graph.calls_of(operation.id)),
        severity=severity,
        message=message,
        tooltip=tooltip,
        inputs=shown,
        free_inputs=tuple(slot for slot in places if slot not in shown),
        labels=tuple(shape_text(shapes[index]) if index < len(shapes) else "" for index in range(count)),
        outputs=tuple(TensorRef(call_id, index) in model_outputs for index in range(count)),
    )


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
    if look.frozen:
        lines.append(tr("Frozen: training leaves its weights as they are."))
    if look.shared > 1:
        lines.append(tr("One of {count} boxes that share the same weights.", count=look.shared))
    if look.tooltip:
        lines.append(look.tooltip)
    return "\n".join(lines)


def slot_of(look: BoxLook, path: ArgumentPath) -> Slot | None:
    return next((slot for slot in (*look.inputs, *look.free_inputs) if slot.path == path), None)


def by_call(problems: Sequence[Problem]) -> Mapping[str, list[Problem]]:
    """The problems of each box."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.call is not None:
            found.setdefault(problem.call, []).append(problem)
    return found


def _worst(problems: Sequence[Problem], display: CallDisplay | None) -> tuple[Severity, str, str]:
    texts = [str(problem.text) for problem in problems]
    errors = [problem for problem in problems if problem.severity == "error"]
    if display and display.error and display.error not in texts:
        return "error", str(errors[0].text) if errors else display.error, "\n".join([*texts, display.error])
    if not problems:
        return "", "", ""
    chosen = errors[0] if errors else problems[0]
    return chosen.severity, str(chosen.text), "\n".join(texts)


def _category(operation: Operation, from_catalog: str | None) -> str:
    if from_catalog:
        return from_catalog
    return "nested" if operation.class_name in _NESTED else "operation"
