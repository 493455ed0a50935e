"""What a Keras graph is: operations, calls, tensors.

An operation is an object with a config (a layer, a function of ``keras.ops``, a nested model); a call is one use of it,
and a box on the canvas; a tensor is one output of a call. Values are frozen: an edit replaces them.
JSON values inside them (configs, literal arguments) must never be changed in place.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Json = Any  # a JSON value; a recursive alias helps nobody who reads an error message of the type checker


@dataclass(frozen=True, slots=True, order=True)
class TensorRef:
    """Output ``index`` of the call ``call``."""

    call: str
    index: int = 0


# A tree of literals and tensors, as Keras records the arguments of a call; lists are ``list``, mappings ``dict``.
Argument = Any
# How inputs and outputs of a model are arranged: a tensor, or lists and dicts of them.
Nest = Any
ArgumentPath = tuple[str | int, ...]

BYPASSED: Final = "bypassed"  # what feeds the box is handed on as it is
MUTED: Final = "muted"  # the box is left out, with all that needs it
MODES: Final = (BYPASSED, MUTED)
NAMELESS: Final = "nameless"  # in ``extra``: the class takes no name, so its config has none; the graph alone knows it
NO_MODULE: Final = "without_module"  # in ``extra``: Keras wrote no module, as for a class of a notebook


@dataclass(frozen=True, slots=True)
class Operation:
    """``graph`` is the id of the nested graph that a model used as a layer owns; ``config`` then lacks its layers.

    ``extra`` holds what Keras wrote beside the config ("build_config"), kept as it is. ``title`` is what people call
    it, in any script; it is empty where that is ``name``, which is what Keras knows.
    """

    id: str
    class_name: str
    config: Mapping[str, Json]
    module: str = "keras.layers"
    registered_name: str | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    graph: str | None = None
    title: str = ""

    @property
    def name(self) -> str:
        return str(self.config.get("name", self.id))

    @property
    def shown_name(self) -> str:
        """What people read wherever it is named."""
        return self.title or self.name

    @property
    def trainable(self) -> bool:
        return bool(self.config.get("trainable", True))


@dataclass(frozen=True, slots=True)
class Call:
    """``mode`` is one of ``MODES``, or empty: the call is built as it is drawn (see ``checking/built_model.py``)."""

    id: str
    operation: str
    args: tuple[Argument, ...] = ()
    kwargs: Mapping[str, Argument] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    mode: str = ""

    def tensors(self) -> Iterator[tuple[ArgumentPath, TensorRef]]:
        """Every tensor among the arguments, with the place where it stands."""
        for index, argument in enumerate(self.args):
            yield from walk(argument, ("args", index))
        for key, argument in self.kwargs.items():
            yield from walk(argument, ("kwargs", key))


@dataclass(frozen=True, slots=True)
class Edge:
    source: TensorRef
    target: str
    path: ArgumentPath


def walk(argument: Argument, path: ArgumentPath = ()) -> Iterator[tuple[ArgumentPath, TensorRef]]:
    """The tensors in a tree of arguments or in a nest, with their places, in order."""
    if isinstance(argument, TensorRef):
        yield path, argument
    elif isinstance(argument, list | tuple):
        for index, item in enumerate(argument):
            yield from walk(item, (*path, index))
    elif isinstance(argument, Mapping):
        for key, item in argument.items():
            yield from walk(item, (*path, key))


_Entry = TypeVar("_Entry", list[str], dict[str, int])


class Graph:
    """The operations and calls of one model, in the order in which Keras would list them.

    Change it only through edits. ``inputs`` and ``outputs`` are nests of tensors. ``title`` is what people call the
    model, empty where that is ``name``; a nested one has that of its operation.
    """

    def __init__(self, name: str = "model", extra: Mapping[str, Json] | None = None, title: str = "") -> None:
        self.name, self.title = name, title
        self.operations: dict[str, Operation] = {}
        self.calls: dict[str, Call] = {}
        self.inputs: Nest = []
        self.outputs: Nest = []
        self.extra: Mapping[str, Json] = extra or {}
        self._consumers: dict[str, dict[str, int]] = {}  # call -> calls that use its tensors, and how often
        self._uses: dict[str, list[str]] = {}  # operation -> its calls
        self._names: dict[str, list[str]] = {}  # layer name -> operations; more than one only in a damaged file
        self._modes: dict[str, str] = {}  # of the calls that have one
        self._borrows = False  # what the indexes hold may be another graph's too: it is copied before it changes
        self.revision = 0  # counts changes of operations and calls

    @property
    def modes(self) -> Mapping[str, str]:
        """The modes of the calls that have one."""
        return self._modes

    def copy(self) -> "Graph":
        """The same content in a graph that can be changed without this one."""
        graph = Graph(self.name, self.extra, self.title)
        graph.operations, graph.calls = dict(self.operations), dict(self.calls)
        graph.inputs, graph.outputs = self.inputs, self.outputs
        graph._consumers, graph._uses, graph._names = dict(self._consumers), dict(self._uses), dict(self._names)
        graph._modes = dict(self._modes)
        graph._borrows = self._borrows = True
        return graph

    def shallow(self) -> "Graph":
        """The same content without what finds things in it: to be written, not to be asked or changed."""
        graph = Graph(self.name, self.extra, self.title)
        graph.operations, graph.calls = dict(self.operations), dict(self.calls)
        graph.inputs, graph.outputs = self.inputs, self.outputs
        return graph

    @property
    def shown_name(self) -> str:
        """What people read wherever the model is named."""
        return self.title or self.name

    def operation_of(self, call_id: str) -> Operation:
        return self.operations[self.calls[call_id].operation]

    def calls_of(self, operation_id: str) -> list[str]:
        return list(self._uses.get(operation_id, ()))

    def edges(self) -> Iterator[Edge]:
        for call_id in self.calls:
            yield from self.edges_into(call_id)

    def edges_into(self, call_id: str) -> Iterator[Edge]:
        for path, tensor in self.calls[call_id].tensors():
            yield Edge(tensor, call_id, path)

    def edges_from(self, call_id: str) -> Iterator[Edge]:
        for consumer in self._consumers.get(call_id, {}):
            yield from (edge for edge in self.edges_into(consumer) if edge.source.call == call_id)

    def consumers(self, call_id: str) -> list[str]:
        return list(self._consumers.get(call_id, ()))

    def input_refs(self) -> list[TensorRef]:
        return [tensor for _, tensor in walk(self.inputs)]

    def output_refs(self) -> list[TensorRef]:
        return [tensor for _, tensor in walk(self.outputs)]

    def operation_named(self, name: str) -> Operation | None:
        owners = self._names.get(name)
        return self.operations[owners[0]] if owners else None

    def name_owners(self, name: str) -> list[str]:
        """The ids of the operations called ``name``."""
        return list(self._names.get(name, ()))

    def shared_names(self) -> list[tuple[str, list[str]]]:
        """Names that several operations have, with the ids of those; a sound graph has none."""
        return sorted((name, list(owners)) for name, owners in self._names.items() if len(owners) > 1)

    def downstream(self, call_ids: Iterable[str]) -> set[str]:
        """The calls that depend on ``call_ids``, these included."""
        waiting = list(call_ids)
        visited = set(waiting)
        while waiting:
            for consumer in self._consumers.get(waiting.pop(), ()):
                if consumer not in visited:
                    visited.add(consumer)
                    waiting.append(consumer)
        return visited

    def upstream(self, call_ids: Iterable[str]) -> set[str]:
        """The calls on which ``call_ids`` depend, these included."""
        waiting = list(call_ids)
        visited = set(waiting)
        while waiting:
            for _, tensor in self.calls[waiting.pop()].tensors():
                if tensor.call not in visited:
                    visited.add(tensor.call)
                    waiting.append(tensor.call)
        return visited

    def connected(self, call_ids: Iterable[str]) -> set[str]:
        """The calls that wires join to ``call_ids`` in any direction, these included."""
        waiting = list(call_ids)
        visited = set(waiting)
        while waiting:
            call_id = waiting.pop()
            near = {tensor.call for _, tensor in self.calls[call_id].tensors()}
            near |= self._consumers.get(call_id, {}).keys()
            waiting += near - visited
            visited |= near
        return visited

    def topological_order(self) -> list[str]:
        """Call ids, sources first, otherwise in the order of the document; calls on a cycle are left out."""
        place = {call_id: index for index, call_id in enumerate(self.calls)}
        missing = {call_id: len({t.call for _, t in call.tensors()}) for call_id, call in self.calls.items()}
        ready = [place[call_id] for call_id, count in missing.items() if count == 0]  # ascending, so already a heap
        names, order = list(self.calls), []
        while ready:
            order.append(names[heapq.heappop(ready)])
            for consumer in self._consumers.get(order[-1], ()):
                missing[consumer] -= 1
                if missing[consumer] == 0:
                    heapq.heappush(ready, place[consumer])
        return order

    # What follows is for edits and the file reader alone.

    def put_operation(self, operation: Operation, index: int | None = None) -> None:
        self.revision += 1
        insert(self.operations, operation.id, operation, index)
        self._uses.setdefault(operation.id, [])
        self._own(self._names, operation.name, []).append(operation.id)

    def replace_operation(self, operation: Operation) -> None:
        self.revision += 1
        self._forget_name(self.operations[operation.id])
        self.operations[operation.id] = operation
        self._own(self._names, operation.name, []).append(operation.id)

    def _forget_name(self, operation: Operation) -> None:
        owners = self._own(self._names, operation.name, [])
        owners.remove(operation.id)
        if not owners:
            del self._names[operation.name]

    def drop_operation(self, operation_id: str) -> None:
        self.revision += 1
        self._forget_name(self.operations.pop(operation_id))
        del self._uses[operation_id]

    def put_call(self, call: Call, index: int | None = None) -> None:
        insert(self.calls, call.id, call, index)
        self._own(self._uses, call.operation, []).append(call.id)
        if index is not None and index < len(self.calls) - 1 and len(self._uses[call.operation]) > 1:
            members = set(self._uses[call.operation])
            self._uses[call.operation] = [call_id for call_id in self.calls if call_id in members]
        self._count(call, 1)

    def drop_call(self, call_id: str) -> None:
        call = self.calls.pop(call_id)
        self._own(self._uses, call.operation, []).remove(call_id)
        self._count(call, -1)

    def replace_call(self, call: Call) -> None:
        self._count(self.calls[call.id], -1)
        self.calls[call.id] = call
        self._count(call, 1)

    def _own(self, index: dict[str, _Entry], key: str, empty: _Entry) -> _Entry:
        """An entry of an index, to be changed."""
        entry = index.setdefault(key, empty)
        if self._borrows and entry is not empty:
            entry = index[key] = entry.copy()
        return entry

    def _count(self, call: Call, step: int) -> None:
        self.revision += 1
        if step > 0 and call.mode:
            self._modes[call.id] = call.mode
        else:
            self._modes.pop(call.id, None)
        for _, tensor in call.tensors():
            users = self._own(self._consumers, tensor.call, {})
            users[call.id] = users.get(call.id, 0) + step
            if not users[call.id]:
                del users[call.id]
                if not users:
                    del self._consumers[tensor.call]


def insert(mapping: dict[str, Any], key: str, value: object, index: int | None) -> None:
    """Put ``key`` at position ``index`` of an ordered mapping (at the end without one)."""
    if index is None or index >= len(mapping):
        mapping[key] = value
        return
    later = list(mapping.items())[index:]
    for name, _ in later:
        del mapping[name]
    mapping[key] = value
    mapping.update(later)


def position_in(mapping: dict[str, Any], key: str) -> int:
    """The place of ``key`` in an ordered mapping; at once for the last one, the usual case when undoing."""
    if key == next(reversed(mapping)):
        return len(mapping) - 1
    return next(index for index, name in enumerate(mapping) if name == key)
