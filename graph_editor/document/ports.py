"""Where wires can end at a box: the tensor arguments of its class, filled and free."""

from collections.abc import Iterator
from dataclasses import dataclass

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec, Port
from graph_editor.document import arguments
from graph_editor.document.document import Document
from graph_editor.document.graph import ArgumentPath, Call, Graph, Operation, TensorRef, walk
from graph_editor.document.nesting import input_names, input_places, is_deferred


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a wire. ``grows`` marks the free place at the end of a list of inputs."""

    path: ArgumentPath
    name: str
    source: TensorRef | None
    required: bool = True
    grows: bool = False


class Ports:
    """The places of calls in ``document``: the catalogue knows those of layers, their graphs those of models."""

    def __init__(self, document: Document, catalog: Catalog) -> None:
        self._document = document
        self._catalog = catalog

    def slots(self, operation: Operation, call: Call) -> list[Slot]:
        """All places of ``call``, in the order of its arguments, then those that only the call knows."""
        if operation.graph is not None:
            return _nested_slots(self._document.graphs[operation.graph], call, is_deferred(self._document, operation))
        return slots(call, self._catalog.layer(operation.class_name, operation.module))

    def missing(self, operation: Operation, call: Call) -> list[Slot]:
        """The places that must be filled before Keras can make the call."""
        if operation.graph is None:
            return missing(call, self._catalog.layer(operation.class_name, operation.module))
        return [slot for slot in self.slots(operation, call) if slot.required and slot.source is None]

    def free_slot(self, operation: Operation, call: Call) -> Slot | None:
        """Return where a wire dropped on the box goes: the first required free place, else the first free one."""
        return _first_free(self.slots(operation, call))

    def output_names(self, operation: Operation) -> list[str]:
        """The names of a nested model's outputs, in order; of anything else none."""
        if operation.graph is None:
            return []
        graph = self._document.graphs[operation.graph]
        return [graph.operation_of(ref.call).shown_name for ref in graph.output_refs()]

    def output_count(self, operation: Operation) -> int:
        """Return how many tensors a call gives, as far as that can be told without Keras."""
        if operation.graph is not None:
            return len(self._document.graphs[operation.graph].output_refs())
        spec = self._catalog.layer(operation.class_name, operation.module)
        return self._catalog.output_count(spec, operation.config) if spec else 1


def slots(call: Call, spec: LayerSpec | None) -> list[Slot]:
    """All places of a call of a layer."""
    result: list[Slot] = []
    for order, port in enumerate(spec.inputs if spec else ()):
        result += _slots_of_port(call, port, order)
    return result + _others(call, result)


def missing(call: Call, spec: LayerSpec | None) -> list[Slot]:
    """The places of a call of a layer that must be filled before Keras can make it."""
    return [slot for slot in slots(call, spec) if slot.required and slot.source is None]


def free_slot(call: Call, spec: LayerSpec | None) -> Slot | None:
    """Return where a wire dropped on a layer goes."""
    return _first_free(slots(call, spec))


def _first_free(places: list[Slot]) -> Slot | None:
    free = [slot for slot in places if slot.source is None]
    return next((slot for slot in free if slot.required), free[0] if free else None)


def _others(call: Call, slots: list[Slot]) -> list[Slot]:
    """Places that hold a tensor and are not among those found."""
    known = {slot.path for slot in slots}
    return [Slot(path, str(path[-1]), source) for path, source in call.tensors() if path not in known]


def _nested_slots(graph: Graph, call: Call, deferred: bool) -> list[Slot]:
    names = input_names(graph)
    result = []
    for name, path in zip(names, input_places(graph.inputs, names, call), strict=True):
        value = arguments.read(call, path)
        result.append(Slot(path, name, value if isinstance(value, TensorRef) else None))
    if deferred and not call.args:
        result.append(Slot(("args", 0), "inputs", None))
    return result + _others(call, result)


def port_path(call: Call, port: Port, order: int) -> ArgumentPath:
    """Return where what a call has for a port stands; ``order`` is the port's number among those of the layer."""
    path: ArgumentPath = tuple(port.path)
    if path[0] == "kwargs" and order < len(call.args) and arguments.read(call, path) is None:
        return ("args", order)  # Keras records what was passed by position there
    return path


def _slots_of_port(call: Call, port: Port, order: int) -> Iterator[Slot]:
    path = port_path(call, port, order)
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
