"""Keras' own config of a Functional or Sequential model as a document, with nothing lost.

What the document does not model (build shapes, unknown keys, recorded shapes of tensors) is kept beside it, so that
``to_model_json`` writes the identical config again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import NAMELESS, NO_MODULE, Call, Graph, Nest, Operation, TensorRef
from graph_editor.document.naming import Namer, is_class_name, is_module_name, snake_case
from graph_editor.keras_format.recorded import RECORDED, record
from resources.python_code.python_names import is_python_name, no_name
from resources.shared_layers import counted_from_zero, found_again
from resources.text import Text

Json = Any
MODELS: Final = ("Functional", "Sequential")
GRAPH_KEYS: Final = ("layers", "input_layers", "output_layers")
MAX_DEPTH: Final = 40  # models inside models


class ConfigError(Exception):
    """A config that is no model we can read, with the place and the reason."""

    def __init__(self, place: str, text: Text) -> None:
        super().__init__(f"{place}: {text.english()}")
        self.place, self.text = place, text


def is_model(entry: Json) -> bool:
    """Whether a serialised layer is a model with a graph of its own."""
    return (
        isinstance(entry, Mapping)
        and entry.get("class_name") in MODELS
        and isinstance(entry.get("config"), Mapping)
        and isinstance(entry["config"].get("layers"), list)
    )


def from_model_json(model: Json, keras_version: str = "") -> Document:
    """The document of {"module", "class_name", "config", ...}. Raises ConfigError."""
    if not is_model(model):
        raise ConfigError("class_name", Text("only Functional and Sequential models can be opened."))
    document = Document(keras_version)
    document.graphs = {}
    _Reader(document).model(counted_from_zero(found_again(model)), ROOT, "config", 0)
    return document


@dataclass
class _Reader:
    document: Document
    ids: dict[str, int] = field(default_factory=dict)

    def model(self, model: Mapping[str, Json], graph_id: str, place: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ConfigError(place, Text("the models are nested too deeply."))
        config = _mapping(model["config"], place)
        graph = Graph(str(config.get("name", "model")), _model_extra(model))
        self.document.graphs[graph_id] = graph
        read = self._functional if model["class_name"] == "Functional" else self._sequential
        read(graph, config, place, depth)

    def new_id(self, prefix: str) -> str:
        self.ids[prefix] = self.ids.get(prefix, 0) + 1
        return f"{prefix}{self.ids[prefix]}"

    # Functional

    def _functional(self, graph: Graph, config: Mapping[str, Json], place: str, depth: int) -> None:
        entries = _list(config["layers"], f"{place} → layers")
        nodes: dict[tuple[str, int], str] = {}
        inbound: list[tuple[Operation, str, int, Json]] = []
        for index, entry in enumerate(entries):
            at = f"{place} → layers → {index}"
            operation = self._operation(graph, _mapping(entry, at), at, depth)
            listed = _list(entry.get("inbound_nodes", []), f"{at} → inbound_nodes")
            for node, arguments in enumerate(listed or [{}]):
                nodes[operation.name, node] = self.new_id("c")
                inbound.append((operation, at, node, arguments))
        for operation, at, node, arguments in inbound:
            graph.put_call(self._call(operation, nodes, node, arguments, f"{at} → inbound_nodes → {node}"))
        _note_recorded(graph, nodes, entries)
        leaf = _leaf_reader(graph, nodes)
        graph.inputs = _read_nest(config.get("input_layers", []), leaf, f"{place} → input_layers")
        graph.outputs = _read_nest(config.get("output_layers", []), leaf, f"{place} → output_layers")
        record(graph, self.document)

    def _call(
        self, operation: Operation, nodes: Mapping[tuple[str, int], str], node: int, arguments: Json, place: str
    ) -> Call:
        call_id = nodes[operation.name, node]
        node_json = _mapping(arguments, place)
        args = _list(node_json.get("args", []), f"{place} → args")
        kwargs = _mapping(node_json.get("kwargs", {}), f"{place} → kwargs")
        for name in kwargs:
            _check_name(is_python_name(name), name, f"{place} → kwargs")
        extra = {key: value for key, value in node_json.items() if key not in ("args", "kwargs")}
        return Call(
            call_id,
            operation.id,
            tuple(_read_tensors(args, nodes, f"{place} → args")),
            {key: _read_tensors(value, nodes, f"{place} → kwargs → {key}") for key, value in kwargs.items()},
            extra,
        )

    def _operation(self, graph: Graph, entry: Mapping[str, Json], place: str, depth: int) -> Operation:
        class_name = entry.get("class_name")
        if not isinstance(class_name, str):
            raise ConfigError(place, Text("it has no class_name."))
        config = _mapping(entry.get("config", {}), f"{place} → config")
        name = entry.get("name", config.get("name"))
        nameless = "name" not in config and is_foreign(entry.get("module"))
        if name is None and nameless and is_class_name(class_name):  # in a Sequential nobody says it
            name = Namer(self.document).layer_name(graph, snake_case(class_name))
        if not isinstance(name, str):
            raise ConfigError(place, Text("it has no name."))
        if graph.name_owners(name):
            raise ConfigError(place, Text("two layers are called {name}.", {"name": name}))
        known = {"module", "class_name", "config", "registered_name", "name", "inbound_nodes"}
        extra = {key: value for key, value in entry.items() if key not in known}
        if entry.get("module", "") is None and entry.get("registered_name") is not None:
            extra[NO_MODULE] = True
        if nameless:
            extra[NAMELESS] = True
        nested = None
        if is_model(entry):
            nested = self.new_id("g")
            self.model(entry, nested, f"{place} → config", depth + 1)
            config = {key: value for key, value in config.items() if key not in GRAPH_KEYS}
        module, registered = entry.get("module"), entry.get("registered_name")
        _check_name(is_class_name(class_name), class_name, f"{place} → class_name")
        _check_name(module is None or is_module_name(str(module)), str(module), f"{place} → module")
        operation = Operation(
            self.new_id("o"),
            class_name,
            {**config, "name": name},
            str(module or ("__main__" if NO_MODULE in extra else "keras.layers")),
            None if registered is None else str(registered),
            extra,
            nested,
        )
        graph.put_operation(operation)
        return operation

    # Sequential

    def _sequential(self, graph: Graph, config: Mapping[str, Json], place: str, depth: int) -> None:
        before: TensorRef | None = None
        for index, entry in enumerate(_list(config["layers"], f"{place} → layers")):
            at = f"{place} → layers → {index}"
            operation = self._operation(graph, _mapping(entry, at), at, depth)
            is_input = operation.class_name == "InputLayer"
            call = Call(self.new_id("c"), operation.id, () if is_input or before is None else (before,))
            graph.put_call(call)
            before = TensorRef(call.id)
            if is_input and index == 0:
                graph.inputs = before
        graph.outputs = before if before is not None else []


def is_foreign(module: Json) -> bool:
    """Whether a class is none of Keras: those of Keras all take a name."""
    return not (isinstance(module, str) and module.split(".")[0] in ("keras", "tf_keras", "tensorflow"))


def _model_extra(model: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a graph keeps of its model so that it can be written again as it was."""
    config = model["config"]
    return {
        "model": {key: value for key, value in model.items() if key not in ("config", "inbound_nodes", "name")},
        "config": {key: value for key, value in config.items() if key not in (*GRAPH_KEYS, "name")},
        "keys": list(config),
    }


def _read_tensors(tree: Json, nodes: Mapping[tuple[str, int], str], place: str) -> Any:
    if isinstance(tree, list):
        return [_read_tensors(item, nodes, place) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("class_name") != "__keras_tensor__":
        return {key: _read_tensors(item, nodes, place) for key, item in tree.items()}
    return _tensor(_history(tree, place), nodes, place)


def _history(tree: Mapping[str, Json], place: str) -> Json:
    return _mapping(tree.get("config", {}), place).get("keras_history")


def _tensor(history: Json, nodes: Mapping[tuple[str, int], str], place: str) -> TensorRef:
    match history:
        case [str(name), int(node), int(index)] if (name, node) in nodes and index >= 0:
            return TensorRef(nodes[name, node], index)
    raise ConfigError(place, Text("it names a tensor that is not in the model."))


def _leaf_reader(graph: Graph, nodes: Mapping[tuple[str, int], str]) -> Callable[[Json, str], TensorRef]:
    def read(leaf: Json, place: str) -> TensorRef:
        name, node, index = leaf
        owner = graph.operation_named(name)
        shift = owner is not None and owner.class_name == "Functional" and (name, node - 1) in nodes
        return _tensor([name, node - 1 if shift else node, index], nodes, place)

    return read


def _read_nest(nest: Json, leaf: Callable[[Json, str], TensorRef], place: str) -> Nest:
    match nest:
        case [str(), int(), int()]:
            return leaf(nest, place)
        case list():
            return [_read_nest(item, leaf, place) for item in nest]
        case dict():
            return {key: _read_nest(item, leaf, place) for key, item in nest.items()}
    raise ConfigError(place, Text("it should be [layer, node, tensor], or lists and objects of that."))


def _note_recorded(graph: Graph, nodes: Mapping[tuple[str, int], str], entries: list[Json]) -> None:
    """Keep the shape and dtype that Keras wrote beside each tensor, at the call that makes the tensor."""
    specs_by_node: dict[str, dict[int, Json]] = {}

    def visit(tree: Json) -> None:
        if isinstance(tree, list):
            for item in tree:
                visit(item)
        elif isinstance(tree, dict):
            if tree.get("class_name") == "__keras_tensor__":
                name, node, index = _history(tree, "")
                spec = {key: value for key, value in tree["config"].items() if key != "keras_history"}
                specs_by_node.setdefault(nodes[name, node], {})[index] = spec
            else:
                visit(list(tree.values()))

    for node in (node for entry in entries for node in entry.get("inbound_nodes", [])):
        visit([*node.get("args", []), *node.get("kwargs", {}).values()])
    for call_id, specs in specs_by_node.items():
        call = graph.calls[call_id]
        tensors = {str(index): specs[index] for index in sorted(specs)}
        graph.replace_call(Call(call.id, call.operation, call.args, call.kwargs, {**call.extra, RECORDED: tensors}))


def _check_name(sound: bool, name: str, place: str) -> None:
    if not sound:
        raise ConfigError(place, no_name(name))


def _mapping(value: Json, place: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise ConfigError(place, Text("it should be an object with named values."))
    return value


def _list(value: Json, place: str) -> list[Json]:
    if not isinstance(value, list):
        raise ConfigError(place, Text("it should be a list."))
    return value
