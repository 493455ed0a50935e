"""What is wrong with a document that can be told without Keras, at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.commands import INPUT
from graph_editor.document.document import Document
from graph_editor.document.graph import Call, Edge, Graph, Operation
from graph_editor.document.ports import Slot, missing
from resources.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in one sentence; ``kind`` is stable for machines, ``detail`` may be long."""

    severity: Literal["error", "warning"]
    text: Text
    call: str | None = None
    edge: Edge | None = None
    detail: str = ""
    kind: str = ""


def problems(document: Document, catalog: Catalog) -> list[Problem]:
    """Every structural problem of the model, those of boxes in the order in which data flows."""
    return Structure(catalog).problems(document)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen at one call, and the values that it was seen in."""

    call: Call
    operation: Operation
    spec: LayerSpec | None
    listed: bool  # as an input of the model
    lacks: bool  # an input that must be there
    problems: tuple[Problem, ...]

    def holds(self, call: Call, operation: Operation, spec: LayerSpec | None, listed: bool) -> bool:
        same = self.call is call and self.operation is operation and self.spec is spec
        return same and self.listed == listed


class Structure:
    """What can be told of a document without Keras. Asked again after an edit, it looks only at what is new.

    Values of a document are frozen: a call that is still the same object is still the same.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._looks: dict[str, _Look] = {}
        self._ordered: list[Call] = []
        self._order: list[str] = []

    def problems(self, document: Document) -> list[Problem]:
        """Every structural problem of the model, those of boxes in the order in which data flows."""
        graph = document.graph
        if not graph.calls:
            return [Problem("error", Text("The model is empty. Start with an Input."), kind="empty")]
        order = self.order(graph)
        found = [*_interface_problems(graph), *_cycle_problems(graph, order)]
        looks = self._look(graph)
        for call_id in order:
            found += looks[call_id].problems
        found += _name_problems(graph)
        return found + _dead_ends(graph)

    def order(self, graph: Graph) -> list[str]:
        """`graph.topological_order()`; not to be changed."""
        calls = list(graph.calls.values())
        if calls != self._ordered:
            self._ordered, self._order = calls, graph.topological_order()
        return self._order

    def incomplete(self, graph: Graph) -> set[str]:
        """Calls that Keras cannot be asked about: an input is missing here or upstream, or they lie on a cycle."""
        lacking = {call_id for call_id, look in self._look(graph).items() if look.lacks}
        return graph.downstream(lacking | (graph.calls.keys() - set(self.order(graph))))

    def _look(self, graph: Graph) -> dict[str, _Look]:
        listed = {ref.call for ref in graph.input_refs()}
        before, looks = self._looks, {}
        for call_id, call in graph.calls.items():
            operation = graph.operations[call.operation]
            spec = self._catalog.layer(operation.class_name, operation.module)
            look = before.get(call_id)
            if look is None or not look.holds(call, operation, spec, call_id in listed):
                found = tuple(_call_problems(operation, call, spec, call_id in listed))
                look = _Look(call, operation, spec, call_id in listed, bool(missing(call, spec)), found)
            looks[call_id] = look
        self._looks = looks
        return looks


def _interface_problems(graph: Graph) -> Iterator[Problem]:
    if not graph.input_refs():
        yield Problem("error", Text("The model has no input. Add an Input and wire it."), kind="no_input")
    if not graph.output_refs():
        yield Problem(
            "error", Text("The model has no output. Select its last layer and mark it as an output."), kind="no_output"
        )


def _cycle_problems(graph: Graph, order: list[str]) -> Iterator[Problem]:
    stuck = graph.calls.keys() - set(order)
    for call_id in graph.calls:
        if call_id in stuck and call_id in graph.downstream(graph.consumers(call_id)):
            name = graph.operation_of(call_id).name
            yield Problem(
                "error",
                Text("{layer} depends on its own output: the wires form a circle.", {"layer": name}),
                call_id,
                kind="cycle",
            )


def _call_problems(operation: Operation, call: Call, spec: LayerSpec | None, listed: bool) -> Iterator[Problem]:
    """`listed`: the call is an input of the model."""
    if spec is None and operation.class_name not in {"Functional", "Sequential"}:
        yield Problem(
            "error",
            Text(
                "{layer} is of the class {class_name}, which Keras does not have; it will not be run.",
                {"layer": operation.name, "class_name": operation.class_name},
            ),
            call.id,
            kind="unknown_class",
        )
        return
    if operation.class_name == INPUT:
        if not listed:
            text = Text("{layer} is not listed as an input of the model.", {"layer": operation.name})
            yield Problem("error", text, call.id, kind="unlisted_input")
        return
    lacking = missing(call, spec)
    if lacking or not (spec or list(call.tensors())):
        yield Problem("error", _missing_text(operation.name, lacking, spec is not None), call.id, kind="missing_input")


def _missing_text(name: str, lacking: list[Slot], known: bool) -> Text:
    if known and lacking[0].grows:
        return Text("{layer} joins several tensors: wire one more to it.", {"layer": name})
    if (known and len(lacking) > 1) or (known and lacking[0].path[0] == "kwargs"):
        wanted = ", ".join(slot.name for slot in lacking)
        return Text("{layer} still needs: {inputs}.", {"layer": name, "inputs": wanted})
    return Text("{layer} has no input. Lead a wire to it.", {"layer": name})


def _name_problems(graph: Graph) -> Iterator[Problem]:
    for name, owners in graph.shared_names():
        for operation_id in owners[1:]:
            calls = graph.calls_of(operation_id)
            text = Text("{count} layers are called {name}.", {"count": len(owners), "name": name})
            yield Problem("error", text, calls[0] if calls else None, kind="duplicate_name")


def _dead_ends(graph: Graph) -> list[Problem]:
    """Warnings for boxes from which nothing reaches an output; Keras leaves them out of the model."""
    if not graph.output_refs():
        return []
    found = []
    for call_id in graph.calls.keys() - graph.upstream(ref.call for ref in graph.output_refs()):
        if not graph.consumers(call_id):
            text = Text("{layer} leads to no output, so it is left out.", {"layer": graph.operation_of(call_id).name})
            found.append(Problem("warning", text, call_id, kind="dead_end"))
    return sorted(found, key=lambda problem: str(problem.call))
