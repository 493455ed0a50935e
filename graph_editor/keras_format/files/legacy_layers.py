"""Layers as Keras 2 wrote them, as Keras 3 takes them: old names, old arguments, objects without their module."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph_editor.catalog.catalog import LAYERS_MODULE, Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.keras_format.files import legacy_keras1
from graph_editor.keras_format.files.legacy_functions import FUNCTION_LAYERS, as_operation, function_name
from graph_editor.keras_format.files.legacy_merge import MERGE, merge_layer
from graph_editor.keras_format.files.legacy_objects import modern_object, registered_place
from resources.text import Text

Json = Any
Config = dict[str, Json]

_RECURRENT: Final = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
_ALWAYS: Final = ("name", "trainable", "dtype", "activity_regularizer")
# Arguments that meant nothing for the result, or that Keras now finds out by itself.
_QUIET: Final = frozenset(
    {
        "batch_input_shape",
        "input_dtype",
        "input_length",
        "implementation",
        "fused",
        "virtual_batch_size",
        "adjustment",
        "groups",
        "kernel_initializer",
        "kernel_regularizer",
        "kernel_constraint",
        "query_shape",
        "key_shape",
        "value_shape",
        "build_input_shape",
        "autocast",
    }
)
_PUBLISHED: Final = {"GroupedQueryAttention": "GroupQueryAttention"}  # .h5 files have the name in Python, of any Keras
MODELS: Final = ("Functional", "Model", "Sequential")
_NO_MASK: Final = Text(
    "{layer}: Keras 3 passes no mask to a layer that is given initial states; lead one there by a wire."
)
_HARD_SIGMOID: Final = Text("{layer} uses hard_sigmoid, which Keras 3 computes as x/6 + 0.5 instead of x/5 + 0.5.")


@dataclass
class LayerModernizer:
    """Turns one serialised layer after the other into today's form; ``notes`` says what could not be kept.

    ``old`` is whether Keras 2 wrote them, or Keras 1; arguments that Keras 3 does not know are taken out only then.
    ``model`` turns a model inside of a wrapper into today's form. ``ordering`` is where the channels are in the layers
    that say it (Keras 1 left it out of some).
    """

    catalog: Catalog
    old: bool
    model: Callable[[Mapping[str, Json]], Json]
    keras1: bool = False
    ordering: str | None = None
    notes: list[Text] = field(default_factory=list)

    def layer(self, entry: Mapping[str, Json]) -> dict[str, Json]:
        """``entry`` needs "class_name" and "config"; a copy without what belongs to the graph comes back."""
        name, config = str(entry["class_name"]), dict(entry["config"])
        name = _PUBLISHED.get(name, name)
        if self.old:
            name, config = self._renamed(name, config)
        function = self._function(name, config, entry)
        if function is not None:
            place = {"module": function.module, "class_name": name, "registered_name": name}
            return {**entry, **place, "config": config}
        spec = None if _is_foreign(entry.get("module")) else self.catalog.layer(name)
        layer_name = str(config.get("name", entry.get("name", name)))
        if spec is None:
            if ">" in name and entry.get("module") is None:
                return {**entry, **registered_place(name), "config": config}
            self._note_unknown(entry, layer_name, name)
            known = {"module": entry.get("module"), "registered_name": entry.get("registered_name")}
            return {**entry, **known, "config": config}
        self._inner_layers(config)
        config = {
            key: modern_object(spec, key, value, self.catalog, layer_name, self.notes.append)
            for key, value in config.items()
        }
        if self.old:
            config = self._known(spec, config, layer_name)
        if self.old:
            entry = {key: value for key, value in entry.items() if key != "build_config"}  # Keras 3 needs other shapes
        return {
            **entry,
            "module": LAYERS_MODULE,
            "class_name": spec.class_name,
            "config": config,
            "registered_name": entry.get("registered_name"),
        }

    def _renamed(self, name: str, config: Config) -> tuple[str, Config]:
        tell = self.notes.append
        name, config = merge_layer(config, tell) if name == MERGE else (name, config)
        name, config = legacy_keras1.converted(name, config, self.keras1, self.ordering, tell)
        change = _CHANGES.get(name)
        return change(config) if change is not None else (name, config)

    def wired(self, layer: dict[str, Json]) -> dict[str, Json]:
        """A layer whose calls are in today's form too: what needs them to be judged is changed or noted now."""
        if layer["class_name"] not in FUNCTION_LAYERS:
            return layer
        operation = as_operation(layer, self.catalog)
        if operation is not None:
            return operation
        layer_name = str(layer.get("name", layer["config"].get("name")))
        function = _short(function_name(layer["config"]))
        text = Text(
            "{layer} calls the TensorFlow function {function}: put an operation of Keras 3 in its place.",
            {"layer": layer_name, "function": function},
        )
        self.notes.append(text)
        return layer

    def note_lost_masks(self, layers: Iterable[Mapping[str, Json]]) -> None:
        """Keras 3 finds the mask of a call by itself only if the call has one tensor."""
        for layer in layers:
            calls = [node for node in layer["inbound_nodes"] if isinstance(node, Mapping)]
            if self.old and any("initial_state" in (node.get("kwargs") or {}) for node in calls):
                shown = str(layer["config"].get("name", layer.get("name")))
                self.notes.append(Text(_NO_MASK.template, {"layer": shown}))

    def _function(self, name: str, config: Config, entry: Mapping[str, Json]) -> LayerSpec | None:
        """The function of ``keras.ops`` that a config means: Keras 3 writes no place into an `.h5` file.

        A layer of the same name has a policy for its numbers; a function has none.
        """
        if self.old or entry.get("module") is not None or "trainable" in config or "dtype" in config:
            return None
        return next((spec for spec in self.catalog.operations() if spec.class_name == name), None)

    def _inner_layers(self, config: Config) -> None:
        """Layers and models inside of wrappers, in place."""
        for key in ("layer", "backward_layer", "cell"):
            config.update({key: self._inner(config[key])} if key in config else {})
        if isinstance(config.get("cells"), list):
            config["cells"] = [self._inner(cell) for cell in config["cells"]]

    def _inner(self, inner: Json) -> Json:
        if not isinstance(inner, Mapping) or not isinstance(inner.get("class_name"), str):
            return inner
        if inner["class_name"] in MODELS and not _is_foreign(inner.get("module")):
            return self.model(inner)
        return self.layer(inner) if isinstance(inner.get("config"), Mapping) else inner

    def _known(self, spec: LayerSpec, config: Config, layer_name: str) -> Config:
        known_keys = {*_ALWAYS, *spec.defaults, *(parameter.name for parameter in spec.parameters)}
        for key, value in config.items():
            if key not in known_keys and key not in _QUIET and value not in (None, False, [], {}):
                self.notes.append(
                    Text.of(
                        "{layer}: Keras 3 has no {parameter} any more; it was {value}.",
                        layer=layer_name,
                        parameter=key,
                        value=_short(value),
                    )
                )
        if "hard_sigmoid" in (config.get("activation"), config.get("recurrent_activation")):
            self.notes.append(Text(_HARD_SIGMOID.template, {"layer": layer_name}))
        return {key: value for key, value in config.items() if key in known_keys}

    def _note_unknown(self, entry: Mapping[str, Json], layer_name: str, name: str) -> None:
        if name in FUNCTION_LAYERS or name == MERGE:
            return  # judged with its calls, or told already
        if name in ("LocallyConnected1D", "LocallyConnected2D"):
            text = Text.of(
                "{layer}: Keras 3 has no {class_name} any more, and nothing that takes its place.",
                layer=layer_name,
                class_name=name,
            )
        elif name in ("RandomHeight", "RandomWidth"):
            text = Text.of(
                "{layer}: Keras 3 has no {class_name} any more; RandomZoom takes its place.",
                layer=layer_name,
                class_name=name,
            )
        elif self.old:
            text = Text.of(
                "{layer}: Keras 3 has no {class_name}; the box stays, but it cannot run.",
                layer=layer_name,
                class_name=name,
            )
        else:
            return  # the list of problems says it
        self.notes.append(text)


def _is_foreign(module: Json) -> bool:
    """Whether a class is of somebody else, whatever its name."""
    return module is not None and str(module).split(".")[0] not in ("keras", "tf_keras", "tensorflow")


def makes_mask(layer: Mapping[str, Json]) -> bool:
    return layer["class_name"] == "Masking" or bool(layer["config"].get("mask_zero"))


def is_recurrent(class_name: str) -> bool:
    """Whether Keras 2 passed initial states to the layer as further inputs."""
    return class_name in _RECURRENT or class_name in ("RNN", "Bidirectional")


def _input(config: Config) -> tuple[str, Config]:
    if "batch_input_shape" in config and "batch_shape" not in config:
        config = {"batch_shape": config.pop("batch_input_shape"), **config}
    return "InputLayer", config


def _batch_normalization(config: Config) -> tuple[str, Config]:
    match config.get("axis"):
        case [int(axis)]:
            config["axis"] = axis
    return "BatchNormalization", config


def _synchronized(config: Config) -> tuple[str, Config]:
    return "BatchNormalization", {**_batch_normalization(config)[1], "synchronized": True}


def _leaky(config: Config) -> tuple[str, Config]:
    return "LeakyReLU", _moved(config, "alpha", "negative_slope")


def _thresholded(config: Config) -> tuple[str, Config]:
    return "ReLU", _moved(config, "theta", "threshold")


def _gru(config: Config) -> tuple[str, Config]:
    return "GRU", {"reset_after": False, **config}


def _cudnn_gru(config: Config) -> tuple[str, Config]:
    return "GRU", {**config, "reset_after": True, "activation": "tanh", "recurrent_activation": "sigmoid"}


def _cudnn_lstm(config: Config) -> tuple[str, Config]:
    return "LSTM", {**config, "activation": "tanh", "recurrent_activation": "sigmoid"}


def _moved(config: Config, old: str, new: str) -> Config:
    if old in config:
        value = config.pop(old)
        config.setdefault(new, _number(value))
    return config


def _number(value: Json) -> Json:
    """Keras 2 wrote numbers of numpy as {"class_name": "__numpy__" or "type": "ndarray", "value": ...}."""
    return value["value"] if isinstance(value, Mapping) and "value" in value else value


_CHANGES: Final[Mapping[str, Callable[[Config], tuple[str, Config]]]] = {
    "InputLayer": _input,
    "BatchNormalization": _batch_normalization,
    "BatchNormalizationV1": _batch_normalization,
    "BatchNormalizationV2": _batch_normalization,
    "SyncBatchNormalization": _synchronized,
    "LeakyReLU": _leaky,
    "ThresholdedReLU": _thresholded,
    "GRU": _gru,
    "CuDNNGRU": _cudnn_gru,
    "CuDNNLSTM": _cudnn_lstm,
}


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
