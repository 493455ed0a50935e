"""Where wires can end at a box: the tensor arguments of its class, filled and free."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_editor.catalog.specs import LayerSpec, Port
from graph_editor.document import arguments
from graph_editor.document.graph import ArgumentPath, Call, TensorRef, walk


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a wire. ``grows`` marks the free place at the end of a list of inputs."""

    path: ArgumentPath
    name: str
    source: TensorRef | None
    required: bool = True
    grows: bool = False


def slots(call: Call, spec: LayerSpec | None) -> list[Slot]:
    """All places of ``call``, in the order of its arguments, then those that only the call knows."""
    result: list[Slot] = []
    for order, port in enumerate(spec.inputs if spec else ()):
        result += _slots_of_port(call, port, order)
    known = {slot.path for slot in result}
    result += [Slot(path, str(path[-1]), source) for path, source in call.tensors() if path not in known]
    return result


def missing(call: Call, spec: LayerSpec | None) -> list[Slot]:
    """The places that must be filled before Keras can make the call."""
    return [slot for slot in slots(call, spec) if slot.required and slot.source is None]


def free_slot(call: Call, spec: LayerSpec | None) -> Slot | None:
    """Where a wire dropped on the box goes: the first required free place, else the first free one."""
    free = [slot for slot in slots(call, spec) if slot.source is None]
    return next((slot for slot in free if slot.required), free[0] if free else None)


def output_count(call_outputs: int | None, spec: LayerSpec | None) -> int:
    """How many output ports a box shows: what the engine found, else what the catalogue says."""
    return call_outputs or (spec.outputs if spec else 1)


def _slots_of_port(call: Call, port: Port, order: int) -> Iterator[Slot]:
    path: ArgumentPath = tuple(port.path)
    value = arguments.read(call, path)
    if value is None and path[0] == "kwargs" and order < len(call.args):
        path = ("args", order)  # Keras records what was passed by position there
        value = arguments.read(call, path)
    if port.kind == "list":
        items = value if isinstance(value, list) else [] if value is None else [value]
        for index, item in enumerate(items):
            yield Slot((*path, index), port.name, item if isinstance(item, TensorRef) else None)
        count = len(items)
        if port.maximum is None or count < port.maximum:
            needed = count < port.minimum and (port.required or count > 0)  # an optional list may be left out whole
            yield Slot((*path, count), port.name, None, required=needed, grows=True)
    elif value is None or isinstance(value, TensorRef):
        yield Slot(path, port.name, value, required=port.required)
    else:
        for inner, source in walk(value, path):
            yield Slot(inner, port.name, source)
