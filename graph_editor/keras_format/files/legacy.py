"""Models as Keras 2 wrote them, and as Keras 3 writes them into `.h5` files, in the form of Keras 3.

Keras 2 wrote a call as a list of ``[layer, node, tensor, keyword arguments]``, one for each input, and counted the
calls of a model inside a model from one, because the model's own inner wiring was its first.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.legacy_keras1 import is_keras1, ordering_of
from graph_editor.keras_format.files.legacy_layers import MODELS, LayerModernizer, is_recurrent, makes_mask
from graph_editor.keras_format.files.legacy_merge import begins_with_merge
from graph_editor.keras_format.files.legacy_stacks import all_named, first_inputs, tensor
from graph_editor.keras_format.functional import MODULE
from graph_editor.keras_format.reading import MAX_DEPTH, ConfigError
from resources.text import Text

Json = Any

_CONSTANT: Final = "_CONSTANT_VALUE"


def is_legacy(model: Json, keras_version: str) -> bool:
    """Whether a model has to be put into today's form before it can be read."""
    return isinstance(model, Mapping) and (model.get("module") is None or is_old(keras_version))


def is_old(keras_version: str) -> bool:
    return keras_version.split(".")[0] in ("0", "1", "2")


def modernized(model: Json, keras_version: str, catalog: Catalog) -> tuple[Json, tuple[Text, ...]]:
    """The same model as Keras 3 writes it, and what could not be kept. Raises ConfigError."""
    old = is_old(keras_version) or not keras_version
    modernizer = _Modernizer(catalog, old, old and is_keras1(model, keras_version), ordering_of(model) if old else None)
    return modernizer.model(model, "config", 0), tuple(modernizer.layers.notes)


class _Modernizer:
    def __init__(self, catalog: Catalog, old: bool, keras1: bool, ordering: str | None) -> None:
        self._wrapped: tuple[str, int] = "config", 0  # where the wrapper is that is being read
        self.layers = LayerModernizer(catalog, old, self._inside, keras1, ordering)

    def _inside(self, entry: Mapping[str, Json]) -> Json:
        """A model inside of a wrapper."""
        place, depth = self._wrapped
        try:
            return _alone(self.model(entry, f"{place} → config → layer", depth + 1))
        finally:
            self._wrapped = place, depth

    def model(self, entry: Json, place: str, depth: int) -> dict[str, Json]:
        if depth > MAX_DEPTH:
            raise ConfigError(place, Text("the models are nested too deeply."))
        if not isinstance(entry, Mapping) or entry.get("class_name") not in MODELS:
            raise ConfigError("class_name", no_model(entry))
        config = entry.get("config")
        if "config" not in entry and "layers" in entry:
            raise ConfigError(
                "", Text("Keras 0 wrote it, and its settings stand elsewhere. Save it anew with Keras 1.")
            )
        if entry["class_name"] == "Sequential":
            return self._sequential(entry, {"layers": config} if isinstance(config, list) else config, place, depth)
        config = _mapping(config, place)
        listed = _entries(config, place)
        converted = [self._layer(item, f"{place} → layers → {i}", depth) for i, item in enumerate(listed)]
        graph = _Graph(converted)
        for index, layer in enumerate(converted):
            at = f"{place} → layers → {index} → inbound_nodes"
            nodes = layer.get("inbound_nodes") or []
            layer["inbound_nodes"] = [graph.node(layer, node, f"{at} → {number}") for number, node in enumerate(nodes)]
        converted = [self.layers.wired(layer) for layer in converted]
        if any(makes_mask(layer) for layer in converted):
            self.layers.note_lost_masks(converted)
        ends = {key: graph.interface(config.get(key, [])) for key in ("input_layers", "output_layers")}
        own = {"name": str(entry.get("name", config.get("name", "model"))), "trainable": config.get("trainable", True)}
        head = {key: entry[key] for key in ("name", "inbound_nodes") if key in entry}
        new_config = {**own, **config, "layers": converted, **ends}
        return {
            "module": MODULE,
            "class_name": "Functional",
            "config": new_config,
            "registered_name": "Functional",
            **head,
        }

    def _sequential(self, entry: Mapping[str, Json], config: Json, place: str, depth: int) -> dict[str, Json]:
        config = _mapping(config, place)
        listed = all_named(_entries(config, place))
        if begins_with_merge(listed):
            return self._branched(entry, config, listed, place, depth)
        layers = [self._layer(item, f"{place} → layers → {i}", depth) for i, item in enumerate(listed)]
        if layers and layers[0]["class_name"] != "InputLayer":
            layers = [*first_inputs(listed[0], layers[0])[:1], *layers]
        for layer in layers:
            layer.pop("inbound_nodes", None)
            layer.pop("name", None)
        head = {key: entry[key] for key in ("name", "inbound_nodes") if key in entry}
        own = {"name": str(entry.get("name", config.get("name", "sequential"))), "trainable": True}
        changed = {**own, **config, "layers": layers}
        return {"module": "keras", "class_name": "Sequential", "config": changed, "registered_name": None, **head}

    def _branched(
        self, entry: Mapping[str, Json], config: Mapping[str, Json], listed: list[Json], place: str, depth: int
    ) -> dict[str, Json]:
        """A stack of Keras 1 that begins with a Merge of branches: a model with an input for each of them."""
        merge = listed[0]["config"]
        rest = [{**listed[0], "config": {key: merge[key] for key in merge if key != "layers"}}, *listed[1:]]
        every = all_named([*merge["layers"], *rest])
        layers = [self._layer(item, f"{place} → layers → {i}", depth) for i, item in enumerate(every)]
        count = len(merge["layers"])
        inputs: list[dict[str, Json]] = []
        for item, branch in zip(every[:count], layers[:count], strict=True):
            own = first_inputs(item, branch)
            if not own:
                raise ConfigError(_name(branch), Text("the shape of its input is missing."))
            tensors = [tensor(_name(one)) for one in own]
            branch["inbound_nodes"] = [{"args": [tensors if len(tensors) > 1 else tensors[0]], "kwargs": {}}]
            inputs += own
        before: Json = [tensor(_name(branch)) for branch in layers[:count]]
        for layer in layers[count:]:
            layer["inbound_nodes"] = [{"args": [before], "kwargs": {}}]
            before = tensor(_name(layer))
        for layer in layers:
            layer["name"] = _name(layer)
        last = layers[-1]
        ends = {
            "input_layers": [[_name(one), 0, 0] for one in inputs],
            "output_layers": [[_name(last), 1 if last["class_name"] == "Functional" else 0, 0]],
        }
        name = str(entry.get("name", config.get("name", "model")))
        new_config = {"name": name, "trainable": True, **config, "layers": [*inputs, *layers], **ends}
        head = {key: entry[key] for key in ("name", "inbound_nodes") if key in entry}
        return {
            "module": MODULE,
            "class_name": "Functional",
            "config": new_config,
            "registered_name": "Functional",
            **head,
        }

    def _layer(self, entry: Json, place: str, depth: int) -> dict[str, Json]:
        entry = _mapping(entry, place)
        if not isinstance(entry.get("class_name"), str):
            raise ConfigError(place, Text("it has no class_name."))
        if not isinstance(entry.get("inbound_nodes") or [], list):
            raise ConfigError(f"{place} → inbound_nodes", Text("it should be a list."))
        if entry["class_name"] in MODELS:
            return self.model(entry, f"{place} → config", depth + 1)
        config = _mapping(entry.get("config"), f"{place} → config")
        self._wrapped = place, depth
        return self.layers.layer({**entry, "config": config})


class _Graph:
    """Resolves what the calls of one model refer to; ``layers`` are in today's form, their calls are not yet."""

    def __init__(self, layers: list[dict[str, Json]]) -> None:
        self._classes = {_name(layer): str(layer["class_name"]) for layer in layers}
        self._listed = any(isinstance(node, list) for layer in layers for node in layer.get("inbound_nodes") or ())
        self._first: dict[str, int] = {}
        nodes_by_name: dict[str, set[int]] = {}
        for layer in layers:
            for name, node in _references(layer.get("inbound_nodes"), self._classes):
                nodes_by_name.setdefault(name, set()).add(node)
        for name, class_name in self._classes.items():
            counted_from_one = class_name in ("Functional", "Sequential") and 0 not in nodes_by_name.get(name, {1})
            self._first[name] = 1 if counted_from_one and self._listed else 0

    def node(self, layer: Mapping[str, Json], node: Json, place: str) -> Json:
        if not isinstance(node, list | dict):
            raise ConfigError(place, Text("it should be a list."))
        if isinstance(node, dict) and "args" in node:
            return node
        kwargs: dict[str, Json] = {}
        tensors = self._inputs(node, kwargs, place)
        if isinstance(tensors, list) and len(tensors) > 1 and is_recurrent(str(layer["class_name"])):
            return {"args": tensors[:1], "kwargs": {**kwargs, "initial_state": tensors[1:]}}
        if isinstance(tensors, list) and len(tensors) == 1:
            tensors = tensors[0]
        return {"args": [tensors], "kwargs": kwargs}

    def _inputs(self, nest: Json, kwargs: dict[str, Json], place: str) -> Json:
        """The tensors of a call; its keyword arguments, which stand beside each of them, are put into ``kwargs``."""
        match nest:
            case [str(name), int(), value, *more] if len(more) <= 1:
                for key, argument in (more[0] if more and isinstance(more[0], dict) else {}).items():
                    kwargs[key] = self._argument(argument)
                return value if name == _CONSTANT else self._tensor(nest[:3], place)
            case list():
                return [self._inputs(item, kwargs, place) for item in nest]
            case dict():
                return {key: self._inputs(item, kwargs, place) for key, item in nest.items()}
        raise ConfigError(place, Text("it should be [layer, node, tensor, arguments]."))

    def _argument(self, value: Json) -> Json:
        match value:
            case [str(name), int(), int()] if name in self._classes:
                return self._tensor(value, name)
            case [str(name), int(), literal, *_] if name == _CONSTANT:
                return literal
            case list():
                return [self._argument(item) for item in value]
            case dict():
                return {key: self._argument(item) for key, item in value.items()}
        return value

    def _tensor(self, leaf: list[Json], place: str) -> dict[str, Json]:
        name, node, index = leaf
        if name not in self._classes or not isinstance(index, int):
            raise ConfigError(place, Text("it names a tensor that is not in the model."))
        history = [name, node - self._first[name], index]
        return {
            "class_name": "__keras_tensor__",
            "config": {"shape": [], "dtype": "float32", "keras_history": history},
        }

    def interface(self, nest: Json) -> Json:
        """Inputs or outputs; Keras 3 counts the calls of a Functional from one there."""
        match nest:
            case [str(name), int(node), int(index)] if name in self._classes and self._listed:
                first = self._first[name]
                shift = 1 if self._classes[name] == "Functional" else 0
                if shift and not first and node > 0:
                    first = 1  # it is used nowhere else, so nothing told how its calls are counted
                return [name, node - first + shift, index]
            case list():
                return [self.interface(item) for item in nest]
            case dict():
                return {key: self.interface(item) for key, item in nest.items()}
        return nest


def _alone(model: dict[str, Json]) -> dict[str, Json]:
    """A model whose only input and only output stand alone, and in no list: as Keras 2 called them, and wrappers do."""
    config = dict(model["config"])
    for key in ("input_layers", "output_layers"):
        match config.get(key):
            case [[str(), int(), int()] as only]:
                config[key] = only
    return {**model, "config": config}


def _references(nest: Json, names: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    match nest:
        case [str(name), int(node), int(), *more] if name in names:
            yield name, node
            for item in more:
                yield from _references(item, names)
        case list():
            for item in nest:
                yield from _references(item, names)
        case dict():
            for item in nest.values():
                yield from _references(item, names)


def no_model(model: Json) -> Text:
    """Why an entry is no model that can be opened."""
    name = model.get("class_name") if isinstance(model, Mapping) else None
    if not isinstance(name, str):
        return Text("this is JSON, but no Keras model.")
    if name in MODELS:
        return Text("the model has no list of layers.")
    return Text.of(
        "{class_name} is a model with code of its own; only Functional and Sequential can be opened.",
        class_name=name.rpartition(">")[2][:80],
    )


def _name(layer: Mapping[str, Json]) -> str:
    return str(layer.get("name", layer["config"].get("name", "")))


def _entries(config: Mapping[str, Json], place: str) -> list[Json]:
    listed = config.get("layers")
    if not isinstance(listed, list):
        raise ConfigError(f"{place} → layers", Text("it should be a list."))
    return listed


def _mapping(value: Json, place: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise ConfigError(place, Text("it should be an object with named values."))
    return value
