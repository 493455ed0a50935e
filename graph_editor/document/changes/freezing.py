"""Freezing: what it means for a model and what is in it, and which layers lie above a box.

Keras keeps a flag for each layer, and only that of the layer itself keeps its weights as they are: freezing a model
sets the flags of all that is in it, and so does unfreezing it. A model with a layer that learns is not frozen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import DoStep, Edit, ReplaceOperation
from graph_editor.document.graph import Graph, Json, Operation, TensorRef
from graph_editor.document.nesting import graphs_inside, owner, sources
from resources.text import Text, tr

HasWeights = Callable[[Operation], bool]
_HOLDS = ("layer", "backward_layer", "cell", "cells")  # where a wrapper's config has the layers in it
_WITHOUT_INITIALIZERS = frozenset({"wrapper", "custom"})  # what they hold or make is not told by their parameters


@dataclass(frozen=True, slots=True)
class Weights:
    """Which layers have weights: those of which Keras counted some, and while it has not, those that may.

    ``counted`` tells the number of parameters of a call, None while it is not known.
    """

    document: Document
    catalog: Catalog
    counted: Callable[[str], int | None]

    def __call__(self, operation: Operation) -> bool:
        return self.within(self.document.graph_of_operation(operation.id), operation)

    def within(self, graph: Graph, operation: Operation) -> bool:
        """The same for who knows in which graph the operation lies."""
        if not _no_input(operation):
            return False
        if operation.graph is not None:
            return any(self(inner) for inner in inside(self.document, operation) if inner.graph is None)
        counts = [count for call in graph.calls_of(operation.id) if (count := self.counted(call)) is not None]
        if counts:
            return any(counts)
        return may_have_weights(operation, self.catalog.layer(operation.class_name, operation.module))


def may_have_weights(operation: Operation, spec: LayerSpec | None) -> bool:
    """Whether layers of that class make weights, as far as its parameters tell."""
    if spec is None or spec.category in _WITHOUT_INITIALIZERS:
        return _no_input(operation)
    return any(item.group == "initializers" or item.kind == "layer" for item in spec.parameters)


def inside(document: Document, operation: Operation) -> Iterator[Operation]:
    """All operations in a nested model, those of models in it included."""
    for graph_id in graphs_inside(document, operation):
        yield from document.graphs[graph_id].operations.values()


def enclosing(document: Document, graph_id: str) -> list[Operation]:
    """The models that a graph lies in, innermost first; its own is the first."""
    models: list[Operation] = []
    while graph_id != ROOT and (around := owner(document, graph_id)) and around[1] not in models:
        graph_id, model = around
        models.append(model)
    return models


def all_frozen(document: Document, operations: Iterable[Operation]) -> bool:
    return not learning(document, operations)


def learning(document: Document, operations: Iterable[Operation]) -> list[Operation]:
    """Those that are not frozen."""
    open_ones = [(document.graph_id_of_operation(item.id), item) for item in operations if item.trainable]
    frozen = {
        place: any(not model.trainable for model in enclosing(document, place))
        for place in {place for place, _ in open_ones}
    }
    return [item for place, item in open_ones if not frozen[place]]


def _no_input(operation: Operation) -> bool:
    return operation.class_name != "InputLayer"


def set_trainable(
    document: Document, operation_ids: Iterable[str], trainable: bool, has_weights: HasWeights = _no_input
) -> list[Edit]:
    """Freeze or unfreeze layers, and models with all that is in them that ``has_weights``.

    What is unfrozen in a frozen model takes the freezing from that model, but not from the others in it.
    """
    targets = [operation for _, operation in _placed(document, operation_ids)]
    new_flags: dict[str, bool] = {}
    if trainable:
        places = {key for key, graph in document.graphs.items() if any(op.id in graph.operations for op in targets)}
        around = [enclosing(document, place) for place in sorted(places)]
        for models in around:
            frozen = [place for place, model in enumerate(models) if not model.trainable]
            if frozen:
                loosened = models[: frozen[-1] + 1]
                others = inside(document, loosened[-1])
                new_flags |= {other.id: False for other in others if other not in loosened and has_weights(other)}
        new_flags |= {model.id: True for models in around for model in models}
    for operation in targets:
        new_flags[operation.id] = trainable
        if operation.graph is not None:
            new_flags |= {item.id: trainable for item in inside(document, operation) if trainable or has_weights(item)}
    return [edit for _, operation in _placed(document, new_flags) for edit in _flag(operation, new_flags[operation.id])]


def freeze(document: Document, operation_ids: Iterable[str], has_weights: Weights) -> list[Edit]:
    """Freeze those that have weights."""
    chosen = [item.id for graph, item in _placed(document, operation_ids) if has_weights.within(graph, item)]
    return set_trainable(document, chosen, False, has_weights)


def unfreeze_all(document: Document) -> list[Edit]:
    """Let every layer of the project learn."""
    every = [operation for graph in document.graphs.values() for operation in graph.operations.values()]
    return [edit for operation in every for edit in _flag(operation, True)]


def above(document: Document, call_ids: Iterable[str]) -> list[str]:
    """The operations from whose calls data flows into ``call_ids``, also from outside of the model these lie in.

    The operations of ``call_ids`` themselves and the models around them are not among them.
    """
    start = list(call_ids)
    own = {document.operation_of(call_id).id for call_id in start}
    places = {document.graph_id_of_operation(operation_id) for operation_id in own}
    own |= {model.id for place in places for model in enclosing(document, place)}
    visited, waiting = set(start), start
    while waiting:
        for source in _feeding(document, waiting.pop()):
            if source not in visited:
                visited.add(source)
                waiting.append(source)
    operation_ids: dict[str, None] = {}
    for graph in document.graphs.values():
        operation_ids |= {call.operation: None for key, call in graph.calls.items() if key in visited}
    return [operation_id for operation_id in operation_ids if operation_id not in own]


def _feeding(document: Document, call_id: str) -> list[str]:
    """The calls that feed a call; where an input of a nested model is meant, those that feed this."""
    graph_id = document.graph_id_of_call(call_id)
    graph = document.graphs[graph_id]
    sources = [ref.call for _, ref in graph.calls[call_id].tensors()]
    around = owner(document, graph_id) if graph_id != ROOT and not sources else None
    if around is None:
        return sources
    outer = document.graphs[around[0]]
    return [source for use in outer.calls_of(around[1].id) for source in _given_to(graph, call_id, outer, use)]


def _given_to(graph: Graph, call_id: str, outer: Graph, use: str) -> list[str]:
    """The calls that feed the input ``call_id`` at the call ``use`` of the model; all when it has no inputs."""
    call = outer.calls[use]
    if not graph.input_refs():
        return [ref.call for _, ref in call.tensors()]
    refs = sources(graph, call)
    return [ref.call for place, ref in refs.items() if isinstance(ref, TensorRef) and place.call == call_id]


def _flag(operation: Operation, trainable: bool) -> list[Edit]:
    if operation.trainable == trainable:
        return []
    held = {key: _marked(operation.config[key], trainable) for key in _HOLDS if key in operation.config}
    return [ReplaceOperation(replace(operation, config={**operation.config, **held, "trainable": trainable}))]


def _placed(document: Document, operation_ids: Iterable[str]) -> list[tuple[Graph, Operation]]:
    """The operations, each once, with the graphs they lie in; there may be thousands, mostly in one graph."""
    placed: list[tuple[Graph, Operation]] = []
    ids_left = list(dict.fromkeys(operation_ids))
    for graph in document.graphs.values():
        operations = graph.operations
        placed += [(graph, operations[key]) for key in ids_left if key in operations]
        ids_left = [key for key in ids_left if key not in operations]
        if not ids_left:
            break
    return placed


def _marked(value: Json, trainable: bool) -> Json:
    """A layer that a wrapper holds, or several, marked as Keras sets and writes it."""
    if isinstance(value, list):
        return [_marked(item, trainable) for item in value]
    if not isinstance(value, Mapping):
        return value
    copy = {key: _marked(item, trainable) for key, item in value.items()}
    inner = copy.get("config")
    if "class_name" in copy and isinstance(inner, dict) and "trainable" in inner:
        copy["config"] = {**inner, "trainable": trainable}
    return copy


class Freezing:
    """What a person does about freezing, each as one step that ``do`` makes: the one way, whoever offers it.

    Only layers that have weights are marked; ``tell`` says in one sentence why nothing happens.
    """

    def __init__(self, document: Document, has_weights: Weights, do: DoStep, tell: Callable[[str], object]) -> None:
        self._document = document
        self.has_weights = has_weights
        self._do = do
        self._tell = tell

    def freezable(self, call_ids: Sequence[str]) -> list[Operation]:
        """The layers of these boxes for which freezing means something, each once."""
        found = {operation.id: operation for operation in map(self._document.operation_of, call_ids)}
        return [item for item in found.values() if not item.trainable or self.has_weights(item)]

    def all_frozen(self, call_ids: Sequence[str]) -> bool:
        """Whether there is something to freeze and all of it is frozen."""
        layers = self.freezable(call_ids)
        return bool(layers) and all_frozen(self._document, layers)

    def toggle(self, call_ids: Sequence[str]) -> None:
        """Freeze these boxes; unfreeze them when all are frozen already."""
        layers = self.freezable(call_ids)
        if not layers:
            if call_ids:
                self._tell(tr("There are no weights to freeze in what is selected."))
            return
        self.set_frozen([layer.id for layer in layers], not self.all_frozen(call_ids))

    def set_frozen(self, operation_ids: Sequence[str], frozen: bool) -> None:
        layer = self._document.operation(operation_ids[0]).name
        if len(operation_ids) > 1:
            label = Text("Freeze layers") if frozen else Text("Unfreeze layers")
        else:
            label = Text("Freeze {layer}", {"layer": layer}) if frozen else Text("Unfreeze {layer}", {"layer": layer})
        self._do(label, lambda: set_trainable(self._document, operation_ids, not frozen, self.has_weights))

    def freeze_above(self, call_ids: Sequence[str]) -> None:
        """Freeze every layer from which data flows into these boxes, but not the boxes themselves."""
        if not call_ids:
            self._tell(tr("Select the box above which to freeze everything."))
            return
        edits = freeze(self._document, above(self._document, call_ids), self.has_weights)
        if edits:
            self._do(Text("Freeze everything above"), lambda: edits)
        else:
            self._tell(tr("All layers above that have weights are frozen already, or there are none."))

    def unfreeze_all(self) -> None:
        """Let every layer of the project learn."""
        edits = unfreeze_all(self._document)
        if edits:
            self._do(Text("Unfreeze all layers"), lambda: edits)
        else:
            self._tell(tr("No layer is frozen."))
