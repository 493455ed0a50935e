"""Nodes of TensorFlow's graph that tf.keras up to 2.3 recorded as layers, as the operations of Keras 3.

A node says its operation, attributes, and constants by the place of the input they stand for. It is read as the
function of TensorFlow that makes such a node.
"""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from graph_editor.keras_format.files.legacy_function_table import Made, function_made, is_plain, slice_json

Json = Any
Attributes = Mapping[str, Json]
_Call = tuple[str, list[Json], dict[str, Json]]  # a function, its arguments, its keyword arguments

_MAX_INPUTS: Final = 10_000
_LONGEST: Final = 6  # digits of the place of an input


def graph_op_name(config: Mapping[str, Json]) -> str | None:
    """The operation of the node in a layer's config."""
    node = _node(config.get("node_def"))
    return None if node is None else str(node.get("op"))


def graph_op_made(config: Mapping[str, Json], args: list[Json]) -> Made | None:
    """The operation for one call of such a layer; None where none is sure to do the same."""
    node = _node(config.get("node_def"))
    if node is None or not isinstance(node.get("op"), str):
        return None
    attributes = node.get("attr") or {}
    read = _READ.get(node["op"])
    try:
        inputs = _with_constants(args, config.get("constants") or {})
        if read is None or inputs is None:
            return None
        call = read(inputs, {key: _attribute(value) for key, value in attributes.items()})
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):  # a node that lacks what such a node has
        return None
    return function_made(call[0], call[1], call[2]) if call is not None else None


def _node(value: Json) -> Mapping[str, Json] | None:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):  # a serialised message of 2.0
            return None
    return value if isinstance(value, Mapping) else None


def _with_constants(args: list[Json], constants: Json) -> list[Json] | None:
    inputs: list[Json] = []
    waiting = list(reversed(args))
    while waiting:
        item = waiting.pop()
        if isinstance(item, list) and not is_plain(item):
            waiting += reversed(item)
        else:
            inputs.append(item)
    if not isinstance(constants, Mapping) or len(inputs) + len(constants) > _MAX_INPUTS:
        return None
    if not all(str(key).isdecimal() and len(str(key)) < _LONGEST for key in constants):
        return None
    for place in sorted(constants, key=int):
        inputs.insert(int(place), constants[place])
    return inputs


def _attribute(value: Json) -> Json:
    """The plain value of {"i": "1"}, {"b": true}, {"type": "DT_FLOAT"}, {"list": {"i": [...]}}, {"s": base64}."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    ((kind, inner),) = value.items()
    match kind:
        case "i":
            return int(inner)
        case "list":
            return [int(item) for item in inner["i"]] if isinstance(inner, Mapping) and "i" in inner else []
        case "s":
            return base64.b64decode(inner).decode("ascii")
        case "type":
            return _DTYPES.get(inner)
    return inner


_DTYPES: Final = {
    "DT_FLOAT": "float32",
    "DT_DOUBLE": "float64",
    "DT_HALF": "float16",
    "DT_BFLOAT16": "bfloat16",
    **{f"DT_{kind}{bits}": f"{kind.lower()}{bits}" for kind in ("INT", "UINT") for bits in (8, 16, 32, 64)},
    "DT_BOOL": "bool",
}


def _plainly(function: str, count: int = 1) -> Callable[[list[Json], Attributes], _Call | None]:
    def read(inputs: list[Json], _attributes: Attributes) -> _Call | None:
        return (function, inputs, {}) if len(inputs) == count else None

    return read


def _with(function: str, *names: str, **keywords: str) -> Callable[[list[Json], Attributes], _Call | None]:
    """``names`` are those of the inputs after the first, ``keywords`` those of attributes."""

    def read(inputs: list[Json], attributes: Attributes) -> _Call | None:
        if len(inputs) != len(names) + 1:
            return None
        given = {key: attributes[name] for key, name in keywords.items() if name in attributes}
        return function, inputs[:1], {**dict(zip(names, inputs[1:], strict=True)), **given}

    return read


def _concatenated(inputs: list[Json], _attributes: Attributes) -> _Call | None:
    return "concat", [inputs[:-1]], {"axis": inputs[-1]}


def _packed(inputs: list[Json], attributes: Attributes) -> _Call | None:
    return "stack", [inputs], {"axis": attributes.get("axis", 0)}


def _added(inputs: list[Json], _attributes: Attributes) -> _Call | None:
    return "math.add_n", [inputs], {}


def _split(inputs: list[Json], attributes: Attributes) -> _Call | None:
    axis, tensor = inputs
    return "split", [tensor], {"num_or_size_splits": attributes["num_split"], "axis": axis}


def _split_v(inputs: list[Json], _attributes: Attributes) -> _Call | None:
    tensor, sizes, axis = inputs
    return "split", [tensor], {"num_or_size_splits": sizes, "axis": axis}


def _gathered(inputs: list[Json], attributes: Attributes) -> _Call | None:
    tensor, indices, axis = inputs
    return "gather", [tensor, indices], {"axis": axis, "batch_dims": attributes.get("batch_dims", 0)}


def _selected(inputs: list[Json], _attributes: Attributes) -> _Call | None:
    condition, one, other = inputs
    return "where", [condition], {"x": one, "y": other}


def _sliced(inputs: list[Json], attributes: Attributes) -> _Call | None:
    """Bits of the masks say which places of begin and end are left out, dropped, or new axes."""
    tensor, begins, ends, steps = inputs
    masks = {
        name: attributes.get(f"{name}_mask") or 0 for name in ("begin", "end", "ellipsis", "new_axis", "shrink_axis")
    }
    spec: list[Json] = []
    for place, (begin, end, step) in enumerate(zip(begins, ends, steps, strict=True)):
        bit = {name: mask >> place & 1 for name, mask in masks.items()}
        if bit["ellipsis"]:
            spec.append({"class_name": "__ellipsis__"})
        elif bit["new_axis"]:
            spec.append(None)
        elif bit["shrink_axis"]:
            spec.append(begin)
        else:
            one = slice_json(None if bit["begin"] else begin, None if bit["end"] else end, None if step == 1 else step)
            spec.append(one["config"])
    return "__operators__.getitem", [tensor], {"slice_spec": spec}


_UNARY: Final = {
    **{name: f"math.{name.lower()}" for name in ("Abs", "Exp", "Log", "Sqrt", "Rsqrt", "Square", "Sign", "Sin", "Cos")},
    **{name: f"math.{name.lower()}" for name in ("Sigmoid", "Tanh", "Floor", "Ceil", "Round", "Log1p", "Expm1", "Erf")},
    **{name: f"math.{name.lower()}" for name in ("Softplus", "Softsign", "Reciprocal", "Tan", "Atan", "Asin", "Acos")},
    **{name: f"nn.{name.lower()}" for name in ("Relu", "Relu6", "Elu", "Selu", "Softmax")},
    "LogSoftmax": "nn.log_softmax",
    "Neg": "math.negative",
    "LogicalNot": "math.logical_not",
    "ZerosLike": "zeros_like",
    "OnesLike": "ones_like",
    "Identity": "identity",
    "StopGradient": "stop_gradient",
    "IsNan": "math.is_nan",
    "IsInf": "math.is_inf",
    "IsFinite": "math.is_finite",
}
_PAIRS: Final = {
    "Add": "math.add",
    "AddV2": "math.add",
    "Sub": "math.subtract",
    "Mul": "math.multiply",
    "RealDiv": "math.divide",
    "DivNoNan": "math.divide_no_nan",
    "FloorDiv": "math.floordiv",
    "FloorMod": "math.mod",
    "Maximum": "math.maximum",
    "Minimum": "math.minimum",
    "Pow": "math.pow",
    "Equal": "math.equal",
    "NotEqual": "math.not_equal",
    "Greater": "math.greater",
    "Less": "math.less",
    "GreaterEqual": "math.greater_equal",
    "LessEqual": "math.less_equal",
    "Atan2": "math.atan2",
    "LogicalAnd": "math.logical_and",
    "LogicalOr": "math.logical_or",
}
_READ: Final[Mapping[str, Callable[[list[Json], Attributes], _Call | None]]] = {
    **{op: _plainly(function) for op, function in _UNARY.items()},
    **{op: _plainly(function, 2) for op, function in _PAIRS.items()},
    **{
        op: _with(f"math.reduce_{op.lower()}", "axis", keepdims="keep_dims")
        for op in ("Mean", "Sum", "Max", "Min", "Prod", "All", "Any")
    },
    "MatMul": _with("linalg.matmul", "b", transpose_a="transpose_a", transpose_b="transpose_b"),
    **dict.fromkeys(
        ("BatchMatMul", "BatchMatMulV2"), _with("linalg.matmul", "b", adjoint_a="adj_x", adjoint_b="adj_y")
    ),
    "Reshape": _with("reshape", "shape"),
    "Transpose": _with("transpose", "perm"),
    "ExpandDims": _with("expand_dims", "axis"),
    "Squeeze": _with("squeeze", axis="squeeze_dims"),
    "Tile": _with("tile", "multiples"),
    "BroadcastTo": _with("broadcast_to", "shape"),
    "Pad": _with("pad", "paddings"),
    "PadV2": _with("pad", "paddings", "constant_values"),
    "MirrorPad": _with("pad", "paddings", mode="mode"),
    "Cast": _with("cast", dtype="DstT"),
    "ClipByValue": _with("clip_by_value", "clip_value_min", "clip_value_max"),
    "LeakyRelu": _with("nn.leaky_relu", alpha="alpha"),
    "ArgMax": _with("math.argmax", "axis"),
    "ArgMin": _with("math.argmin", "axis"),
    "Cumsum": _with("math.cumsum", "axis", exclusive="exclusive", reverse="reverse"),
    "ReverseV2": _with("reverse", "axis"),
    "ConcatV2": _concatenated,
    "Pack": _packed,
    "AddN": _added,
    "Split": _split,
    "SplitV": _split_v,
    "GatherV2": _gathered,
    **dict.fromkeys(("Select", "SelectV2"), _selected),
    "StridedSlice": _sliced,
}
