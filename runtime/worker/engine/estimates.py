"""What a layer costs before it has ever run: floating point operations and the memory of what it hands on.

Counted for one sample, in the forward pass at inference, as TensorFlow's profiler counts
(tensorflow/python/profiler/internal/flops_registry.py): a multiplication and an addition are two operations, a bias one
for each output, a maximum or sum one for each value that goes into it, a softmax five. Exponentials and other functions
are one, like all that works element by element; moving values about costs nothing. With `o` values in the output,
`p` positions in it (`o` without its channels), `i` values in the input, `c` input channels and `k` the product of the
kernel's sizes, the formulas are:

    Dense                   2 o c + o
    Conv                    2 o k c / groups + o
    Conv transposed         2 i k filters + o
    DepthwiseConv           2 o k + o
    SeparableConv           2 p k c m + 2 p c m filters + o, with m the depth multiplier
    LSTM, GRU, SimpleRNN    steps (2 g u (c + u) + g u + e u), with u units, g = 4, 3, 1 gates, e = 9, 8, 1
    ConvLSTM                steps (2 p k 4 f (c + f) + 13 p f), with f filters
    MultiHeadAttention      the projections as Dense, 2 h T S (dk + dv) + 5 h T S for h heads, T queries, S keys
    pooling                 o times the window; global pooling i
    normalization           2 o with moving statistics (one scale, one shift), 7 o where mean and variance are computed
    EinsumDense, Einsum     2 o d, with d the product of the axes that are summed over
    merging n inputs        (n - 1) o
    activation              o, softmax 5 o

Sizes that are known only when data arrives make the whole unknown: None. So do a layer with weights that is not listed,
and custom code.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import keras

from runtime.messages.parts import Shape

_ACTIVATION: Final = {"softmax": 5, "log_softmax": 5, "linear": 0}


class _UnknownError(Exception):
    """A size that is not known, or a layer that is not."""


class Inputs(NamedTuple):
    """The shapes of the tensors that a call takes: all of them in order, and those given by name."""

    shapes: Sequence[Shape]
    named: Mapping[str, Shape]

    def get(self, name: str, place: int) -> Shape | None:
        if name in self.named:
            return self.named[name]
        positional = len(self.shapes) - len(self.named)
        return self.shapes[place] if place < positional else None


class _Call(NamedTuple):
    layer: Any
    inputs: Inputs
    outputs: Sequence[Shape]

    @property
    def size(self) -> int:
        """Values of the first output."""
        return _size(self.outputs[0])

    def channels(self) -> int:
        """Of the first input."""
        return _known(self.inputs.shapes[0][1 if self.layer.data_format == "channels_first" else -1])


_Formula = Callable[[_Call], Any]


def flops(operation: Any, inputs: Inputs, outputs: Sequence[Shape]) -> int | None:
    """Floating point operations of the forward pass for one sample; never an error, as it is only an estimate."""
    try:
        return round(_cost(operation, inputs, outputs))
    except (_UnknownError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # a size is not known, or the call is of a form that its formula does not foresee


def activation_bytes(operation: Any, outputs: Sequence[tuple[Shape, str]]) -> int | None:
    """Bytes of the outputs for one sample: values times the size of their dtype; of a model, those of all its layers.

    Training keeps them for the backward pass. What an operation needs besides while it runs is not in it.
    """
    try:
        if isinstance(operation, keras.Model):
            return sum(_bytes(_specs(node.outputs)) for node in _nodes(operation) if node.operation is not operation)
        return _bytes(outputs)
    except _UnknownError:
        return None


def _bytes(outputs: Sequence[tuple[Shape, str]]) -> int:
    return sum(_size(shape) * dtype_bytes(dtype) for shape, dtype in outputs)


def dtype_bytes(dtype: str) -> int:
    """Bytes of one value; as Keras rounds them in its summary, at least one."""
    if dtype in ("bool", "string"):
        return 1
    digits = "".join(character for character in dtype.partition("_")[0] if character.isdigit())
    return max(int(digits[:2]) // 8, 1) if digits else 4


def _specs(tensors: Sequence[Any]) -> list[tuple[Shape, str]]:
    return [(tuple(tensor.shape), str(tensor.dtype)) for tensor in tensors]


def _nodes(model: Any) -> Iterator[Any]:
    """The calls inside a model, whatever it is made of."""
    functional = getattr(model, "_functional", None) or model
    by_depth = getattr(functional, "_nodes_by_depth", None)
    if by_depth is None:
        raise _UnknownError
    for nodes in by_depth.values():
        yield from nodes


def _size(shape: Shape) -> int:
    """Values of one sample: the product of all axes but the first."""
    if any(size is None for size in shape[1:]):
        raise _UnknownError
    return math.prod(size for size in shape[1:] if size is not None)


def _known(size: int | None) -> int:
    if size is None:
        raise _UnknownError
    return size


def _cost(operation: Any, inputs: Inputs, outputs: Sequence[Shape]) -> float:
    if isinstance(operation, keras.Model):
        return sum(_node_cost(node) for node in _nodes(operation))
    if not type(operation).__module__.startswith("keras."):
        raise _UnknownError  # custom code
    name, call = type(operation).__name__, _Call(operation, inputs, outputs)
    if not isinstance(operation, keras.layers.Layer):
        if name in _STRANGE_OPERATIONS:
            raise _UnknownError
        formula = _OPERATIONS.get(name, _element_by_element)
        return float(0 if name in _FREE_OPERATIONS else formula(call))
    if name in _FREE_LAYERS:
        return 0
    formula = _LAYERS.get(name, _element_by_element)
    if formula is _element_by_element and operation.weights:
        raise _UnknownError
    return float(formula(call) + _activation(call))


def _node_cost(node: Any) -> float:
    shapes = [tuple(tensor.shape) for tensor in node.input_tensors]
    shapes_by_name = {
        key: tuple(value.shape) for key, value in node.arguments.kwargs.items() if isinstance(value, keras.KerasTensor)
    }
    return _cost(node.operation, Inputs(shapes, shapes_by_name), [tuple(tensor.shape) for tensor in node.outputs])


def _activation(call: _Call) -> float:
    """Return what the activation at the end of a layer adds; in recurrent layers it is part of the formula."""
    activation = getattr(call.layer, "activation", None)
    if activation is None or isinstance(call.layer, keras.layers.RNN):
        return 0
    return _ACTIVATION.get(getattr(activation, "__name__", ""), 1) * call.size


# Layers that multiply with weights


def _dense(call: _Call) -> Any:
    return call.size * (2 * _known(call.inputs.shapes[0][-1]) + call.layer.use_bias)


def _einsum_dense(call: _Call) -> Any:
    kernel, _, result = call.layer.equation.partition(",")[2].partition("->")
    sizes = zip(kernel, call.layer._kernel.shape, strict=True)
    summed = math.prod(int(size) for letter, size in sizes if letter not in result)
    return call.size * (2 * summed + (call.layer.bias is not None))


def _conv(call: _Call) -> Any:
    layer = call.layer
    return call.size * (2 * math.prod(layer.kernel_size) * call.channels() / layer.groups + layer.use_bias)


def _conv_transpose(call: _Call) -> Any:
    products = 2 * _size(call.inputs.shapes[0]) * math.prod(call.layer.kernel_size) * call.layer.filters
    return products + call.layer.use_bias * call.size


def _depthwise(call: _Call) -> Any:
    return call.size * (2 * math.prod(call.layer.kernel_size) + call.layer.use_bias)


def _separable(call: _Call) -> Any:
    layer = call.layer
    between = call.size / layer.filters * call.channels() * layer.depth_multiplier
    return 2 * between * (math.prod(layer.kernel_size) + layer.filters) + layer.use_bias * call.size


# Recurrent layers


def _rnn(call: _Call) -> Any:
    shape = call.inputs.shapes[0]
    return _known(shape[1]) * _cell(call.layer.cell, _known(shape[-1]))


def _cell(cell: Any, channels: int) -> float:
    if isinstance(cell, keras.layers.StackedRNNCells):
        sizes = [channels, *(getattr(inner, "units", 0) for inner in cell.cells)]
        return sum(_cell(inner, size) for inner, size in zip(cell.cells, sizes, strict=False))
    costs = {"LSTMCell": (4, 9), "GRUCell": (3, 8), "SimpleRNNCell": (1, 1)}.get(type(cell).__name__)
    if costs is None:
        raise _UnknownError
    gates, others = costs
    return float(cell.units * (2 * gates * (channels + cell.units) + gates * cell.use_bias + others))


def _conv_rnn(call: _Call) -> Any:
    layer, cell, output = call.layer, call.layer.cell, call.outputs[0]
    states = _size(output[1:] if layer.return_sequences else output)
    channels = _known(call.inputs.shapes[0][2 if cell.data_format == "channels_first" else -1])
    products = 8 * math.prod(cell.kernel_size) * (channels + cell.filters)
    return _known(call.inputs.shapes[0][1]) * states * (products + 13)


def _bidirectional(call: _Call) -> Any:
    return sum(_cost(half, call.inputs, call.outputs) for half in (call.layer.forward_layer, call.layer.backward_layer))


def _time_distributed(call: _Call) -> Any:
    def step(shapes: Sequence[Shape]) -> list[Shape]:
        return [(shape[0], *shape[2:]) for shape in shapes]

    once = _cost(call.layer.layer, Inputs(step(call.inputs.shapes), {}), step(call.outputs))
    return _known(call.inputs.shapes[0][1]) * once


def _wrapped(call: _Call) -> Any:
    return _cost(call.layer.layer, call.inputs, call.outputs)


# Attention


def _multi_head(call: _Call) -> Any:
    layer = call.layer
    return _projected_attention(call, (layer._num_heads,) * 2, (layer._key_dim, layer._value_dim), layer._use_bias)


def _grouped_query(call: _Call) -> Any:
    layer = call.layer
    heads = (layer.num_query_heads, layer.num_key_value_heads)
    return _projected_attention(call, heads, (layer.head_dim, layer.head_dim), layer.use_bias)


def _projected_attention(call: _Call, heads: tuple[int, int], sizes: tuple[int, int], bias: bool) -> Any:
    """`heads` of the query, and of key and value; `sizes` of a key and of a value in one head."""
    query, value = call.inputs.get("query", 0), call.inputs.get("value", 1)
    if query is None or value is None:
        raise _UnknownError
    key = call.inputs.get("key", 2) or value
    widths = ((query, heads[0] * sizes[0]), (key, heads[1] * sizes[0]), (value, heads[1] * sizes[1]))
    cost = sum(_size(shape[:-1]) * width * (2 * _known(shape[-1]) + bias) for shape, width in widths)
    cost += heads[0] * _size(query[:-1]) * _size(value[:-1]) * (2 * sizes[0] + 5 + 2 * sizes[1])
    return cost + call.size * (2 * heads[0] * sizes[1] + bias)


def _attention(call: _Call) -> Any:
    query, value = call.inputs.shapes[:2]
    each = 3 if isinstance(call.layer, keras.layers.AdditiveAttention) else 2
    pairs = _size(query[:-1]) * _size(value[:-1])
    return pairs * (each * _known(query[-1]) + 5 + 2 * _known(value[-1]))


# Everything else


def _dot(call: _Call) -> Any:
    axes = call.layer.axes
    return 2 * call.size * _known(call.inputs.shapes[0][axes if isinstance(axes, int) else axes[0]])


def _matmul(call: _Call) -> Any:
    return 2 * call.size * _known(call.inputs.shapes[0][-1])


def _einsum(call: _Call) -> Any:
    terms, _, result = call.layer.subscripts.replace(" ", "").partition("->")
    if "." in terms:
        raise _UnknownError
    sizes: dict[str, int | None] = {}
    for term, shape in zip(terms.split(","), call.inputs.shapes, strict=False):
        sizes |= dict(zip(term, shape, strict=False))
    summed = math.prod(_known(size) for letter, size in sizes.items() if letter not in result)
    return (2 if len(call.inputs.shapes) > 1 else 1) * call.size * summed


def _pooling(call: _Call) -> Any:
    return call.size * math.prod(call.layer.pool_size)


def _all_inputs(call: _Call) -> Any:
    return sum(map(_size, call.inputs.shapes))


def _merge(call: _Call) -> Any:
    return call.size * max(len(call.inputs.shapes) - 1, 1)


def _element_by_element(call: _Call) -> Any:
    return sum(map(_size, call.outputs))


def _per_output(count: int) -> _Formula:
    return lambda call: count * call.size


_LAYERS: Final[Mapping[str, _Formula]] = {
    "Dense": _dense,
    "EinsumDense": _einsum_dense,
    **dict.fromkeys(("Conv1D", "Conv2D", "Conv3D"), _conv),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _conv_transpose),
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _depthwise),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _separable),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN"), _rnn),
    **dict.fromkeys(("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"), _conv_rnn),
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    "SpectralNormalization": _wrapped,
    "MultiHeadAttention": _multi_head,
    "GroupedQueryAttention": _grouped_query,
    **dict.fromkeys(("Attention", "AdditiveAttention"), _attention),
    "Dot": _dot,
    **{f"{kind}Pooling{axes}D": _pooling for kind in ("Max", "Average") for axes in (1, 2, 3)},
    **{f"Global{kind}Pooling{axes}D": _all_inputs for kind in ("Max", "Average") for axes in (1, 2, 3)},
    **dict.fromkeys(("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"), _merge),
    **dict.fromkeys(("BatchNormalization", "Normalization", "Rescaling"), _per_output(2)),
    **dict.fromkeys(("LayerNormalization", "GroupNormalization", "RMSNormalization"), _per_output(7)),
    "UnitNormalization": _per_output(3),
    "Softmax": _per_output(5),
    "Activation": _per_output(0),  # its activation is counted as that of any layer
    "LayerScale": _per_output(1),
    "PReLU": _per_output(2),
}
_FREE_LAYERS: Final = frozenset(
    {"ActivityRegularization", "AlphaDropout", "Concatenate", "Cropping1D", "Cropping2D", "Cropping3D", "Dropout"}
    | {"Embedding", "Flatten", "GaussianDropout", "GaussianNoise", "Identity", "InputLayer", "Masking", "Permute"}
    | {"RepeatVector", "Reshape", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}
    | {"ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "UpSampling1D"}
)
_OPERATIONS: Final[Mapping[str, _Formula]] = {
    "Matmul": _matmul,
    "Einsum": _einsum,
    "Softmax": _per_output(5),
    "LogSoftmax": _per_output(5),
    **dict.fromkeys(("Mean", "Sum", "Max", "Min", "Prod", "Var", "Std", "Argmax", "Argmin", "Norm"), _all_inputs),
}
_FREE_OPERATIONS: Final = frozenset(
    {"BroadcastTo", "Cast", "Concatenate", "Copy", "ExpandDims", "Flip", "GetItem", "Identity", "Moveaxis", "Pad"}
    | {"Ravel", "Repeat", "Reshape", "Roll", "Shape", "Split", "Squeeze", "Stack", "Swapaxes", "Take", "Tile"}
    | {"Transpose", "Unstack"}
)
_STRANGE_OPERATIONS: Final = frozenset(
    {"Conv", "ConvTranspose", "DepthwiseConv", "SeparableConv", "Dot", "Tensordot", "Inner", "Vdot", "Outer"}
    | {"Cholesky", "Inv", "LuFactor", "QR", "SVD", "Solve", "FFT", "FFT2", "STFT", "ISTFT", "RFFT", "IRFFT"}
    | {"DotProductAttention", "Map", "Scan", "WhileLoop", "ForiLoop", "VectorizedMap"}
)
