"""Which Embedding an input's values end up in as ids, from Keras' functional config. Pure.

Values are followed through what only arranges them anew, or puts several together, into nested models as well. After
anything else nothing can be said about them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from runtime.messages.checking import Ids
from runtime.model_configs.ends import tensor_leaves

Json = Any
Tensor = tuple[str, int, int]  # the name of a layer, the number of its call, that of the output
Inputs = frozenset[str]  # from which inputs all values of a tensor come; none: not known

_NOWHERE: Final[Inputs] = frozenset()
_ARRANGING: Final = {
    "keras.layers": {
        "Reshape", "Flatten", "Permute", "Identity", "RepeatVector", "Concatenate", "ActivityRegularization",
        "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
    },
    "keras.src.ops.numpy": {
        "Reshape", "Squeeze", "ExpandDims", "Transpose", "Ravel", "Moveaxis", "Swapaxes", "Concatenate", "Stack",
        "Flip", "Repeat", "Tile", "BroadcastTo", "Roll", "Rot90", "Hstack", "Vstack",
    },
    "keras.src.ops.core": {"Cast", "StopGradient"},
}  # fmt: skip
_EMBEDDINGS: Final = {"Embedding", "ReversibleEmbedding"}
_MODELS: Final = {"Functional", "Model", "Sequential"}


def takes_ids(class_name: str, config: Mapping[str, Json]) -> bool:
    """Whether a layer is an Embedding, or one in a wrapper."""
    inner = config.get("layer")
    return class_name in _EMBEDDINGS or (isinstance(inner, Mapping) and inner.get("class_name") in _EMBEDDINGS)


def embedded_ids(model: Json) -> dict[str, Ids]:
    """The Embedding that each input's values go to, by the input's name; of several the one with the fewest rows."""
    walk = _Walk()
    config = model.get("config") if isinstance(model, Mapping) else None
    if isinstance(config, Mapping):
        walk.model(str(model.get("class_name", "Functional")), config, None)
    return walk.found


class _Walk:
    def __init__(self) -> None:
        self.found: dict[str, Ids] = {}

    def model(self, class_name: str, config: Mapping[str, Json], given: Sequence[Inputs] | None) -> list[Inputs]:
        """Where the outputs of a model come from. `given` is what it is called with; None for the whole model."""
        layers = [layer for layer in config.get("layers") or () if isinstance(layer, Mapping)]
        if class_name == "Sequential":
            first = next(
                (frozenset({_name(layer)}) for layer in layers if layer.get("class_name") == "InputLayer"), _NOWHERE
            )
            return self._stack(layers, [first] if given is None else given)
        graph = _Graph(self, layers)
        for place, (name, _, _) in enumerate(_leaves(config.get("input_layers"))):
            own = frozenset({name}) if given is None else _NOWHERE
            graph.inputs[name] = given[place] if given is not None and place < len(given) else own
        for layer in layers:  # also those that lead to no output
            for node in range(len(layer.get("inbound_nodes") or ())):
                graph.tensor((str(layer.get("name")), node, 0))
        return [graph.tensor(place) for place in _leaves(config.get("output_layers"))]

    def _stack(self, layers: Iterable[Mapping[str, Json]], given: Sequence[Inputs]) -> list[Inputs]:
        flow = list(given)
        for layer in layers:
            if layer.get("class_name") != "InputLayer":
                flow = self.call(layer, flow)
        return flow

    def call(self, layer: Mapping[str, Json], given: Sequence[Inputs]) -> list[Inputs]:
        """Where the outputs of a layer come from, as far as that is known; an Embedding is noted."""
        kind, config = str(layer.get("class_name")), layer.get("config")
        config = config if isinstance(config, Mapping) else {}
        inner = config.get("layer")
        if kind == "TimeDistributed" and isinstance(inner, Mapping):
            return self.call(inner, given)
        if kind in _MODELS:
            return self.model(kind, config, given)
        if kind in _EMBEDDINGS:
            self._note(_name(layer), config.get("input_dim"), given)
            return []
        arranges = kind in _ARRANGING.get(str(layer.get("module") or "keras.layers"), ())
        return [frozenset().union(*given)] if arranges else []

    def _note(self, layer: str, rows: Json, given: Sequence[Inputs]) -> None:
        for name in frozenset().union(*given) if isinstance(rows, int) else ():
            known = self.found.get(name)
            if known is None or rows < known.rows:
                self.found[name] = Ids(layer, rows)


class _Graph:
    """The tensors of one functional model, each looked at once."""

    def __init__(self, walk: _Walk, layers: Iterable[Mapping[str, Json]]) -> None:
        self.inputs: dict[str, Inputs] = {}
        self._walk = walk
        self._layers = {str(layer.get("name")): layer for layer in layers}
        self._known: dict[tuple[str, int], list[Inputs]] = {}  # what a call gives

    def tensor(self, tensor: Tensor) -> Inputs:
        """Calls lie deep in long models: no recursion."""
        waiting, met = [tensor[:2]], {tensor[:2]}  # a file may have wires in a circle
        while waiting:
            call = waiting[-1]
            sources = self._sources(*call)
            missing = [source[:2] for source in sources if source[:2] not in self._known and source[:2] not in met]
            if call not in self._known and missing:
                waiting += missing
                met.update(missing)
                continue
            waiting.pop()
            if call not in self._known:
                self._known[call] = self._told(call[0], [self._output(source) for source in sources])
        return self._output(tensor)

    def _output(self, tensor: Tensor) -> Inputs:
        outputs = self._known.get(tensor[:2], [])
        return outputs[tensor[2]] if tensor[2] < len(outputs) else _NOWHERE

    def _told(self, name: str, given: Sequence[Inputs]) -> list[Inputs]:
        layer = self._layers.get(name)
        if name in self.inputs or layer is None:
            return [self.inputs.get(name, _NOWHERE)]
        return self._walk.call(layer, given)

    def _sources(self, name: str, node: int) -> list[Tensor]:
        nodes = self._layers.get(name, {}).get("inbound_nodes") or ()
        return list(_tensors(nodes[node])) if node < len(nodes) else []


def _name(layer: Mapping[str, Json]) -> str:
    config = layer.get("config")
    own = config.get("name") if isinstance(config, Mapping) else None
    return str(layer.get("name") or own)


def _tensors(node: Json) -> Iterable[Tensor]:
    """Each tensor among the arguments of a call."""
    if isinstance(node, Mapping):
        if node.get("class_name") == "__keras_tensor__":
            name, number, index = node["config"]["keras_history"]
            yield str(name), int(number), int(index)
        else:
            for value in node.values():
                yield from _tensors(value)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            yield from _tensors(value)


def _leaves(nest: Json) -> list[Tensor]:
    """The tensors of "input_layers" or "output_layers", flat in Keras' order."""
    return [(str(name), int(node), int(index)) for name, node, index, *_ in tensor_leaves(nest)]
