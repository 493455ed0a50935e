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
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.checking.missing_inputs import MissingInputs
from graph_editor.document.document import ROOT, Document
from graph_editor.document.draft import mapped_nest, renumbered
from graph_editor.document.ends import outputs
from graph_editor.document.graph import BYPASSED, MUTED, ArgumentPath, Edge, Graph, TensorRef
from graph_editor.document.nesting import graphs_inside, nested_operations
from resources.training.sections import BINDINGS, OUTPUTS

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
class BuiltModel:
    """``document`` is the one to build from, without places; where nothing has a mode it is the very same.

    ``handed_on`` says which tensor there is what a call gives that is left out and yet hands something on, and
    ``numbers`` which output of a nested model there its outputs have become (None: the model no longer has it).
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


def built_model(document: Document, catalog: Catalog) -> BuiltModel:
    """Return what of a document is built; worked out once for the same content."""
    if not any(graph.modes for graph in document.graphs.values()):
        return BuiltModel(document, {}, {}, {})
    graphs = [(key, g, g.revision, g.name, g.extra, g.inputs, g.outputs) for key, g in document.graphs.items()]
    custom = catalog.custom_layers()
    key = (catalog, custom, graphs, document.data, document.training, document.extra)
    if document.memo is None or document.memo[0] != key:
        document.memo = (key, _Work(document, catalog).result())
    model: BuiltModel = document.memo[1]
    return model


def built(document: Document, catalog: Catalog) -> Document:
    """The document that models are made from, and all that is said of them."""
    return built_model(document, catalog).document


class _Work:
    def __init__(self, document: Document, catalog: Catalog) -> None:
        self._document = document
        self._missing_inputs = MissingInputs(catalog)
        self._left_out: dict[str, LeftOut] = {}
        self._stopped: set[str] = set()  # calls whose own tensors are gone
        self._given: dict[TensorRef, TensorRef] = {}  # what stands in for a tensor that is gone
        self._numbers: dict[str, dict[int, int | None]] = {}  # outputs of nested graphs, where these are others now
        self._dead: dict[str, str] = {}  # nested graphs without an output left -> the call that is to blame
        self._graphs: dict[str, Graph] = dict(document.graphs)

    def result(self) -> BuiltModel:
        self._visit(ROOT)
        self._mark_insides()
        document = Document(self._document.keras_version)
        reachable = {ROOT, *reachable_graphs(self._graphs)}
        document.graphs = {key: graph for key, graph in self._graphs.items() if key in reachable}
        document.extra = self._document.extra
        new_names, numbered = self._moved_outputs()
        document.data = _renamed(self._document.data, BINDINGS, new_names, numbered)
        document.training = _renamed(self._document.training, OUTPUTS, new_names, numbered)
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
        return BuiltModel(document, self._left_out, handed, by_call)

    def _visit(self, graph_id: str) -> bool:
        """Work out a graph, those inside it first; whether it is built differently from how it is drawn."""
        graph = self._document.graphs[graph_id]
        changed_models = {op.id for op in nested_operations(graph) if self._visit(str(op.graph))}
        if not changed_models and not graph.modes:
            return False
        for call_id in _in_flow(graph, _concerned(graph, changed_models)):
            self._look(graph, call_id)
        self._build(graph_id, graph, changed_models)
        return True

    def _final(self, graph: Graph, ref: TensorRef) -> TensorRef | None:
        """Return what a tensor of the drawn graph is in the built one; None when it is gone."""
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
        lost_paths = [path for path, ref in fed.items() if ref is None]
        cause = self._cause(graph, dict(call.tensors())[lost_paths[0]]) if lost_paths else ""
        if call.mode == BYPASSED and fed and operation.class_name != INPUT:
            first = next((path for path, ref in fed.items() if ref is not None), None)
            self._leave(call_id, LeftOut("bypassed", cause if first is None else "", first), fed)
        elif operation.graph in self._dead:
            self._leave(call_id, LeftOut("starved", self._dead[operation.graph]))
        elif lost_paths:
            verdict = self._missing_inputs.of(operation, call, lost_paths)
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

    def _build(self, graph_id: str, graph: Graph, changed_models: set[str]) -> None:
        """Make the graph that is built; ``changed_models`` are nested models that are built differently."""
        built_graph = graph.copy()
        listed = {ref.call for ref in graph.input_refs()} if graph_id != ROOT else set()
        removed_ids = [call_id for call_id in graph.calls if call_id in self._stopped and call_id not in listed]
        stale = [call_id for operation_id in changed_models for call_id in graph.calls_of(operation_id)]
        touched_ids = {*removed_ids, *(call_id for call_id in listed if call_id in self._stopped), *stale}
        for call_id in removed_ids:
            built_graph.drop_call(call_id)
        users = {user: None for call_id in touched_ids for user in graph.consumers(call_id)}
        for call_id in [*users, *built_graph.modes]:
            if call_id in built_graph.calls:
                self._rewire(graph, built_graph, call_id)
        self._drop_unused_operations(graph, built_graph, removed_ids)
        self._forget_built_shapes(graph, built_graph, touched_ids, changed_models)
        self._graphs[graph_id] = built_graph
        self._set_outputs(graph_id, graph, built_graph)
        if built_graph.output_refs():
            self._mark_unused(graph_id, graph, built_graph)
        if graph_id == ROOT:
            built_graph.inputs = mapped_nest(graph.inputs, lambda ref: None if ref.call in self._left_out else ref)

    def _rewire(self, graph: Graph, built_graph: Graph, call_id: str) -> None:
        call, gaps = graph.calls[call_id], graph.operation_of(call_id).graph is not None
        args, kwargs = arguments.mapped(call, lambda ref: self._final(graph, ref), gaps)
        built_graph.replace_call(replace(call, args=args, kwargs=kwargs, mode=""))

    @staticmethod
    def _drop_unused_operations(graph: Graph, built_graph: Graph, removed_ids: Iterable[str]) -> None:
        for operation_id in {graph.calls[call_id].operation for call_id in removed_ids}:
            if not built_graph.calls_of(operation_id):
                built_graph.drop_operation(operation_id)

    @staticmethod
    def _forget_built_shapes(
        graph: Graph, built_graph: Graph, touched_ids: Iterable[str], changed_models: set[str]
    ) -> None:
        """Forget what Keras recorded when it built a layer: it does not hold behind a box that is left out."""
        below = {graph.calls[call_id].operation for call_id in graph.downstream(touched_ids)} | changed_models
        for operation in [built_graph.operations[key] for key in below if key in built_graph.operations]:
            if "build_config" in operation.extra:
                extra = {key: value for key, value in operation.extra.items() if key != "build_config"}
                built_graph.replace_operation(replace(operation, extra=extra))

    def _set_outputs(self, graph_id: str, graph: Graph, built_graph: Graph) -> None:
        """Outputs follow their tensors; none is one twice because several boxes behind it were outputs."""
        own = {ref for ref in graph.output_refs() if self._final(graph, ref) == ref}
        doubled = set[TensorRef]()
        output_refs = set(own)
        for ref in graph.output_refs():
            now = self._final(graph, ref)
            if ref not in own and now is not None:
                if now in output_refs:
                    doubled.add(ref)
                output_refs.add(now)
        built_graph.outputs = mapped_nest(
            graph.outputs, lambda ref: None if ref in doubled else self._final(graph, ref)
        )
        if graph_id == ROOT:
            return
        self._numbers[graph_id] = renumbered(graph.outputs, built_graph.outputs, lambda ref: self._final(graph, ref))
        if graph.output_refs() and not built_graph.output_refs():
            self._dead[graph_id] = self._cause(graph, graph.output_refs()[0])

    def _mark_unused(self, graph_id: str, graph: Graph, built_graph: Graph) -> None:
        """Find what is drawn for calls alone that are left out; its shapes can still be told."""
        ends = {ref.call for ref in built_graph.output_refs()}
        if graph_id != ROOT:
            ends |= {ref.call for ref in built_graph.input_refs()}  # a nested model takes what it takes
        waiting = [call_id for call_id in graph.calls if call_id in self._stopped]
        for user in waiting:  # grows while it is read
            for _, ref in graph.calls[user].tensors():
                call_id, others = ref.call, built_graph.consumers(ref.call)
                if call_id in ends or call_id in self._left_out or any(key not in self._left_out for key in others):
                    continue
                self._left_out[call_id] = LeftOut("unused", self._left_out[user].cause or user)
                waiting.append(call_id)

    def _mark_insides(self) -> None:
        """Mark what lies in a model that is left out."""
        for graph in self._document.graphs.values():
            for operation in nested_operations(graph):
                calls = graph.calls_of(operation.id)
                if calls and all(call_id in self._left_out for call_id in calls):
                    for inner in graphs_inside(self._document, operation):
                        for call_id in self._document.graphs[inner].calls:
                            self._left_out.setdefault(call_id, LeftOut("inside", calls[0]))

    def _moved_outputs(self) -> tuple[dict[str, str], dict[str, str]]:
        """The names of outputs of the model that another layer gives now, and those that are numbered otherwise."""
        graph, built_graph = self._document.graph, self._graphs[ROOT]
        now_given = {output.ref: output for output in outputs(built_graph)}
        present, new_names = {output.name for output in now_given.values()}, dict[str, str]()
        numbered = dict[str, str]()
        for output in outputs(graph):
            ref = self._final(graph, output.ref)
            now = now_given.get(ref) if ref is not None else None
            if now is None:
                continue
            if now.layer == output.layer and now.name != output.name:
                numbered[output.name] = now.name
            elif output.name not in present:
                new_names[output.name] = now.name
        return new_names, numbered


def _concerned(graph: Graph, operation_ids: Iterable[str]) -> set[str]:
    """The calls that may be left out: those with a mode, and all behind those that may not give what they gave.

    What a bypassed call hands on is there; only a further output of it is not.
    """
    bypassed = {call_id for call_id, mode in graph.modes.items() if mode == BYPASSED}
    lacking = {call_id for call_id in bypassed if any(edge.source.index for edge in graph.edges_from(call_id))}
    stale = {call_id for operation_id in operation_ids for call_id in graph.calls_of(operation_id)}
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


def _renamed(
    section: Mapping[str, Any], key: str, new_names: Mapping[str, str], numbered: Mapping[str, str]
) -> Mapping[str, Any]:
    """Move what is said of an output to the layer that gives it now, unless something is said of that already.

    Outputs of one layer are numbered; what is said of one goes with it, whatever had its number before.
    """
    entries = section.get(key)
    if not isinstance(entries, Mapping) or not any(name in entries for name in (*new_names, *numbered)):
        return section
    renamed = dict(entries)  # of which nothing is forgotten: the box may be built again
    for new in numbered.values():
        renamed.pop(new, None)
    for old, new in (*numbered.items(), *new_names.items()):
        if old in entries:
            renamed.setdefault(new, entries[old])
    return {**section, key: renamed}
