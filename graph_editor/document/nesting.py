"""Models inside models: who owns a graph, what lies inside it, and how a call feeds its inputs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graph_editor.document import arguments
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Argument, ArgumentPath, Call, Graph, Nest, Operation, TensorRef, walk

FUNCTIONAL: Final = "Functional"
SEQUENTIAL: Final = "Sequential"


def owner(document: Document, graph_id: str) -> tuple[str, Operation] | None:
    """The operation that is the nested model with that graph, and the graph it lies in; None for the root."""
    for place, graph in document.graphs.items():
        for operation in graph.operations.values():
            if operation.graph == graph_id:
                return place, operation
    return None


def lineage(document: Document, graph_id: str) -> list[str]:
    """The graphs from the root down to ``graph_id``."""
    line = [graph_id]
    while line[0] != ROOT and (found := owner(document, line[0])) and found[0] not in line:
        line.insert(0, found[0])
    return line


def title(document: Document, graph_id: str) -> str:
    """Return what a graph is called: the model's name, or that of the layer it is used as."""
    found = owner(document, graph_id)
    return found[1].shown_name if found else document.graphs[graph_id].shown_name


def graphs_inside(document: Document, operation: Operation) -> list[str]:
    """The graph of a nested model and all graphs inside that, outermost first."""
    if operation.graph is None or operation.graph not in document.graphs:
        return []
    inner = document.graphs[operation.graph].operations.values()
    return [operation.graph, *(graph_id for item in inner for graph_id in graphs_inside(document, item))]


def frozen_model(document: Document, graph_id: str) -> str:
    """The name of the outermost frozen model that ``graph_id`` lies in; empty when there is none."""
    for place in lineage(document, graph_id):
        place_and_model = owner(document, place)
        if place_and_model is not None and not place_and_model[1].trainable:
            return place_and_model[1].shown_name
    return ""


def layer_count(document: Document, operation: Operation) -> int:
    """Return how many layers a nested model has, those of models inside it included, its inputs not."""
    inside = [document.graphs[graph_id] for graph_id in graphs_inside(document, operation)]
    return sum(item.class_name != "InputLayer" and item.graph is None for g in inside for item in g.operations.values())


def is_deferred(document: Document, operation: Operation) -> bool:
    """Whether it is a Sequential without an Input, whose first layer takes what the model is called with."""
    if operation.graph is None or operation.class_name != SEQUENTIAL:
        return False
    graph = document.graphs[operation.graph]
    return not graph.input_refs() and chain(graph) is not None


def chain(graph: Graph) -> list[str] | None:
    """The calls of a graph that is a plain stack, first to last; None when it is something else."""
    calls = list(graph.calls)
    if len(graph.operations) != len(calls):
        return None
    for index, call_id in enumerate(calls):
        call = graph.calls[call_id]
        expected = (TensorRef(calls[index - 1]),) if index else ()
        if call.args != expected or call.kwargs:
            return None
    return calls if calls and graph.outputs == TensorRef(calls[-1]) else None


# How a call feeds the inputs of a model


def input_places(inputs: Nest, names: Sequence[str], call: Call) -> list[ArgumentPath]:
    """Return where among the arguments of ``call`` the tensor of each input stands, or would stand."""
    base: ArgumentPath = ("kwargs", "inputs") if not call.args and "inputs" in call.kwargs else ("args", 0)
    paths = [path for path, _ in walk(inputs)]
    argument = arguments.read(call, base)
    if isinstance(argument, Mapping) and argument.get("class_name") == "__tuple__":
        base, argument = (*base, "items"), argument.get("items")
    if len(paths) == 1 and (isinstance(argument, TensorRef) or (argument is None and isinstance(inputs, TensorRef))):
        return [base]
    if isinstance(argument, Mapping) and all(name in argument for name in names):
        return [(*base, name) for name in names]
    if isinstance(argument, list) and not isinstance(inputs, list):
        return [(*base, index) for index in range(len(paths))]
    return [(*base, *path) for path in paths]


def input_names(graph: Graph) -> list[str]:
    """The names under which Keras takes data, in order."""
    return [graph.operation_of(ref.call).name for ref in graph.input_refs()]


def sources(graph: Graph, call: Call) -> dict[TensorRef, TensorRef | None]:
    """Return what a call feeds to each input of the model ``graph``; None where no wire leads."""
    feeds: dict[TensorRef, TensorRef | None] = {}
    places = input_places(graph.inputs, input_names(graph), call)
    for ref, place in zip(graph.input_refs(), places, strict=True):
        value = arguments.read(call, place)
        feeds[ref] = value if isinstance(value, TensorRef) else None
    return feeds


def fed(call: Call, inputs: Nest, feeds: Mapping[TensorRef, TensorRef | None]) -> Call:
    """``call`` with arguments for a model that now has ``inputs``; masks that Keras wrote for the old ones go."""
    spare = iter([ref for _, ref in walk(list(call.args))])

    def source(ref: TensorRef) -> TensorRef | None:
        return feeds[ref] if ref in feeds else None if feeds else next(spare, None)

    first: Argument = arguments.substitute(inputs, source)
    empty = not any(True for _ in walk(first))
    keeps = {key: value for key, value in call.kwargs.items() if key != "inputs"}
    if "mask" in keeps and not any(True for _ in walk(keeps["mask"])):
        del keeps["mask"]
    return replace(call, args=() if empty else (first, *call.args[1:]), kwargs=keeps)


def nested_operations(graph: Graph) -> Iterator[Operation]:
    return (operation for operation in graph.operations.values() if operation.graph is not None)


def plain_keywords(call: Call) -> dict[str, Any]:
    """The keyword arguments that say something: not what Keras writes for "nothing", not the inputs themselves."""
    return {
        key: value
        for key, value in call.kwargs.items()
        if key != "inputs" and not (value is None or (isinstance(value, list) and all(item is None for item in value)))
    }
