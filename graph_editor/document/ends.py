"""The inputs and outputs of a model by the names that Data and Train know them by."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import ArgumentPath, Graph, Nest, TensorRef, walk
from graph_editor.document.nesting import input_names
from graph_editor.document.titles import titles_of
from resources.training import output_names as naming

Names = Any  # a nest of names


@dataclass(frozen=True, slots=True)
class Output:
    """``layer`` is the name of the layer that gives it, ``name`` its own."""

    path: ArgumentPath  # where it stands among the outputs; sorted by it they are in Keras' order
    ref: TensorRef
    layer: str
    name: str


def outputs(graph: Graph) -> list[Output]:
    """In the order of the document."""
    return named_outputs(graph.outputs, lambda ref: graph.operation_of(ref.call).name, input_names(graph))


def named_outputs(tensors: Nest, layer_of: Callable[[TensorRef], str], inputs: Sequence[str]) -> list[Output]:
    """The outputs ``tensors`` in their order; ``layer_of`` tells the layer that gives a tensor."""
    found = [(path, ref, layer_of(ref)) for path, ref in walk(tensors)]
    in_keras = sorted(found, key=lambda each: each[0])
    names = naming.output_names([layer for _, _, layer in in_keras], inputs)
    by_path = {path: name for (path, _, _), name in zip(in_keras, names, strict=True)}
    return [Output(path, ref, layer, by_path[path]) for path, ref, layer in found]


def output_names(graph: Graph) -> list[str]:
    """The names under which outputs are trained and reported, in order."""
    return [output.name for output in outputs(graph)]


def output_nest(graph: Graph) -> Names:
    """The names of the outputs, nested as they are."""
    return names_in(graph.outputs, output_names(graph))


def input_nest(graph: Graph) -> Names:
    """The names of the inputs, nested as they are."""
    return names_in(graph.inputs, input_names(graph))


def names_in(tensors: Nest, names: Iterable[str]) -> Names:
    """``names``, which are in the order of the tensors, nested as these are."""
    left = iter(names)

    def named(nest: Nest) -> Names:
        if isinstance(nest, TensorRef):
            return next(left)
        if isinstance(nest, Mapping):
            return {str(key): named(value) for key, value in nest.items()}
        return [named(item) for item in nest]

    return named(tensors)


def titles_of_ends(document: Document) -> dict[str, str]:
    """What people call layers, inputs and outputs, by their names, where it is not the name.

    Of several outputs of one nested model each is called by the layer inside that gives it.
    """
    return {**titles_of(document), **_titles_of_repeated(document)}


def titles_in_sentences(document: Document) -> dict[str, str]:
    """As ``titles_of_ends``; but a name that a layer has, stands for the layer."""
    layers = {operation.name for operation in document.graph.operations.values()}
    repeated = {name: title for name, title in _titles_of_repeated(document).items() if name not in layers}
    return {**repeated, **titles_of(document)}


def _titles_of_repeated(document: Document) -> dict[str, str]:
    graph = document.graphs[ROOT]
    found = outputs(graph)
    counts = Counter(output.layer for output in found)
    several = [output for output in found if counts[output.layer] > 1]
    words = [_words(document, graph, output.ref) for output in several]
    repeated = Counter(words)
    numbers: Counter[str] = Counter()
    titles = {}
    for output, text in zip(several, words, strict=True):
        numbers[text] += 1
        titles[output.name] = f"{text} ({numbers[text]})" if repeated[text] > 1 else text
    return titles


def _words(document: Document, graph: Graph, ref: TensorRef) -> str:
    """A nested model with the layer inside that gives the output."""
    operation = graph.operation_of(ref.call)
    if operation.graph is None:
        return operation.shown_name
    inner = document.graphs[operation.graph]
    refs = inner.output_refs()
    if ref.index >= len(refs):
        return operation.shown_name
    return f"{operation.shown_name} › {inner.operation_of(refs[ref.index].call).shown_name}"
