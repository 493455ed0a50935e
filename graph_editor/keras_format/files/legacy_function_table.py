"""Which operation of Keras 3 does the same as a function of TensorFlow, argument for argument.

A function is left alone (None) where an argument says something that the operation cannot, or where a tensor stands
for what the operation takes as a number: whatever is converted computes the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final

Json = Any
Values = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Made:
    """An operation, or a layer, with its config but for the name, and the arguments of one call."""

    class_name: str
    args: list[Json]
    config: Mapping[str, Json] = field(default_factory=dict)
    kwargs: dict[str, Json] = field(default_factory=dict)
    layer: bool = False

    @property
    def kind(self) -> tuple[str, bool, Json]:
        """Two calls of one operation are alike in this."""
        return self.class_name, self.layer, dict(self.config)


Make = Callable[[Values], Made | None]
_Entry = tuple[tuple[str, ...], Make]  # the arguments by their places, and what is made of them


def function_made(function: str, args: list[Json], keywords: Mapping[str, Json]) -> Made | None:
    """The operation for one call of ``tf.<function>``; None where none is sure to do the same."""
    name = function.removeprefix("tf.").removeprefix("compat.v1.")
    entry = _TABLE.get(name) or _TABLE.get(f"math.{name}")
    if entry is None:
        return None
    names, make = entry
    values = dict(zip(names, args, strict=False))
    renamed = {_RENAMED.get(key, key): value for key, value in keywords.items()}
    if len(args) > len(names) or renamed.keys() & values.keys() or renamed.keys() - set(names):
        return None
    try:
        return make({**values, **renamed})
    except KeyError:  # an argument that the function has to be given
        return None


def is_plain(value: Json) -> bool:
    """Whether there is no tensor in a value."""
    if isinstance(value, Mapping):
        return value.get("class_name") != "__keras_tensor__" and all(map(is_plain, value.values()))
    return all(map(is_plain, value)) if isinstance(value, list) else True


def _without(values: Values, **defaults: Json) -> bool:
    """Whether arguments that the operation does not have are as if they had not been given."""
    return all(values.get(key) in (None, value) for key, value in defaults.items())


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Json) -> bool:
    """Whether a value is a whole number, or a list of them."""
    if isinstance(value, list):
        return all(isinstance(item, int) and not isinstance(item, bool) for item in value)
    return isinstance(value, int) and not isinstance(value, bool)


def _axis(value: Json) -> bool:
    return value is None or _whole(value)


# Makers: each takes the arguments by their names


def _one(class_name: str, **config: Json) -> Make:
    def make(values: Values) -> Made | None:
        return Made(class_name, [values["x"]], config)

    return make


def _two(class_name: str, first: str = "x", second: str = "y") -> Make:
    def make(values: Values) -> Made | None:
        return Made(class_name, [_operand(values[first]), _operand(values[second])])

    return make


def _operand(value: Json) -> Json:
    """A tensor or a number as it is, a list of numbers as the array that Keras 3 writes."""
    if not isinstance(value, list) or not is_plain(value):
        return value
    flat, waiting = [], list(value)
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        else:
            flat.append(item)
    dtype = "float32" if any(isinstance(item, float) for item in flat) else "int32"
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": dtype}}


def _reduced(class_name: str) -> Make:
    def make(values: Values) -> Made | None:
        axis, keep = values.get("axis"), values.get("keepdims", False)
        if not _axis(axis) or not isinstance(keep, bool):
            return None
        return Made(class_name, [values["x"]], {"axis": axis, "keepdims": keep})

    return make


def _along(class_name: str, default: Json = -1) -> Make:
    """What works along one axis."""

    def make(values: Values) -> Made | None:
        axis = values.get("axis")
        axis = default if axis is None else axis
        return Made(class_name, [values["x"]], {"axis": axis}) if _axis(axis) else None

    return make


def _moved(class_name: str, source: str, target: str) -> Make:
    """What takes whole numbers: a shape, an order of axes, how many times."""

    def make(values: Values) -> Made | None:
        chosen = values.get(source)
        if not _axis(chosen) or (chosen is None and source != "perm") or not _without(values, conjugate=False):
            return None
        return Made(class_name, [values["x"]], {target: chosen})

    return make


def _joined(class_name: str, default: int | None) -> Make:
    def make(values: Values) -> Made | None:
        axis = values.get("axis", default)
        tensors = values["x"]
        if not isinstance(axis, int):
            return None
        return Made(class_name, [tensors if isinstance(tensors, list) else [tensors]], {"axis": axis})

    return make


def _sum(values: Values) -> Made | None:
    tensors = values["x"]
    many = isinstance(tensors, list) and len(tensors) > 1 and not any(map(is_plain, tensors))
    return Made("Add", [tensors], layer=True) if many else None


def _squeeze(values: Values) -> Made | None:
    axis = values.get("axis")
    if isinstance(axis, list) and len(axis) == 1:
        axis = axis[0]
    return Made("Squeeze", [values["x"]], {"axis": axis or None if axis == [] else axis}) if _axis(axis) else None


def _split(values: Values) -> Made | None:
    sizes, axis = values["sizes"], values.get("axis", 0)
    if not _whole(sizes) or not isinstance(axis, int) or not _without(values, num=None):
        return None
    if isinstance(sizes, list):
        if any(size < 0 for size in sizes):
            return None
        sizes = list(accumulate(sizes))[:-1]
    return Made("Split", [values["x"]], {"indices_or_sections": sizes, "axis": axis})


def _unstack(values: Values) -> Made | None:
    number, axis = values.get("num"), values.get("axis", 0)
    if not _axis(number) or not isinstance(axis, int):
        return None
    return Made("Unstack", [values["x"]], {"num": number, "axis": axis})


def _pad(values: Values) -> Made | None:
    width, mode, fill = (
        values["paddings"],
        str(values.get("mode", "CONSTANT")).lower(),
        values.get("constant_values", 0),
    )
    pairs = isinstance(width, list) and all(
        isinstance(pair, list) and len(pair) == 2 and _whole(pair) for pair in width
    )
    if not pairs or not _number(fill):
        return None
    fill = fill if mode == "constant" and fill != 0 else None
    return Made("Pad", [values["x"]], {"pad_width": width, "mode": mode}, {"constant_values": fill})


def _clip(values: Values) -> Made | None:
    low, high = values["low"], values["high"]
    return Made("Clip", [values["x"]], {"x_min": low, "x_max": high}) if _number(low) and _number(high) else None


def _cast(values: Values) -> Made | None:
    dtype = values["dtype"]
    return Made("Cast", [values["x"]], {"dtype": dtype}) if isinstance(dtype, str) else None


def _matmul(values: Values) -> Made | None:
    flags = ("adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse", "grad_a", "grad_b")
    turned = bool(values.get("transpose_a")), bool(values.get("transpose_b"))
    if not _without(values, output_type=None, **dict.fromkeys(flags, False)):
        return None
    pair = [_operand(values["x"]), _operand(values["y"])]
    if turned == (False, False):
        return Made("Matmul", pair)
    if any(map(is_plain, pair)):
        return None
    left, right = "...ji" if turned[0] else "...ij", "...kj" if turned[1] else "...jk"
    return Made("Einsum", pair, {"subscripts": f"{left},{right}->...ik"})


def _tensordot(values: Values) -> Made | None:
    axes = values["axes"]
    return Made("Tensordot", [_operand(values["x"]), _operand(values["y"])], {"axes": axes}) if is_plain(axes) else None


def _gather(values: Values) -> Made | None:
    axis = values.get("axis", 0)
    if not isinstance(axis, int) or not _without(values, validate_indices=None, batch_dims=0):
        return None
    return Made("Take", [values["x"], values["indices"]], {"axis": axis})


def _one_hot(values: Values) -> Made | None:
    depth, axis, dtype = values["depth"], values.get("axis", -1), values.get("dtype", "float32")
    fits = isinstance(depth, int) and isinstance(axis, int) and isinstance(dtype, str)
    if not fits or not _without(values, on_value=1, off_value=0):
        return None
    return Made("OneHot", [values["x"]], {"num_classes": depth, "axis": axis, "dtype": dtype, "sparse": False})


def _where(values: Values) -> Made | None:
    return Made("Where", [_operand(values[key]) for key in ("condition", "x", "y")])


def _item(values: Values) -> Made | None:
    spec = values["slice_spec"]
    items = spec if isinstance(spec, list) else [spec]
    key = [_subscript(item) for item in items]
    if _NONE in key or not _without(values, var=None):
        return None
    return Made("GetItem", [values["x"], key[0] if isinstance(spec, int) else key])


_NONE: Final[Json] = object()


def _subscript(item: Json) -> Json:
    """One place between the brackets of `x[...]`, as Keras 3 writes it."""
    match item:
        case None | int():
            return item
        case {"class_name": "__ellipsis__"} | "...":
            return {"class_name": "__ellipsis__", "config": {}}
        case {"start": start, "stop": stop, "step": step} if all(
            isinstance(n, int | None) for n in (start, stop, step)
        ):
            return slice_json(start, stop, step)
    return _NONE


def slice_json(start: int | None, stop: int | None, step: int | None) -> dict[str, Json]:
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


def _l2(values: Values) -> Made | None:
    axis, epsilon = values.get("axis"), values.get("epsilon", 1e-12)
    if not isinstance(axis, int | list) or not _whole(axis) or not _number(epsilon) or epsilon <= 0:
        return None
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    return Made("Normalize", [values["x"]], {"axis": axis, "order": 2, "epsilon": epsilon**0.5})


def _leaky(values: Values) -> Made | None:
    alpha = values.get("alpha", 0.2)
    return Made("LeakyRelu", [values["x"]], {"negative_slope": alpha}) if _number(alpha) else None


def _gelu(values: Values) -> Made | None:
    approximate = values.get("approximate", False)
    return Made("Gelu", [values["x"]], {"approximate": approximate}) if isinstance(approximate, bool) else None


def _silu(values: Values) -> Made | None:
    return Made("Silu", [values["x"]]) if _without(values, beta=1.0) else None


def _cumsum(values: Values) -> Made | None:
    axis = values.get("axis", 0)
    if not isinstance(axis, int) or not _without(values, exclusive=False, reverse=False):
        return None
    return Made("Cumsum", [values["x"]], {"axis": axis, "dtype": None})


def _roll(values: Values) -> Made | None:
    shift, axis = values["shift"], values["axis"]
    return Made("Roll", [values["x"]], {"shift": shift, "axis": axis}) if _whole(shift) and _whole(axis) else None


def _repeat(values: Values) -> Made | None:
    times, axis = values["repeats"], values.get("axis")
    fits = isinstance(times, int) and isinstance(axis, int)
    return Made("Repeat", [values["x"]], {"repeats": times, "axis": axis}) if fits else None


def _sort(values: Values) -> Made | None:
    axis = values.get("axis", -1)
    fits = isinstance(axis, int) and _without(values, direction="ASCENDING")
    return Made("Sort", [values["x"]], {"axis": axis}) if fits else None


def _resize(values: Values) -> Made | None:
    size, method = values["size"], values.get("method", "bilinear")
    if not isinstance(size, list) or len(size) != 2 or not _whole(size) or method not in _RESIZES:
        return None
    if not _without(values, preserve_aspect_ratio=False) or not isinstance(values.get("antialias", False), bool):
        return None
    config = {"size": size, "interpolation": method, "antialias": values.get("antialias", False)}
    return Made("Resize", [values["x"]], {**config, "data_format": "channels_last"})


_RESIZES: Final = ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5")


def _identity(values: Values) -> Made | None:
    return Made("Identity", [values["x"]], layer=True)


# The functions

_X, _XY, _REDUCE, _ALONG = ("x",), ("x", "y"), ("x", "axis", "keepdims"), ("x", "axis")
UNARY: Final = {
    **dict.fromkeys(("nn.relu", "keras.activations.relu"), "Relu"),
    **dict.fromkeys(("nn.sigmoid", "math.sigmoid", "keras.backend.sigmoid"), "Sigmoid"),
    **dict.fromkeys(("nn.tanh", "math.tanh", "keras.backend.tanh"), "Tanh"),
    **dict.fromkeys(("nn.softplus", "math.softplus", "keras.backend.softplus"), "Softplus"),
    **dict.fromkeys(("nn.softsign", "math.softsign", "keras.backend.softsign"), "Softsign"),
    **dict.fromkeys(("math.abs", "keras.backend.abs"), "Absolute"),
    **dict.fromkeys(("math.exp", "keras.backend.exp"), "Exp"),
    **dict.fromkeys(("math.log", "keras.backend.log"), "Log"),
    **dict.fromkeys(("math.square", "keras.backend.square"), "Square"),
    **dict.fromkeys(("math.sign", "keras.backend.sign"), "Sign"),
    **dict.fromkeys(("math.round", "keras.backend.round"), "Round"),
    **dict.fromkeys(("math.sin", "keras.backend.sin"), "Sin"),
    **dict.fromkeys(("math.cos", "keras.backend.cos"), "Cos"),
    "nn.relu6": "Relu6",
    "nn.selu": "Selu",
    "nn.elu": "Elu",
    "math.sqrt": "Sqrt",
    "math.rsqrt": "Rsqrt",
    "math.negative": "Negative",
    "math.log1p": "Log1p",
    "math.expm1": "Expm1",
    "math.erf": "Erf",
    "math.reciprocal": "Reciprocal",
    "math.floor": "Floor",
    "math.ceil": "Ceil",
    "math.tan": "Tan",
    "math.asin": "Arcsin",
    "math.acos": "Arccos",
    "math.atan": "Arctan",
    "math.sinh": "Sinh",
    "math.cosh": "Cosh",
    "math.asinh": "Arcsinh",
    "math.acosh": "Arccosh",
    "math.atanh": "Arctanh",
    "math.log_sigmoid": "LogSigmoid",
    "math.logical_not": "LogicalNot",
    "math.is_nan": "Isnan",
    "math.is_inf": "Isinf",
    "math.is_finite": "Isfinite",
    "stop_gradient": "StopGradient",
    "zeros_like": "ZerosLike",
    "ones_like": "OnesLike",
}
PAIRS: Final = {
    **dict.fromkeys(("__operators__.add", "math.add"), "Add"),
    "math.subtract": "Subtract",
    "math.multiply": "Multiply",
    "math.divide": "Divide",
    "math.truediv": "TrueDivide",
    "math.floordiv": "FloorDivide",
    **dict.fromkeys(("math.mod", "math.floormod"), "Mod"),
    **dict.fromkeys(("math.maximum", "keras.backend.maximum"), "Maximum"),
    **dict.fromkeys(("math.minimum", "keras.backend.minimum"), "Minimum"),
    **dict.fromkeys(("math.pow", "keras.backend.pow"), "Power"),
    "math.divide_no_nan": "DivideNoNan",
    **dict.fromkeys(("math.equal", "__operators__.eq", "keras.backend.equal"), "Equal"),
    **dict.fromkeys(("math.not_equal", "__operators__.ne", "keras.backend.not_equal"), "NotEqual"),
    **dict.fromkeys(("math.greater", "keras.backend.greater"), "Greater"),
    **dict.fromkeys(("math.greater_equal", "keras.backend.greater_equal"), "GreaterEqual"),
    **dict.fromkeys(("math.less", "keras.backend.less"), "Less"),
    **dict.fromkeys(("math.less_equal", "keras.backend.less_equal"), "LessEqual"),
    "math.logical_and": "LogicalAnd",
    "math.logical_or": "LogicalOr",
    "math.logical_xor": "LogicalXor",
}
REDUCTIONS: Final = {
    **dict.fromkeys(("math.reduce_mean", "keras.backend.mean"), "Mean"),
    **dict.fromkeys(("math.reduce_sum", "keras.backend.sum"), "Sum"),
    **dict.fromkeys(("math.reduce_max", "keras.backend.max"), "Max"),
    **dict.fromkeys(("math.reduce_min", "keras.backend.min"), "Min"),
    **dict.fromkeys(("math.reduce_prod", "keras.backend.prod"), "Prod"),
    **dict.fromkeys(("math.reduce_std", "keras.backend.std"), "Std"),
    **dict.fromkeys(("math.reduce_variance", "keras.backend.var"), "Var"),
    **dict.fromkeys(("math.reduce_logsumexp", "keras.backend.logsumexp"), "Logsumexp"),
    **dict.fromkeys(("math.reduce_all", "keras.backend.all"), "All"),
    **dict.fromkeys(("math.reduce_any", "keras.backend.any"), "Any"),
}
_MATMUL: Final = ("x", "y", "transpose_a", "transpose_b", "adjoint_a", "adjoint_b", "a_is_sparse", "b_is_sparse")
_OTHERS: Final[Mapping[str, tuple[tuple[str, ...], Make, tuple[str, ...]]]] = {
    "Softmax": (_ALONG, _along("Softmax"), ("nn.softmax", "keras.backend.softmax", "keras.activations.softmax")),
    "LogSoftmax": (_ALONG, _along("LogSoftmax"), ("nn.log_softmax",)),
    "Flip": (_ALONG, _along("Flip", None), ("reverse", "keras.backend.reverse")),
    "Argmax": (("x", "axis"), _along("Argmax", 0), ("math.argmax",)),
    "Argmin": (("x", "axis"), _along("Argmin", 0), ("math.argmin",)),
    "ArgmaxLast": (_ALONG, _along("Argmax"), ("keras.backend.argmax",)),
    "ExpandDims": (_ALONG, _along("ExpandDims"), ("expand_dims", "keras.backend.expand_dims")),
    "Squeeze": (_ALONG, _squeeze, ("squeeze", "keras.backend.squeeze")),
    "Concatenate": (("x", "axis"), _joined("Concatenate", None), ("concat",)),
    "ConcatenateLast": (("x", "axis"), _joined("Concatenate", -1), ("keras.backend.concatenate",)),
    "Stack": (("x", "axis"), _joined("Stack", 0), ("stack", "keras.backend.stack")),
    "Sum": (_X, _sum, ("math.add_n", "add_n")),
    "Reshape": (("x", "shape"), _moved("Reshape", "shape", "newshape"), ("reshape", "keras.backend.reshape")),
    "Transpose": (("x", "perm", "conjugate"), _moved("Transpose", "perm", "axes"), ("transpose",)),
    "Permute": (("x", "pattern"), _moved("Transpose", "pattern", "axes"), ("keras.backend.permute_dimensions",)),
    "Tile": (("x", "multiples"), _moved("Tile", "multiples", "repeats"), ("tile",)),
    "TileK": (("x", "n"), _moved("Tile", "n", "repeats"), ("keras.backend.tile",)),
    "BroadcastTo": (("x", "shape"), _moved("BroadcastTo", "shape", "shape"), ("broadcast_to",)),
    "Split": (("x", "sizes", "axis", "num"), _split, ("split",)),
    "Unstack": (("x", "num", "axis"), _unstack, ("unstack",)),
    "Pad": (("x", "paddings", "mode", "constant_values"), _pad, ("pad",)),
    "Clip": (("x", "low", "high"), _clip, ("clip_by_value", "keras.backend.clip")),
    "Cast": (("x", "dtype"), _cast, ("cast", "keras.backend.cast")),
    "Matmul": ((*_MATMUL, "output_type", "grad_a", "grad_b"), _matmul, ("linalg.matmul", "matmul")),
    "Tensordot": (("x", "y", "axes"), _tensordot, ("tensordot",)),
    "Take": (("x", "indices", "validate_indices", "axis", "batch_dims"), _gather, ("gather",)),
    "OneHot": (("x", "depth", "on_value", "off_value", "axis", "dtype"), _one_hot, ("one_hot",)),
    "Where": (("condition", "x", "y"), _where, ("where", "where_v2")),
    "GetItem": (("x", "slice_spec", "var"), _item, ("__operators__.getitem",)),
    "Normalize": (
        ("x", "axis", "epsilon"),
        _l2,
        ("math.l2_normalize", "nn.l2_normalize", "keras.backend.l2_normalize"),
    ),
    "LeakyRelu": (("x", "alpha"), _leaky, ("nn.leaky_relu",)),
    "Gelu": (("x", "approximate"), _gelu, ("nn.gelu",)),
    "Silu": (("x", "beta"), _silu, ("nn.silu", "nn.swish")),
    "Cumsum": (("x", "axis", "exclusive", "reverse"), _cumsum, ("math.cumsum",)),
    "Roll": (("x", "shift", "axis"), _roll, ("roll",)),
    "Repeat": (("x", "repeats", "axis"), _repeat, ("repeat",)),
    "Sort": (("x", "axis", "direction"), _sort, ("sort",)),
    "Resize": (("x", "size", "method", "preserve_aspect_ratio", "antialias"), _resize, ("image.resize",)),
    "Identity": (_X, _identity, ("identity",)),
    "Arctan2": (("y", "x"), _two("Arctan2", "y", "x"), ("math.atan2",)),
    "Multiply": (("scalar", "x"), _two("Multiply", "scalar", "x"), ("math.scalar_mul",)),
}
# What TensorFlow calls an argument that has another name above.
_RENAMED: Final = {
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
    "squeeze_dims": "axis",
    "dim": "axis",
    "num_or_size_splits": "sizes",
    "clip_value_min": "low",
    "clip_value_max": "high",
    "min_value": "low",
    "max_value": "high",
    **dict.fromkeys(("input", "tensor", "values", "value", "input_tensor", "features", "logits", "params", "a"), "x"),
    "b": "y",
    "other": "y",
    "indices_": "indices",
}
_TABLE: Final[Mapping[str, _Entry]] = {
    **{name: (_X, _one(op)) for name, op in UNARY.items()},
    **{name: (_XY, _two(op)) for name, op in PAIRS.items()},
    **{name: (_REDUCE, _reduced(op)) for name, op in REDUCTIONS.items()},
    **{name: (names, make) for names, make, functions in _OTHERS.values() for name in functions},
}
