"""The graph of a model as the body of a function that builds it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, LayerSpec
from graph_editor.document.changes.shared_layers import mark_of
from graph_editor.document.custom_code import code_files
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Call, Graph, Nest, Operation, TensorRef, walk
from graph_editor.document.nesting import chain
from graph_editor.document.vocabulary import INNER, VOCABULARY_SIZE, learns_from_data, vocabularies
from graph_editor.exporters.code.layers import Layers
from graph_editor.exporters.code.names import (
    BUILD,
    FUNCTIONS,
    KEEP_FROZEN,
    NAMED,
    WITH_VOCABULARY,
    Names,
    builder_name,
    identifier,
    may_be_own_module,
    numbered,
    shared_name,
)
from graph_editor.exporters.code.shared import SharedPlaces
from graph_editor.keras_format.functional import node_numbers
from resources.python_code import adapting
from resources.python_code.layout import assigned, comment, done, function, returned
from resources.python_code.pieces import (
    FALSE,
    CallCode,
    Code,
    SourceError,
    dict_of,
    library,
    list_of,
    literal,
    name,
    place,
    quoted,
    subscript,
)
from resources.text import Text

NAMED_HELPER: Final = '''def named(name, tensors):
    """Give the operation that made `tensors` its name; functions of keras.ops take none."""
    keras.tree.flatten(tensors)[0]._keras_history.operation.name = name
    return tensors
'''
KEEP_FROZEN_HELPER: Final = '''def keep_frozen(model):
    """Freeze what frozen layers make or hold, too; Keras marks only the layers themselves."""
    for layer in model.layers:
        if not layer.trainable:
            layer.trainable = True  # Keras passes on only what is new
            layer.trainable = False
        elif isinstance(layer, keras.Model):
            keep_frozen(layer)
    return model
'''
WITH_VOCABULARY_HELPER: Final = '''def with_vocabulary(layer, words, idf_weights=None):
    """Give a layer, or the one in a wrapper, the words that were found in the data; they are no part of its config."""
    getattr(layer, "layer", layer).set_vocabulary(words, idf_weights)
    return layer
'''
_INPUT: Final = "InputLayer"
# Layers that make operations of their own: Keras numbers these too, so the names it will give cannot be foretold.
_MAKES_OPERATIONS: Final = ("Masking",)
_SOMETIMES_BARE: Final = ("SVD", "Qr")  # one tensor, not a list of one, where their config asks for one
_ATTENTION: Final = ("MultiHeadAttention", "GroupQueryAttention")  # they have a Softmax of their own


@dataclass
class Program:
    """The functions that build a document's model, innermost first, and what they need."""

    document: Document
    catalog: Catalog
    functions: list[str] = field(default_factory=list)
    uses_named: bool = False
    uses_vocabularies: bool = False
    adapts: bool = False  # layers that learn from data do so while the model is made
    unknown_classes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.own_modules = frozenset(
            filter(may_be_own_module, (PurePath(file).stem for file in code_files(self.document)))
        )
        self.layers = Layers(self.catalog, self.own_modules)
        own_classes = _classes_of(self.own_modules, self.document)
        self.function_names = Names((*FUNCTIONS, *own_classes))
        self.taken = {NAMED, KEEP_FROZEN, WITH_VOCABULARY, BUILD, *own_classes}  # what the functions use by its name
        self.taken |= {adapting.SAMPLES, *adapting.NAMES} if self.adapts else set()
        self._builders: dict[str, str] = {ROOT: BUILD}
        self._written: set[str] = set()
        self._name_builders(self.document.graph)
        self.places = SharedPlaces(self.document)
        for mark in self.places.first:
            called = identifier(self.places.name_of(mark))
            self.layers.shared[mark] = self.function_names.variable(shared_name(called))
        self.taken |= {*self._builders.values(), *self.layers.shared.values()}
        self._operations: Counter[str] = Counter()
        operations = [op for graph in self.document.graphs.values() for op in graph.operations.values()]
        self._foretold = not any(_makes_operations(operation) for operation in operations)
        self._attends = any(operation.class_name in _ATTENTION for operation in operations)
        self.freezes = not all(operation.trainable for operation in operations)

    def build(self) -> str:
        """Write all functions; the name of the one that builds the whole model."""
        self._function(ROOT)
        return self._builders[ROOT]

    def _name_builders(self, graph: Graph) -> None:
        """Before anything is written, so that no variable of one function is the name of another function."""
        for call_id in _order(graph):
            operation = graph.operation_of(call_id)
            inside = self.document.graphs.get(operation.graph or "")
            if operation.graph is None or inside is None or operation.graph in self._builders:
                continue
            if self._stack(inside) is None:
                self._builders[operation.graph] = self.function_names.variable(builder_name(operation.name))
            self._name_builders(inside)

    def _function(self, graph_id: str) -> None:
        graph = self.document.graphs[graph_id]
        stack = self._stack(graph)
        if stack is not None:
            model = self._sequential(graph, stack, self._trainable(graph), learns=self.adapts and graph_id == ROOT)
            lines = returned(self._kept_frozen(graph, model))
        else:
            lines = _Body(self, graph, Names(self.taken)).lines()
        marks = self.places.within(graph.operations.values())
        if graph_id == ROOT:
            lines = [*(line for mark in marks for line in self._shared_layer(mark)), *lines]
            marks = []
        given = [self.layers.shared[mark] for mark in marks]
        optional = [adapting.SAMPLES] if self.adapts and graph_id == ROOT else []
        builder = self._builders[graph_id]
        self.functions.append(function(builder, lines, given=given, optional=optional, of="keras.Model"))

    def learners(self) -> list[Operation]:
        """The layers of the model itself that learn from data."""
        graph = self.document.graph
        return (
            [each for each in graph.operations.values() if graph.calls_of(each.id) and learns_from_data(each)]
            if self.adapts
            else []
        )

    @property
    def follows(self) -> bool:
        """Whether the layers of the model follow each other, as Sequential has them."""
        return self._stack(self.document.graph) is not None

    def _shared_layer(self, mark: int) -> list[str]:
        """The assignment of a layer that stands in several places."""
        made = self.places.first[mark]
        code = self._own_layer(made) if isinstance(made, Operation) else self.layers.made(made)
        return assigned(self.layers.shared[mark], code)

    def layer(self, operation: Operation) -> Code:
        """A layer, or a nested model, that has not been called yet."""
        shared = self.layers.shared.get(mark_of(operation))
        return name(shared) if shared is not None else self._own_layer(operation)

    def _own_layer(self, operation: Operation) -> Code:
        if operation.graph is not None and operation.graph in self.document.graphs:
            return self._nested(operation, operation.graph)
        if not self.is_known(operation):
            self.unknown_classes.append(operation.class_name)
        known = vocabularies(operation)
        if operation in self.learners():
            return self.layers.layer(replace(operation, config=_without_size(operation.config)))
        if not known:
            return self.layers.layer(operation)
        self.uses_vocabularies = True
        code = self.layers.layer(replace(operation, config=_without_size(operation.config)))
        for vocabulary in known.values():
            words = [literal(list(vocabulary.words))]
            if vocabulary.idf_weights is not None:
                words.append(literal(list(vocabulary.idf_weights[: len(vocabulary.words)])))
            code = CallCode(name(WITH_VOCABULARY), (code, *words))
        return code

    def is_known(self, operation: Operation) -> bool:
        """Whether the class is one of Keras, or is imported from the project's own code."""
        if operation.module in self.own_modules and operation.registered_name is not None:
            return True
        spec = self.catalog.layer(operation.class_name, operation.module)
        return spec is not None and not spec.registered

    def _nested(self, operation: Operation, graph_id: str) -> Code:
        graph = self.document.graphs[graph_id]
        stack = self._stack(graph)
        if stack is not None:
            return self._sequential(graph, stack, operation.trainable, operation.name)
        if graph_id not in self._written:
            self._written.add(graph_id)
            self._function(graph_id)
        marks = self.places.within(graph.operations.values())
        return CallCode(name(self._builders[graph_id]), tuple(name(self.layers.shared[mark]) for mark in marks))

    @staticmethod
    def _stack(graph: Graph) -> list[str] | None:
        return chain(graph) if graph.extra.get("model", {}).get("class_name") == "Sequential" else None

    def _sequential(
        self, graph: Graph, stack: list[str], trainable: bool, called: str | None = None, *, learns: bool = False
    ) -> Code:
        layers: Code = list_of(self._placed(graph.operation_of(call_id)) for call_id in stack)
        if learns:
            learning = list_of(quoted(each.name) for each in self.learners())
            layers = CallCode(name(adapting.ADAPTED), (layers, learning, name(adapting.SAMPLES)))
        kwargs: dict[str, Code] = {"name": quoted(called or graph.name)}
        if not trainable:
            kwargs = {"trainable": FALSE, **kwargs}
        return CallCode(library("keras.Sequential"), (layers,), kwargs)

    def _placed(self, operation: Operation) -> Code:
        with place(operation.name):
            return self.layer(operation)

    def owner(self, graph: Graph) -> Operation | None:
        graph_id = next(key for key, value in self.document.graphs.items() if value is graph)
        operations = (op for other in self.document.graphs.values() for op in other.operations.values())
        return next((op for op in operations if op.graph == graph_id), None)

    def _trainable(self, graph: Graph) -> bool:
        owner = self.owner(graph)
        return owner.trainable if owner else bool(graph.extra.get("config", {}).get("trainable", True))

    def model(self, graph: Graph, inputs: Code, outputs: Code) -> Code:
        owner = self.owner(graph)
        kwargs: dict[str, Code] = {"inputs": inputs, "outputs": outputs}
        if not self._trainable(graph):
            kwargs["trainable"] = FALSE
        kwargs["name"] = quoted(owner.name if owner else graph.name)
        return self._kept_frozen(graph, CallCode(library("keras.Model"), (), kwargs))

    def _kept_frozen(self, graph: Graph, model: Code) -> Code:
        """The whole model, built and with what is frozen in it; the models in it are seen to with it."""
        return CallCode(name(KEEP_FROZEN), (model,)) if self.freezes and graph is self.document.graph else model

    def operation(self, spec: LayerSpec, operation: Operation, call: Call, tensors: Mapping[TensorRef, Code]) -> Code:
        code = self.layers.operation(spec, operation, call, tensors)
        if self._automatic_name(operation) == operation.name:
            return code
        self.uses_named = True
        return CallCode(name(NAMED), (quoted(operation.name), code))

    def _automatic_name(self, operation: Operation) -> str | None:
        """The name that Keras will give the operation by itself; None if that cannot be foretold."""
        stem = _as_keras_names(operation.class_name)
        number = self._operations[stem]
        self._operations[stem] += 1
        if not self._foretold or (stem == "softmax" and self._attends):
            return None
        return numbered(stem, number) if number else stem


@dataclass
class _Body:
    """Writes one graph, call by call."""

    program: Program
    graph: Graph
    names: Names
    tensors: "_Tensors" = field(init=False)
    variables: dict[str, str] = field(default_factory=dict)  # operation -> variable of a layer that is called again

    def __post_init__(self) -> None:
        self.tensors = _Tensors(self.program, self.graph)

    def lines(self) -> list[str]:
        own = {operation.id: self.names.variable(operation.name) for operation in self.graph.operations.values()}
        lines: list[str] = []
        order = _order(self.graph)
        if self.program.adapts:  # which all inputs are needed for
            order.sort(key=lambda call_id: self.graph.operation_of(call_id).class_name != _INPUT)
        for call_id in order:
            with place(self.graph.operation_of(call_id).name):
                lines += self._call(self.graph.calls[call_id], own)
        inputs, outputs = (self._nest(nest) for nest in (self.graph.inputs, self.graph.outputs))
        return [*lines, *returned(self.program.model(self.graph, inputs, outputs))]

    def _call(self, call: Call, own: Mapping[str, str]) -> list[str]:
        operation = self.graph.operations[call.operation]
        spec = self.program.catalog.layer(operation.class_name, operation.module)
        variable = own[operation.id]
        if operation.class_name == _INPUT:
            self.tensors.name(call.id, variable)
            return assigned(variable, self.program.layer(operation))
        if spec and spec.function and len(self.graph.calls_of(operation.id)) == 1:
            code = self.program.operation(spec, operation, call, self.tensors)
            self.tensors.name(call.id, variable)
            return assigned(variable, code)
        learns = self.graph is self.program.document.graph and operation in self.program.learners()
        if len(self.graph.calls_of(operation.id)) == 1 and not learns:
            code = self._called(self.program.layer(operation), call)
            self.tensors.name(call.id, variable)
            return self._remark(operation) + assigned(variable, code)
        lines: list[str] = []
        shared = self.program.layers.shared.get(mark_of(operation))
        if shared is not None:
            variable = shared
        elif operation.id not in self.variables:
            self.variables[operation.id] = variable
            lines = self._remark(operation) + assigned(variable, self.program.layer(operation))
            lines += self._adapted(variable, call) if learns else []
        code = self._called(name(variable), call)
        result = self.names.variable(numbered(variable, self.graph.calls_of(operation.id).index(call.id) + 1))
        self.tensors.name(call.id, result)
        return [*lines, *assigned(result, code)]

    def _called(self, layer: Code, call: Call) -> Code:
        write = self.program.layers.argument
        args = tuple(write(argument, self.tensors) for argument in call.args)
        kwargs = {key: value for key, value in call.kwargs.items() if not (key == "mask" and _is_nest_of_none(value))}
        return CallCode(layer, args, {key: write(value, self.tensors) for key, value in kwargs.items()})

    def _adapted(self, variable: str, call: Call) -> list[str]:
        """The line by which a layer learns before it is called first."""
        tensors = [self.program.layers.argument(ref, self.tensors) for _, ref in call.tensors()]
        if len(tensors) != 1:
            raise SourceError(Text("it learns from data, for which it has to get one tensor."))
        inputs = self._nest(self.graph.inputs)
        return done(CallCode(name(adapting.ADAPT_AT), (name(variable), inputs, tensors[0], name(adapting.SAMPLES))))

    def _remark(self, operation: Operation) -> list[str]:
        if operation.graph is not None or self.program.is_known(operation):
            return []
        return comment(operation.class_name + " is not part of Keras: import the code that registers it first.", 1)

    def _nest(self, nest: Nest) -> Code:
        if isinstance(nest, TensorRef):
            return self.program.layers.argument(nest, self.tensors)
        if isinstance(nest, Mapping):
            return dict_of({str(key): self._nest(item) for key, item in nest.items()})
        return list_of(self._nest(item) for item in nest)


class _Tensors(Mapping[TensorRef, Code]):
    """How each tensor is called: the variable of its call, with an index where the call gives several."""

    def __init__(self, program: Program, graph: Graph) -> None:
        self._program, self._graph = program, graph
        self._names: dict[str, str] = {}
        self._used = {ref for call in graph.calls.values() for _, ref in call.tensors()}
        self._used |= {*graph.output_refs()}
        self._highest: dict[str, int] = {}
        for ref in self._used:
            self._highest[ref.call] = max(ref.index, self._highest.get(ref.call, 0))

    def name(self, call_id: str, variable: str) -> None:
        self._names[call_id] = variable

    def __getitem__(self, ref: TensorRef) -> Code:
        return self._placed(ref, name(self._names[ref.call]))

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, TensorRef) and ref.call in self._names

    def __iter__(self) -> Iterator[TensorRef]:
        return iter(self._used)

    def __len__(self) -> int:
        return len(self._used)

    def _placed(self, ref: TensorRef, code: Code) -> Code:
        operation, call = self._graph.operation_of(ref.call), self._graph.calls[ref.call]
        if operation.graph is not None and operation.graph in self._program.document.graphs:
            return _in_nest(code, self._program.document.graphs[operation.graph].outputs, ref.index)
        return subscript(code, literal(ref.index)) if self._several(operation, call) else code

    def _several(self, operation: Operation, call: Call) -> bool:
        if self._highest.get(call.id, 0) > 0 or call.kwargs.get("return_attention_scores"):
            return True
        spec = self._program.catalog.layer(operation.class_name, operation.module)
        if spec is None:
            return False
        count = self._program.catalog.output_count(spec, operation.config)
        if spec.function and spec.function.sequence:
            return spec.class_name not in _SOMETIMES_BARE or count > 1
        return count > 1


def _in_nest(code: Code, nest: Nest, index: int) -> Code:
    """Output ``index`` of a nested model in what a call of it gives: x, x[1], x["mask"][0]."""
    places = [path for path, _ in walk(_in_keras_order(nest))]
    path: tuple[str | int, ...] = places[index] if index < len(places) else (index,)
    for key in path:
        code = subscript(code, literal(key))
    return code


def _in_keras_order(nest: Nest) -> Any:
    """Keras flattens dicts in the order of their keys."""
    if isinstance(nest, Mapping):
        return {key: _in_keras_order(nest[key]) for key in sorted(nest)}
    return [_in_keras_order(item) for item in nest] if isinstance(nest, list | tuple) else nest


def _as_keras_names(class_name: str) -> str:
    """The name that Keras makes of a class: "TopK" is "top_k", "FFT2" is "fft2"."""
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()


def _is_nest_of_none(mask: Any) -> bool:
    """Return what Keras records by itself for a nested model with several inputs that have no mask."""
    if isinstance(mask, Mapping):
        mask = list(mask.values())
    return isinstance(mask, list | tuple) and all(item is None or _is_nest_of_none(item) for item in mask)


def _classes_of(modules: Collection[str], document: Document) -> set[str]:
    """Return what configs name of the project's own code: the script imports it."""
    operations = [op for graph in document.graphs.values() for op in graph.operations.values()] if modules else []
    classes = {operation.class_name for operation in operations if operation.module in modules}
    waiting: list[Any] = [operation.config for operation in operations]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
            if (
                isinstance(value.get("module"), str)
                and value["module"] in modules
                and isinstance(value.get("class_name"), str)
            ):
                classes.add(value["class_name"])
        elif isinstance(value, list | tuple):
            waiting += value
    return classes


def _makes_operations(operation: Operation) -> bool:
    return operation.class_name in _MAKES_OPERATIONS or bool(operation.config.get("mask_zero"))


def _without_size(config: Mapping[str, Json]) -> dict[str, Json]:
    """The config of a layer that is given its words, which say how many they are."""
    left = {key: value for key, value in config.items() if key != VOCABULARY_SIZE}
    inside = left.get(INNER)
    if isinstance(inside, Mapping) and isinstance(inside.get("config"), Mapping):
        left[INNER] = {**inside, "config": _without_size(inside["config"])}
    return left


def _order(graph: Graph) -> list[str]:
    """Calls that lead to an output, sources first, and those of one layer in the order of their nodes."""
    useful = graph.upstream(ref.call for ref in [*graph.output_refs(), *graph.input_refs()])
    flow = [call_id for call_id in graph.topological_order() if call_id in useful]
    nodes = node_numbers(graph, flow)
    of_operation: dict[str, list[str]] = {}
    for call_id in sorted(flow, key=lambda call_id: nodes[call_id][1]):
        of_operation.setdefault(graph.calls[call_id].operation, []).append(call_id)
    before = {later: first for calls in of_operation.values() for first, later in pairwise(calls)}
    order: dict[str, None] = {}
    waiting = flow
    while waiting:
        later = []
        for call_id in waiting:
            needed = {ref.call for _, ref in graph.calls[call_id].tensors()}
            if needed <= order.keys() and (call_id not in before or before[call_id] in order):
                order[call_id] = None
            else:
                later.append(call_id)
        if len(later) == len(waiting):
            break  # no program makes these calls: a damaged file
        waiting = later
    return list(order)
