"""Goes through the graph of a model as Keras does, box by box, and lets somebody watch or change what comes out.

Only what is asked for, and what that needs, is computed. Nested models are gone through by Keras' own `call`, with
masks and conversions as in training and in use; only the loop over their boxes is this one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import keras
from keras.src import tree
from keras.src.backend.common import global_state
from keras.src.layers.layer import CallContext
from keras.src.models.functional import operation_fn
from keras.src.ops.function import Function

from runtime.messages.inside import CallAt
from runtime.worker.evaluation.inside.addresses import Graph, Node, Within, graph_of, require_graph
from runtime.worker.keras_models.sharing import replaced
from runtime.worker.process.waiting import require_waiting

Tensor = Any
Known = Mapping[int, Tensor]  # by the address of a KerasTensor of the outermost graph: what is worked out already


class Visitor(Protocol):
    """Computes one box: `compute(**more)` does so with further keyword arguments, and returns what Keras returns."""

    def __call__(self, call: CallAt, node: Node, compute: Callable[..., Any], /) -> Any: ...


def just_compute(_call: CallAt, _node: Node, compute: Callable[..., Any]) -> Any:
    return compute()


@dataclass(slots=True)
class Walk:
    """One way through a model. `heard` is told what came out of each box; `failed` of one that raised.

    Without `failed` an error ends the walk. With it, what needs the box that failed is left out.
    """

    model: Any
    heard: Callable[[CallAt, Node, list[Tensor]], None]
    visit: Visitor = just_compute
    failed: Callable[[CallAt, Node, Exception], None] | None = None
    training: bool = False
    _expected: list[tuple[Any, Graph, Within]] = field(default_factory=list)

    def run(self, inputs: Sequence[Tensor | None], calls: Collection[CallAt] = (), known: Known | None = None) -> None:
        """`inputs` in the order of `model.inputs`, with a sample axis; `calls`: only what they need (empty: all)."""
        graph = require_graph(self.model)
        tensors: dict[int, Tensor] = dict(known or {})
        given = self._given(graph, inputs)
        tensors.update({id(x): y for x, y in zip(graph.model.inputs, given, strict=True) if y is not None})
        with self._inside():
            self._go(graph, Within(), tensors, needed_nodes(graph, calls, known or {}), self._wrapped)

    def _given(self, graph: Graph, inputs: Sequence[Tensor | None]) -> list[Tensor | None]:
        if all(x is not None for x in inputs):
            standard: list[Tensor | None] = graph.model._standardize_inputs(
                tree.pack_sequence_as(graph.model._inputs_struct, list(inputs))
            )
            return standard
        return [
            None if x is None else keras.ops.convert_to_tensor(x, dtype=reference.dtype)
            for x, reference in zip(inputs, graph.model.inputs, strict=True)
        ]

    def _wrapped(self, operation: Any) -> Callable[..., Any]:
        wrapped: Callable[..., Any] = operation_fn(operation, training=self.training)
        return wrapped

    def _go(
        self,
        graph: Graph,
        within: Within,
        tensors: dict[int, Tensor],
        needed: Collection[int] | None,
        wrap: Callable[[Any], Callable[..., Any]],
    ) -> None:
        for node, number in graph.nodes:
            if needed is not None and id(node) not in needed:
                continue
            call = within.at(node.operation.name, number)
            if node.is_input:
                self.heard(call, node, [tensors.get(id(x)) for x in node.outputs])
                continue
            if any(id(x) not in tensors for x in node.input_tensors):
                continue  # what it needs has failed
            require_waiting()
            outputs = self._computed(call, node, number, within, tensors, wrap)
            if outputs is not None:
                tensors.update({id(x): y for x, y in zip(node.outputs, outputs, strict=False)})
                self.heard(call, node, outputs)

    def _computed(
        self,
        call: CallAt,
        node: Node,
        number: int,
        within: Within,
        tensors: dict[int, Tensor],
        wrap: Callable[[Any], Callable[..., Any]],
    ) -> list[Tensor] | None:
        args, kwargs = node.arguments.fill_in(tensors)
        inner, depth = graph_of(node.operation), len(self._expected)
        if inner is not None:
            self._expected.append((inner.model, inner, within.inside(node.operation.name, number)))

        def compute(**more: Any) -> Any:
            return wrap(node.operation)(*args, **kwargs, **more)

        try:
            return list(tree.flatten(self.visit(call, node, compute)))
        except Exception as error:
            if self.failed is None or is_no_fault(error):
                raise
            self.failed(call, node, error)
            return None
        finally:
            del self._expected[depth:]

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Nested models are gone through here, and layers without `training` hear of it as in a whole model."""
        whole = Function._run_through_graph

        def run_through(function: Any, inputs: Any, operation_fn: Any = lambda op: op, call_fn: Any = None) -> Any:
            if call_fn is not None or not self._expected or self._expected[-1][0] is not function:
                return whole(function, inputs, operation_fn, call_fn)
            _, graph, within = self._expected.pop()
            tensors = {id(x): y for x, y in zip(function.inputs, tree.flatten(inputs), strict=True)}
            self._go(graph, within, tensors, None, operation_fn)
            missing = [x for x in function.outputs if id(x) not in tensors]
            if missing:
                raise InnerError(f"{function.name}: what is inside could not be computed")
            return tree.pack_sequence_as(function._outputs_struct, [tensors[id(x)] for x in function.outputs])

        before = global_state.get_global_attribute("current_call_ctx")
        context = CallContext(entry_layer=self.model)
        context.set_value("training", self.training)
        global_state.set_global_attribute("current_call_ctx", context)
        try:
            with replaced(Function, "_run_through_graph", run_through):
                yield
        finally:
            global_state.set_global_attribute("current_call_ctx", before)


class InnerError(Exception):
    """A nested model has no result, since a box inside it failed, of which was told already."""


def is_no_fault(error: Exception) -> bool:
    """Whether an error is none of a box: nobody waits any more, or the memory is full."""
    from runtime.worker.process.control import CancelledError
    from runtime.worker.process.failures import is_out_of_memory

    return isinstance(error, CancelledError) or is_out_of_memory(error)


def needed_nodes(graph: Graph, calls: Iterable[CallAt], known: Known) -> set[int] | None:
    """Addresses of the nodes of the outermost graph that `calls` need, where `known` is there; None: all of them."""
    waiting: list[Node] = []
    for call in calls:
        name, number = (call.path[0], (call.path_calls or (0,))[0]) if call.path else (call.layer, call.node)
        node = graph.find(name, number)
        if node is not None:
            waiting.append(node)
    if not waiting:
        return None
    needed: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in needed:
            continue
        needed.add(id(node))
        waiting += [graph.makers[id(x)] for x in node.input_tensors if id(x) not in known and id(x) in graph.makers]
    return needed
