"""The settings of Keras 1 under the names and in the form of today. What nothing of today does is refused by name."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from graph_editor.keras_format.files.legacy_objects import Tell, moved_axes
from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any
Config = dict[str, Json]

CHANNELS_FIRST: Final = "channels_first"
_CHANNELS_LAST: Final = "channels_last"
_ORDERINGS: Final = {"th": CHANNELS_FIRST, "tf": _CHANNELS_LAST}
_ORTHOGONAL: Final = {"class_name": "Orthogonal", "config": {"gain": 1.1, "seed": None}}  # Keras 1 said only the name

_NOW: Final = {
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "AtrousConv1D": "Conv1D",
    "AtrousConv2D": "Conv2D",
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconv2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "Deconv3D": "Conv3DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
    "TimeDistributedDense": "Dense",
}
_PLACES: Final = {"dim_ordering": "data_format"}
_BIAS: Final = {"b_regularizer": "bias_regularizer", "b_constraint": "bias_constraint", "bias": "use_bias"}
_KERNEL: Final = {
    **_BIAS,
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "W_constraint": "kernel_constraint",
}
_CONV: Final = {**_KERNEL, **_PLACES, "nb_filter": "filters", "border_mode": "padding", "subsample": "strides"}
_ATROUS: Final = {**_CONV, "atrous_rate": "dilation_rate"}
_RATE: Final = {**_PLACES, "p": "rate"}
_RECURRENT: Final = {
    **_KERNEL,
    "output_dim": "units",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "forget_bias_init": "unit_forget_bias",
}
_POOL: Final = {**_PLACES, "border_mode": "padding"}
_POOL_1D: Final = {**_POOL, "pool_length": "pool_size", "stride": "strides"}
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "Dense": {**_KERNEL, "output_dim": "units"},
    "Conv1D": {**_ATROUS, "filter_length": "kernel_size", "subsample_length": "strides"},
    "Conv2D": _ATROUS,
    "Conv3D": _CONV,
    "Conv2DTranspose": _CONV,
    "Conv3DTranspose": _CONV,
    "SeparableConv2D": {**_PLACES, **_BIAS, **{key: _CONV[key] for key in ("nb_filter", "border_mode", "subsample")}},
    "ConvLSTM2D": {**_RECURRENT, **_CONV},
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "SimpleRNN": _RECURRENT,
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "PReLU": {"init": "alpha_initializer"},
    "GaussianNoise": {"sigma": "stddev"},
    "GaussianDropout": {"p": "rate"},
    "Dropout": {"p": "rate"},
    "SpatialDropout1D": {"p": "rate"},
    "SpatialDropout2D": _RATE,
    "SpatialDropout3D": _RATE,
    "UpSampling1D": {"length": "size"},
    **dict.fromkeys(("MaxPooling1D", "AveragePooling1D"), _POOL_1D),
    **dict.fromkeys(("MaxPooling2D", "MaxPooling3D", "AveragePooling2D", "AveragePooling3D"), _POOL),
    **dict.fromkeys(
        (
            *("GlobalMaxPooling2D", "GlobalMaxPooling3D", "GlobalAveragePooling2D", "GlobalAveragePooling3D"),
            *("UpSampling2D", "UpSampling3D", "ZeroPadding2D", "ZeroPadding3D", "Cropping2D", "Cropping3D"),
        ),
        _PLACES,
    ),
}
_KERNEL_PARTS: Final = (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3"))
# Layers that work by the order of the axes; Keras 1 left it out of some of them.
_ORDERED: Final = frozenset(name for name, names in _NAMES.items() if "dim_ordering" in names and name[-2:] != "1D")
# Only said how the numbers were computed, or what is in batch_input_shape as well.
_QUIET: Final = ("consume_less", "input_dim", "input_length", "input_dtype", "weights")
_MARKS: Final = frozenset(
    {
        *("nb_filter", "nb_row", "border_mode", "dim_ordering", "subsample", "subsample_length", "W_regularizer"),
        *("inner_init", "inner_activation", "input_dtype", "consume_less", "pool_length", "init", "dot_axes"),
    }
)
# Today's place of the old axes of a kernel, for constraints that go along one of them.
_KERNEL_AXES: Final[Mapping[tuple[str, str], tuple[int | None, ...]]] = {
    ("Conv1D", _CHANNELS_LAST): (0, None, 1, 2),
    ("Conv2D", CHANNELS_FIRST): (3, 2, 0, 1),
    ("Conv3D", CHANNELS_FIRST): (4, 3, 0, 1, 2),
}


def is_keras1(model: Json, keras_version: str) -> bool:
    """Whether Keras 1 wrote a model; a file that does not say so has settings that only Keras 1 had."""
    if keras_version:
        return keras_version.split(".")[0] in ("0", "1")
    return any(_MARKS & config.keys() for config in _configs(model))


def ordering_of(model: Json) -> str | None:
    """The order of axes that the layers of a model agree on, None where none says it or they differ."""
    found = {_ORDERINGS.get(str(config.get("dim_ordering"))) for config in _configs(model)} - {None}
    return found.pop() if len(found) == 1 else None


def _configs(model: Json) -> Iterable[Mapping[str, Json]]:
    waiting = [model]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Mapping):
            if isinstance(entry.get("config"), Mapping):
                yield entry["config"]
            waiting += entry.values()
        elif isinstance(entry, list):
            waiting += entry


def converted(name: str, config: Config, keras1: bool, ordering: str | None, tell: Tell) -> tuple[str, Config]:
    """A layer with the class and the settings of today. Raises ConfigError.

    ``keras1``: it is sure that Keras 1 wrote it. ``ordering`` is that of the other layers.
    """
    was, name = name, _NOW.get(name, name)
    layer = str(config.get("name", name))
    names = _NAMES.get(name, {})
    if not keras1 and not names.keys() & config.keys():
        return name, config
    config = {key: _value(key, value) for key, value in config.items()}
    _refuse(name, config, layer)
    for parts in _KERNEL_PARTS:
        if name in _NAMES and all(part in config for part in parts):
            config.setdefault("kernel_size", [config.pop(part) for part in parts])
    if name == "SeparableConv2D" and "init" in config:
        init = config.pop("init")
        config |= {"depthwise_initializer": init, "pointwise_initializer": init}
    for old, new in names.items():
        if old in config:
            config.setdefault(new, config.pop(old))
    if config.get("unit_forget_bias") not in (None, True, False):
        tell(_gone(layer, "forget_bias_init", config.pop("unit_forget_bias")))
    if keras1:
        _finish(was, name, config, ordering, layer, tell)
    return name, config


def _value(key: str, value: Json) -> Json:
    match key, value:
        case "dim_ordering", str():
            return _ORDERINGS.get(value)
        case "forget_bias_init", ("one" | "zero"):
            return value == "one"
        case (("init" | "inner_init" | "beta_init" | "gamma_init"), "orthogonal"):
            return _ORTHOGONAL
    return value


def _refuse(name: str, config: Mapping[str, Json], layer: str) -> None:
    """What would compute something else today. Raises ConfigError."""
    if config.get("border_mode") == "full":
        raise ConfigError(layer, Text("Keras 3 has no border mode “full” (Keras 1 had, with Theano)."))
    if name == "BatchNormalization" and config.get("mode", 0) != 0:
        raise ConfigError(
            layer,
            Text(
                "mode {mode} of BatchNormalization is gone: Keras 3 normalizes each feature, with moving averages.",
                {"mode": str(config["mode"])[:20]},
            ),
        )


def _finish(was: str, name: str, config: Config, ordering: str | None, layer: str, tell: Tell) -> None:
    """What Keras 1 alone wrote, or left out."""
    if name == "InputLayer" and "input_dtype" in config:
        config.setdefault("dtype", config.pop("input_dtype"))
    for key in _QUIET:
        if key != "input_dim" or name != "Embedding":
            config.pop(key, None)
    if name == "BatchNormalization":
        config.pop("mode", None)
    if name in _ORDERED and config.get("data_format") is None:
        config["data_format"] = ordering or _CHANNELS_LAST
        if ordering is None:
            tell(
                Text(
                    "{layer}: the file does not say where the channels are; they are taken to be last.",
                    {"layer": layer},
                )
            )
    if name == "Flatten":
        config.setdefault("data_format", _CHANNELS_LAST)  # Keras 1 never moved the channels
    if name in ("ZeroPadding1D", "ZeroPadding2D"):
        config["padding"] = _padding(config.get("padding"))
    axes = _KERNEL_AXES.get((name, config.get("data_format") or _CHANNELS_LAST))
    if axes is not None and "kernel_constraint" in config:
        config["kernel_constraint"] = moved_axes(config["kernel_constraint"], axes)
    if was.startswith("Deconv") and config.pop("output_shape", None) is not None:
        tell(
            Text(
                "{layer}: Keras 3 works out the shape that a transposed convolution gives; compare it with yours.",
                {"layer": layer},
            )
        )


def _padding(value: Json) -> Json:
    match value:
        case {**sides} if sides.keys() <= {"left_pad", "right_pad"}:
            return [sides.get("left_pad", 0), sides.get("right_pad", 0)]
        case {**sides} if sides.keys() <= {"top_pad", "bottom_pad", "left_pad", "right_pad"}:
            rows, columns = ("top_pad", "bottom_pad"), ("left_pad", "right_pad")
            return [[sides.get(side, 0) for side in pair] for pair in (rows, columns)]
        case [int(top), int(bottom), int(left), int(right)]:
            return [[top, bottom], [left, right]]
    return value


def _gone(layer: str, key: str, value: Json) -> Text:
    return Text(
        "{layer}: Keras 3 has no {parameter} any more; it was {value}.",
        {"layer": layer, "parameter": key, "value": str(value)[:60]},
    )
