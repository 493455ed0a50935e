"""The model as it will be built: without the boxes that are bypassed or muted, and without what these take along.

A bypassed call hands on what feeds it. A muted call gives nothing: a list of inputs loses that entry (a merge with one
entry left hands that on), an optional input is left out, and a call that lacks a required one is left out as well.
What led to left out calls alone is of no use any more, and then no part of the model either.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.document import arguments
from graph_editor.document.changes.commands import INPUT, output_names
from graph_editor.document.checking.missing_inputs import Losses
from graph_editor.document.document import ROOT, Document
from graph_editor.document.draft import mapped_nest, renumbered
from graph_editor.document.graph import BYPASSED, MUTED, ArgumentPath, Edge, Graph, TensorRef
from graph_editor.document.nesting import graphs_inside, nested_operations

Kind = Literal["bypassed", "muted", "passes", "starved", "unused", "inside"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a call is no part of the model: a person said so ("bypassed", "muted"), or another call, ``cause``, does.

    "passes": a merge with one tensor left; "starved": it lacks an input; "unused": it leads to nothing that is built;
    "inside": it lies in a model that is left out. ``passes`` is the argument whose tensor is handed on.
    """

    kind: Kind
    cause: str = ""
    passes: ArgumentPath | None = None


@dataclass(frozen=True, slots=True)
class Active:
    """``document`` is the one to build from, without places; where nothing has a mode it is the very same.

    ``handed_on`` says which tensor there is what a call gives that is left out and yet hands something on, and
    ``numbers`` which output of a nested model there its outputs have become (None: it has it no more).
    """

    document: Document
    left_out: Mapping[str, LeftOut]
    handed_on: Mapping[str, TensorRef]
    numbers: Mapping[str, Mapping[int, int | None]]

    @property
    def total(self) -> int:
        """How many boxes are left out; those inside of a nested model that is are not counted beside it."""
        return sum(item.kind != "inside" for item in self.left_out.values())

    def count(self, kind: Kind) -> int:
        return sum(item.kind == kind for item in self.left_out.values())

    def flows(self, edge: Edge) -> bool:
        """Whether anything runs through a wire of the drawn graph."""
        source, target = self.left_out.get(edge.source.call), self.left_out.get(edge.target)
        if source is not None and (source.passes is None or edge.source.index > 0):
            return False
        return target is None or target.passes == edge.path


def active(document: Document, catalog: Catalog) -> Active:
    """What of a document is built; worked out once for the same content."""
    if not any(graph.modes for graph in document.graphs.values()):
        return Active(document, {}, {}, {})
    graphs = [(key, g, g.revision, g.name, g.extra, g.inputs, g.outputs) for key, g in document.graphs.items()]
    custom = catalog.custom_layers()
    key = (catalog, custom, graphs, document.data, document.training, document.extra)
    if document.memo is None or document.memo[0] != key:
        document.memo = (key, _Work(document, catalog).result())
    found: Active = document.memo[1]
    return found


def built(document: Document, catalog: Catalog) -> Document:
    """The document that models are made from, and all that is said of them."""
    return active(document, catalog).document


class _Work:
    def __init__(self, document: Document, catalog: Catalog) -> None:
        self._document = document
        self._losses = Losses(catalog)
        self._left_out: dict[str, LeftOut] = {}
        self._stopped: set[str] = set()  # calls whose own tensors are gone
        self._given: dict[TensorRef, TensorRef] = {}  # what stands in for a tensor that is gone
        self._numbers: dict[str, dict[int, int | None]] = {}  # outputs of nested graphs, where these are others now
        self._dead: dict[str, str] = {}  # nested graphs without an output left -> the call that is to blame
        self._graphs: dict[str, Graph] = dict(document.graphs)

    def result(self) -> Active:
        self._visit(ROOT)
        self._mark_insides()
        document = Document(self._document.keras_version)
        reachable = {ROOT, *reachable_graphs(self._graphs)}
        document.graphs = {key: graph for key, graph in self._graphs.items() if key in reachable}
        document.extra = self._document.extra
        moved = self._moved_outputs()
        document.data = _renamed(self._document.data, "bindings", moved)
        document.training = _renamed(self._document.training, "outputs", moved)
        handed = {
            call_id: ref for call_id in self._left_out if (ref := self._given.get(TensorRef(call_id))) is not None
        }
        by_call = {
            call_id: self._numbers[str(operation.graph)]
            for graph in self._document.graphs.values()
            for operation in nested_operations(graph)
            if operation.graph in self._numbers
            for call_id in graph.calls_of(operation.id)
        }
        return Active(document, self._left_out, handed, by_call)

    def _visit(self, graph_id: str) -> bool:
        """Work out a graph, those inside it first; whether it is built differently from how it is drawn."""
        graph = self._document.graphs[graph_id]
        changed = {op.id for op in nested_operations(graph) if self._visit(str(op.graph))}
        if not changed and not graph.modes:
            return False
        for call_id in _in_flow(graph, _concerned(graph, changed)):
            self._look(graph, call_id)
        self._build(graph_id, graph, changed)
        return True

    def _final(self, graph: Graph, ref: TensorRef) -> TensorRef | None:
        """What a tensor of the drawn graph is in the built one; None when it is gone."""
        if ref.call in self._stopped:
            return self._given.get(ref)
        operation = graph.operation_of(ref.call)
        number = self._numbers.get(operation.graph or "", {}).get(ref.index, ref.index)
        return None if number is None else TensorRef(ref.call, number)

    def _look(self, graph: Graph, call_id: str) -> None:
        """Decide whether a call is built; all calls before it are decided on."""
        call, operation = graph.calls[call_id], graph.operation_of(call_id)
        if call.mode == MUTED:
            self._leave(call_id, LeftOut("muted"))
            return
        fed = {path: self._final(graph, ref) for path, ref in call.tensors()}
        lost = [path for path, ref in fed.items() if ref is None]
        cause = self._cause(graph, dict(call.tensors())[lost[0]]) if lost else ""
        if call.mode == BYPASSED and fed and operation.class_name != INPUT:
            first = next((path for path, ref in fed.items() if ref is not None), None)
            self._leave(call_id, LeftOut("bypassed", cause if first is None else "", first), fed)
        elif operation.graph in self._dead:
            self._leave(call_id, LeftOut("starved", self._dead[operation.graph]))
        elif lost:
            verdict = self._losses.of(operation, call, lost)
            if verdict == "starved":
                self._leave(call_id, LeftOut("starved", cause))
            elif verdict != "kept":
                self._leave(call_id, LeftOut("passes", cause, verdict), fed)

    def _leave(self, call_id: str, reason: LeftOut, fed: Mapping[ArgumentPath, TensorRef | None] | None = None) -> None:
        self._left_out[call_id] = reason
        self._stopped.add(call_id)
        ref = (fed or {}).get(reason.passes) if reason.passes is not None else None
        if ref is not None:
            self._given[TensorRef(call_id)] = ref

    def _cause(self, graph: Graph, ref: TensorRef) -> str:
        """The call that a person bypassed or muted, because of which a tensor is gone."""
        if ref.call in self._left_out:
            return self._left_out[ref.call].cause or ref.call
        return self._dead.get(graph.operation_of(ref.call).graph or "", ref.call)

    def _build(self, graph_id: str, graph: Graph, changed: set[str]) -> None:
        """Make the graph that is built; ``changed`` are nested models that are built differently."""
        made = graph.copy()
        listed = {ref.call for ref in graph.input_refs()} if graph_id != ROOT else set()
        gone = [call_id for call_id in graph.calls if call_id in self._stopped and call_id not in listed]
        stale = [call_id for operation_id in changed for call_id in graph.calls_of(operation_id)]
        meant = {*gone, *(call_id for call_id in listed if call_id in self._stopped), *stale}
        for call_id in gone:
            made.drop_call(call_id)
        users = {user: None for call_id in meant for user in graph.consumers(call_id)}
        for call_id in [*users, *made.modes]:
            if call_id in made.calls:
                self._rewire(graph, made, call_id)
        self._drop_unused_operations(graph, made, gone)
        self._forget_built_shapes(graph, made, meant, changed)
        self._graphs[graph_id] = made
        self._set_outputs(graph_id, graph, made)
        if made.output_refs():
            self._mark_unused(graph_id, graph, made)
        if graph_id == ROOT:
            made.inputs = mapped_nest(graph.inputs, lambda ref: None if ref.call in self._left_out else ref)

    def _rewire(self, graph: Graph, made: Graph, call_id: str) -> None:
        call, gaps = graph.calls[call_id], graph.operation_of(call_id).graph is not None
        args, kwargs = arguments.mapped(call, lambda ref: self._final(graph, ref), gaps)
        made.replace_call(replace(call, args=args, kwargs=kwargs, mode=""))

    @staticmethod
    def _drop_unused_operations(graph: Graph, made: Graph, gone: Iterable[str]) -> None:
        for operation_id in {graph.calls[call_id].operation for call_id in gone}:
            if not made.calls_of(operation_id):
                made.drop_operation(operation_id)

    @staticmethod
    def _forget_built_shapes(graph: Graph, made: Graph, meant: Iterable[str], changed: set[str]) -> None:
        """What Keras recorded when it built a layer does not hold behind a box that is left out."""
        below = {graph.calls[call_id].operation for call_id in graph.downstream(meant)} | changed
        for operation in [made.operations[key] for key in below if key in made.operations]:
            if "build_config" in operation.extra:
                extra = {key: value for key, value in operation.extra.items() if key != "build_config"}
                made.replace_operation(replace(operation, extra=extra))

    def _set_outputs(self, graph_id: str, graph: Graph, made: Graph) -> None:
        """Outputs follow their tensors; none is one twice because several boxes behind it were outputs."""
        own = {ref for ref in graph.output_refs() if self._final(graph, ref) == ref}
        doubled = set[TensorRef]()
        taken = set(own)
        for ref in graph.output_refs():
            now = self._final(graph, ref)
            if ref not in own and now is not None:
                if now in taken:
                    doubled.add(ref)
                taken.add(now)
        made.outputs = mapped_nest(graph.outputs, lambda ref: None if ref in doubled else self._final(graph, ref))
        if graph_id == ROOT:
            return
        self._numbers[graph_id] = renumbered(graph.outputs, made.outputs, lambda ref: self._final(graph, ref))
        if graph.output_refs() and not made.output_refs():
            self._dead[graph_id] = self._cause(graph, graph.output_refs()[0])

    def _mark_unused(self, graph_id: str, graph: Graph, made: Graph) -> None:
        """Find what is drawn for calls alone that are left out; its shapes can still be told."""
        kept = {ref.call for ref in made.output_refs()}
        if graph_id != ROOT:
            kept |= {ref.call for ref in made.input_refs()}  # a nested model takes what it takes
        waiting = [call_id for call_id in graph.calls if call_id in self._stopped]
        for user in waiting:  # grows while it is read
            for _, ref in graph.calls[user].tensors():
                call_id, others = ref.call, made.consumers(ref.call)
                if call_id in kept or call_id in self._left_out or any(key not in self._left_out for key in others):
                    continue
                self._left_out[call_id] = LeftOut("unused", self._left_out[user].cause or user)
                waiting.append(call_id)

    def _mark_insides(self) -> None:
        """What lies in a model that is left out."""
        for graph in self._document.graphs.values():
            for operation in nested_operations(graph):
                calls = graph.calls_of(operation.id)
                if calls and all(call_id in self._left_out for call_id in calls):
                    for inner in graphs_inside(self._document, operation):
                        for call_id in self._document.graphs[inner].calls:
                            self._left_out.setdefault(call_id, LeftOut("inside", calls[0]))

    def _moved_outputs(self) -> dict[str, str]:
        """The names of outputs of the model that another layer gives now."""
        graph, made = self._document.graph, self._graphs[ROOT]
        present, moved = set(output_names(made)), dict[str, str]()
        for ref in graph.output_refs():
            now = self._final(graph, ref)
            old = graph.operation_of(ref.call).name
            if now is not None and now in made.output_refs() and old not in present:
                moved[old] = made.operation_of(now.call).name
        return moved


def _concerned(graph: Graph, changed: Iterable[str]) -> set[str]:
    """The calls that may be left out: those with a mode, and all behind those that may not give what they gave.

    What a bypassed call hands on is there; only a further output of it is not.
    """
    bypassed = {call_id for call_id, mode in graph.modes.items() if mode == BYPASSED}
    lacking = {call_id for call_id in bypassed if any(edge.source.index for edge in graph.edges_from(call_id))}
    stale = {call_id for operation_id in changed for call_id in graph.calls_of(operation_id)}
    return bypassed | graph.downstream(graph.modes.keys() - bypassed | lacking | stale)


def _in_flow(graph: Graph, calls: set[str]) -> Iterator[str]:
    """Some calls, each behind those of them that it depends on; those on a cycle are left out."""
    missing = {key: len({ref.call for _, ref in graph.calls[key].tensors()} & calls) for key in calls}
    ready = [call_id for call_id in calls if not missing[call_id]]
    for call_id in ready:  # grows while it is read
        yield call_id
        for user in graph.consumers(call_id):
            if user in missing:
                missing[user] -= 1
                if not missing[user]:
                    ready.append(user)


def reachable_graphs(graphs: Mapping[str, Graph]) -> Iterator[str]:
    """The graphs inside the root, at any depth."""
    waiting = [ROOT]
    for graph_id in waiting:  # grows while it is read
        waiting += [str(operation.graph) for operation in nested_operations(graphs[graph_id])]
    return iter(waiting[1:])


def _renamed(section: Mapping[str, Any], key: str, moved: Mapping[str, str]) -> Mapping[str, Any]:
    """What is said of an output holds for the layer that gives it now, unless something is said of that already."""
    entries = section.get(key)
    if not isinstance(entries, Mapping) or not any(name in entries for name in moved):
        return section
    found = dict(entries)  # of which nothing is forgotten: the box may be built again
    for old, new in moved.items():
        if old in entries:
            found.setdefault(new, entries[old])
    return {**section, key: found}
