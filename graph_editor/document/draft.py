"""Changes to wires that are not edits yet: what one of them makes of a call, the next one sees.

What a nested model takes and gives shows outside of it: when its inputs or outputs change, every call of it gets other
arguments, and wires from it other numbers. That is followed here, up to the root.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from graph_editor.document import arguments
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, ReplaceOperation, SetArguments, SetInterface
from graph_editor.document.graph import Call, Graph, Nest, TensorRef, walk
from graph_editor.document.nesting import fed, owner, sources

Change = Callable[[TensorRef], TensorRef | None]


class Draft:
    """Reads ``document`` and changes nothing there; ``edits`` says what would."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._calls: dict[str, Call] = {}
        self._interfaces: dict[str, tuple[Nest, Nest]] = {}
        self._rebuilt: dict[str, None] = {}  # nested models that take something else now

    def call(self, call_id: str) -> Call:
        return self._calls.get(call_id) or self._document.call(call_id)

    def interface(self, graph_id: str) -> tuple[Nest, Nest]:
        graph = self._document.graphs[graph_id]
        return self._interfaces.get(graph_id, (graph.inputs, graph.outputs))

    def drop_calls(self, graph_id: str, removed_ids: Collection[str]) -> None:
        """Take away all wires from ``removed_ids``, and what they are in the interface."""
        self.rewire(graph_id, removed_ids, lambda _ref: None)

    def rewire(self, graph_id: str, call_ids: Iterable[str], change: Change) -> None:
        """Replace each tensor of ``call_ids`` by ``change`` of it; a None leaves nothing in its place."""
        graph, targets = self._document.graphs[graph_id], set(call_ids)

        def changed(ref: TensorRef) -> TensorRef | None:
            return change(ref) if ref.call in targets else ref

        for consumer in dict.fromkeys(user for call_id in call_ids for user in graph.consumers(call_id)):
            call, gaps = self.call(consumer), graph.operation_of(consumer).graph is not None
            args, kwargs = arguments.mapped(call, changed, gaps)
            self._put(replace(call, args=args, kwargs=kwargs))
        before = self.interface(graph_id)
        after = (mapped_nest(before[0], changed), mapped_nest(before[1], changed))
        if after != before:
            self._interfaces[graph_id] = after
            self._tell_owner(graph_id, before, after, changed)

    def set_inputs(self, graph_id: str, inputs: Nest) -> None:
        before = self.interface(graph_id)
        self._interfaces[graph_id] = (inputs, before[1])
        self._tell_owner(graph_id, before, self._interfaces[graph_id], lambda ref: ref)

    def set_outputs(self, graph_id: str, outputs: Nest) -> None:
        before = self.interface(graph_id)
        self._interfaces[graph_id] = (before[0], outputs)
        self._tell_owner(graph_id, before, self._interfaces[graph_id], lambda ref: ref)

    def edits(self) -> list[Edit]:
        all_edits: list[Edit] = []
        for call in self._calls.values():
            if call != self._document.call(call.id):
                all_edits.append(SetArguments(call.id, call.args, call.kwargs))
        for graph_id, interface in self._interfaces.items():
            graph = self._document.graphs[graph_id]
            if interface != (graph.inputs, graph.outputs):
                all_edits.append(SetInterface(*interface, graph_id))
        for operation_id in self._rebuilt:
            operation = self._document.operation(operation_id)
            extra = {key: value for key, value in operation.extra.items() if key != "build_config"}
            if len(extra) < len(operation.extra):
                all_edits.append(ReplaceOperation(replace(operation, extra=extra)))
        return all_edits

    def _put(self, call: Call) -> None:
        self._calls[call.id] = call

    def _tell_owner(self, graph_id: str, before: tuple[Nest, Nest], after: tuple[Nest, Nest], change: Change) -> None:
        """Let the calls of a nested model follow what has become of its inputs and outputs."""
        place_and_model = owner(self._document, graph_id)
        if place_and_model is None:
            return
        place, operation = place_and_model
        calls = self._document.graphs[place].calls_of(operation.id)
        if before[0] != after[0]:
            self._rebuilt[operation.id] = None
            view = interface_view(self._document.graphs[graph_id], before)
            for call_id in calls:
                self._put(fed(self.call(call_id), after[0], sources(view, self.call(call_id))))
        new_index = renumbered(before[1], after[1], change)
        if any(index != number for index, number in new_index.items()):
            self.rewire(place, calls, lambda ref: _numbered(ref, new_index))


def interface_view(graph: Graph, interface: tuple[Nest, Nest]) -> Graph:
    """The operations and calls of ``graph`` under another interface."""
    view = Graph(graph.name)
    view.operations, view.calls = graph.operations, graph.calls
    view.inputs, view.outputs = interface
    return view


def mapped_nest(nest: Nest, change: Change) -> Nest:
    """A nest with each tensor replaced, and without those that become None; a single one left is the bare leaf."""
    if all(change(ref) == ref for _, ref in walk(nest)):
        return nest
    args, _ = arguments.mapped(Call("", "", args=(nest,)), change)
    left = args[0] if args else []
    return left[0] if isinstance(left, list) and len(left) == 1 else left


def renumbered(before: Nest, after: Nest, change: Change) -> dict[int, int | None]:
    """For each output of a model its number afterwards; None when it is no longer an output."""
    numbers_left: dict[TensorRef, list[int]] = {}
    for number, (_, ref) in enumerate(walk(after)):
        numbers_left.setdefault(ref, []).append(number)
    new_numbers: dict[int, int | None] = {}
    for index, (_, ref) in enumerate(walk(before)):
        now = change(ref)
        numbers = numbers_left.get(now, []) if now is not None else []
        new_numbers[index] = (numbers.pop(0) if len(numbers) > 1 else numbers[0]) if numbers else None
    return new_numbers


def _numbered(ref: TensorRef, new_index: dict[int, int | None]) -> TensorRef | None:
    number = new_index.get(ref.index, ref.index)
    return None if number is None else TensorRef(ref.call, number)
