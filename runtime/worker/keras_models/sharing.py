"""Makes models from their configs with what Keras itself would lose.

A layer that stands in several places is one object, in wrappers, in nested models and beside them: Keras makes it one
from `.keras` files alone, and there only when all its places lie in one graph. A frozen Sequential stays marked.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
from keras.src.backend.common import global_state
from keras.src.models import functional
from keras.src.saving import serialization_lib

from resources.shared_layers import is_layer, shared_id, shift_nodes, too_high

Json = Any
Shifts = dict[str, int]  # name of a layer -> how many nodes it had before this graph was built


def made_from(config: Json) -> Any:
    """The object that a config describes, which is consumed. Raises what Keras raises."""
    with serialization_lib.ObjectSharingScope(), _patched():
        return keras.saving.deserialize_keras_object(config, safe_mode=True)


@contextmanager
def watched(hear: Callable[[Json, Shifts], None]) -> Iterator[None]:
    """As `made_from`, for Keras' own functions; `hear` is told how far each graph counts on the nodes of its layers."""
    with serialization_lib.ObjectSharingScope(), _patched(hear):
        yield


def made_from_marks(config: Json) -> tuple[Any, Mapping[int, Any]]:
    """As `made_from`, with what has a mark by that mark."""
    with serialization_lib.ObjectSharingScope(), _patched():
        made = keras.saving.deserialize_keras_object(config, safe_mode=True)
        return made, dict(_made())


def _made() -> dict[int, Any]:
    found: dict[int, Any] = global_state.get_global_attribute("shared_objects/id_to_obj_map")
    return found


def read_model(path: Path) -> Any:
    """The model of a file of Keras, with everything that Keras itself would lose. Raises what Keras raises."""
    with _patched():
        return keras.saving.load_model(path, safe_mode=True)


# Graphs that a layer was called in before


@dataclass
class _Graph:
    config: Json
    nests: Mapping[str, Json]
    counted_on: frozenset[str]  # layers whose nodes are counted so already
    hear: Callable[[Json, Shifts], None]
    shifts: Shifts | None = None

    def begin(self, layers: Mapping[str, Any]) -> Shifts:
        """All layers of the graph are there, none has been called in it yet."""
        if self.shifts is None:
            for name, layer in layers.items():
                layer.name = name  # classes that take no name are given another one each time
            nodes = {n: len(made._inbound_nodes) for n, made in layers.items() if not _is_input(made)}
            self.shifts = {name: count for name, count in nodes.items() if count and name not in self.counted_on}
            self.hear(self.config, self.shifts)
            shift_nodes(self.nests, self.shifts)
        return self.shifts


def _is_input(layer: Any) -> bool:
    return isinstance(layer, keras.layers.InputLayer)


@contextmanager
def _patched(hear: Callable[[Json, Shifts], None] = lambda _config, _shifts: None) -> Iterator[None]:
    """Keras takes the first node that a layer has for the first one in the graph that it reads."""
    graphs: list[_Graph] = []
    read_graph, read_node = functional.functional_from_config, functional.deserialize_node

    def graph_from_config(cls: Any, config: Json, custom_objects: Any = None) -> Any:
        nests = {key: config[key] for key in ("input_layers", "output_layers") if key in config}
        graphs.append(_Graph(config, nests, frozenset(too_high(config)), hear))
        try:
            return read_graph(cls, config, custom_objects)
        finally:
            graphs.pop()

    def node_from_config(node: Json, layers: Mapping[str, Any]) -> Any:
        shifts = graphs[-1].begin(layers) if graphs else {}
        if shifts and isinstance(node, dict):
            node = copy.deepcopy(node)
            shift_nodes({"layers": [{"inbound_nodes": [node]}]}, shifts)
        return read_node(node, layers)

    with ExitStack() as patches:
        patches.enter_context(replaced(functional, "functional_from_config", graph_from_config))
        patches.enter_context(replaced(functional, "deserialize_node", node_from_config))
        patches.enter_context(_forward_layers_kept())
        patches.enter_context(_stacks_marked())
        yield


@contextmanager
def _forward_layers_kept() -> Iterator[None]:
    """Keras' Bidirectional copies the layer that it is given, even where that is a shared one that it had before."""
    class_ = keras.layers.Bidirectional
    read = class_.from_config.__func__

    def bidirectional_from_config(cls: Any, config: Json, custom_objects: Any = None) -> Any:
        mark = shared_id(config["layer"]) if is_layer(config.get("layer")) else None
        made = read(cls, config, custom_objects)
        kept = _made().get(mark) if mark is not None else None
        if kept is not None and kept is not made.forward_layer:
            made._layers.remove(made.forward_layer)
            made.forward_layer = kept
        return made

    with replaced(class_, "from_config", classmethod(bidirectional_from_config)):
        yield


@contextmanager
def _stacks_marked() -> Iterator[None]:
    """Keras forgets that a Sequential is frozen when it makes one from its config."""
    class_ = keras.Sequential
    read = class_.from_config.__func__

    def sequential_from_config(cls: Any, config: Json, custom_objects: Any = None) -> Any:
        made = read(cls, config, custom_objects)
        made._trainable = bool(config.get("trainable", True))  # its own mark alone: its layers have theirs
        return made

    with replaced(class_, "from_config", classmethod(sequential_from_config)):
        yield


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Give a class or a module of Keras another attribute for a while."""
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
