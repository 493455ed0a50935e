"""Writes the blocks that come with Lamella: ``python -m app.generators.make_blocks``.

Each is drawn behind an Input, which stands for what will come in and stays outside.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.generators.make_templates import Builder
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.clips.blocks import SUFFIX, Block, BlockParameter, block_of, save_block
from graph_editor.document.history import History
from graph_editor.layout.layered import arrange_document

SAME = {"padding": "same"}


class BlockBuilder(Builder):
    def __init__(self, name: str, description: str, *shape: int) -> None:
        super().__init__("block")
        self._name, self._description = name, description
        self._parameters: list[BlockParameter] = []
        self.x = self.input("x", shape)

    def asks(self, label: str, key: str, *layers: str, name: str = "", axis: int | None = None) -> None:
        """Let a value be asked for that these layers, by call, share."""
        operations = [self.document.operation_of(call) for call in layers]
        values = [operation.config[key] for operation in operations]
        assert all(value == values[0] for value in values), label
        places = tuple((operation.id, key) for operation in operations)
        self._parameters.append(BlockParameter(name or key, label, values[0], places, axis))

    def group(self, call: str, name: str) -> str:
        """Make a nested model of a box; the call of that."""
        spec = ((None, 64), "float32")
        edits, box = group(self.document, [call], Catalog.load(), lambda _tensor: spec, name)
        History(self.document, FOLLOW_UPS).do("group", edits)
        return box

    def block(self) -> Block:
        places = dict(arrange_document(self.document))
        inside = [call for call in self.document.graph.calls if call != self.x]
        found = block_of(self.document, inside, places, self._name)
        return replace(found, description=self._description, parameters=tuple(self._parameters))


def conv_bn_relu() -> BlockBuilder:
    b = BlockBuilder("Conv · BatchNorm · ReLU", "A convolution, batch normalization and ReLU.", 32, 32, 16)
    conv = b.layer("conv", "Conv2D", b.x, filters=64, kernel_size=[3, 3], use_bias=False, **SAME)
    b.layer("relu", "ReLU", b.layer("norm", "BatchNormalization", conv))
    b.asks("Filters", "filters", conv)
    b.asks("Kernel size", "kernel_size", conv)
    b.asks("Strides", "strides", conv)
    return b


def residual() -> BlockBuilder:
    text = "Two convolutions with a shortcut around them. The filters must be as many as the channels that come in."
    b = BlockBuilder("Residual block", text, 32, 32, 64)
    conv = {"filters": 64, "kernel_size": [3, 3], "use_bias": False, **SAME}
    first = b.layer("conv_a", "Conv2D", b.x, **conv)
    relu = b.layer("relu_a", "ReLU", b.layer("norm_a", "BatchNormalization", first))
    second = b.layer("conv_b", "Conv2D", relu, **conv)
    b.layer("relu_b", "ReLU", b.layer("add", "Add", b.layer("norm_b", "BatchNormalization", second), b.x))
    b.asks("Filters", "filters", first, second, axis=-1)
    b.asks("Kernel size", "kernel_size", first, second)
    return b


def bottleneck() -> BlockBuilder:
    text = "1×1, 3×3 and 1×1 convolutions, with a 1×1 convolution as the shortcut: the size and channels may change."
    b = BlockBuilder("Bottleneck residual block", text, 32, 32, 64)

    def conv(name: str, source: str, filters: int, size: int) -> tuple[str, str]:
        found = b.layer(name, "Conv2D", source, filters=filters, kernel_size=[size, size], use_bias=False, **SAME)
        return found, b.layer(f"{name}_norm", "BatchNormalization", found)

    reduce, norm = conv("reduce", b.x, 64, 1)
    middle, norm = conv("conv", b.layer("reduce_relu", "ReLU", norm), 64, 3)
    expand, norm = conv("expand", b.layer("conv_relu", "ReLU", norm), 256, 1)
    shortcut, short_norm = conv("shortcut", b.x, 256, 1)
    b.layer("relu", "ReLU", b.layer("add", "Add", norm, short_norm))
    b.asks("Filters inside", "filters", reduce, middle, name="inside")
    b.asks("Filters at the end", "filters", expand, shortcut, name="outside")
    b.asks("Strides", "strides", reduce, shortcut)
    return b


def inception() -> BlockBuilder:
    text = "Four branches side by side, 1×1, 3×3, 5×5 and pooling, joined along the channels."
    b = BlockBuilder("Inception block", text, 32, 32, 64)

    def conv(name: str, source: str, filters: int, size: int) -> str:
        look = {"kernel_size": [size, size], "activation": "relu", **SAME}
        return b.layer(name, "Conv2D", source, filters=filters, **look)

    one = conv("branch_1x1", b.x, 64, 1)
    reduce_3 = conv("reduce_3x3", b.x, 96, 1)
    three = conv("branch_3x3", reduce_3, 128, 3)
    reduce_5 = conv("reduce_5x5", b.x, 16, 1)
    five = conv("branch_5x5", reduce_5, 32, 5)
    pool = b.layer("pool", "MaxPooling2D", b.x, pool_size=[3, 3], strides=[1, 1], **SAME)
    pooled = conv("branch_pool", pool, 32, 1)
    b.layer("join", "Concatenate", one, three, five, pooled)
    b.asks("Filters 1×1", "filters", one, name="one")
    b.asks("Filters before 3×3", "filters", reduce_3, name="reduce_3")
    b.asks("Filters 3×3", "filters", three, name="three")
    b.asks("Filters before 5×5", "filters", reduce_5, name="reduce_5")
    b.asks("Filters 5×5", "filters", five, name="five")
    b.asks("Filters after pooling", "filters", pooled, name="pooled")
    return b


def squeeze_excite() -> BlockBuilder:
    text = "Weighs the channels by what the whole picture holds. Channels must be as many as come in."
    b = BlockBuilder("Squeeze and excitation", text, 32, 32, 64)
    squeeze = b.layer("squeeze", "GlobalAveragePooling2D", b.x, keepdims=True)
    reduce = b.layer("reduce", "Dense", squeeze, units=16, activation="relu")
    excite = b.layer("excite", "Dense", reduce, units=64, activation="sigmoid")
    b.layer("scale", "Multiply", b.x, excite)
    b.asks("Channels", "units", excite, name="channels", axis=-1)
    b.asks("Squeezed to", "units", reduce, name="squeezed")
    return b


def transformer() -> BlockBuilder:
    text = "Self-attention and an MLP, each with a shortcut and layer normalization. Width must be that of the input."
    b = BlockBuilder("Transformer encoder", text, 20, 128)
    attention = b.layer("attention", "MultiHeadAttention", b.x, b.x, num_heads=4, key_dim=32, dropout=0.1)
    norm = b.layer("norm_a", "LayerNormalization", b.layer("add_a", "Add", attention, b.x))
    hidden = b.layer("hidden", "Dense", norm, units=512, activation="gelu")
    narrow = b.layer("narrow", "Dense", hidden, units=128)
    drop = b.layer("dropout", "Dropout", narrow, rate=0.1)
    b.layer("norm_b", "LayerNormalization", b.layer("add_b", "Add", drop, norm))
    b.asks("Width", "units", narrow, name="width", axis=-1)
    b.asks("Heads", "num_heads", attention)
    b.asks("Size of a head", "key_dim", attention)
    b.asks("Hidden units", "units", hidden, name="hidden")
    b.asks("Dropout in attention", "dropout", attention)
    b.asks("Dropout", "rate", drop)
    return b


def mlp() -> BlockBuilder:
    b = BlockBuilder("MLP with dropout", "Two dense layers, each followed by dropout.", 64)
    first = b.layer("dense_a", "Dense", b.x, units=128, activation="relu")
    drop = b.layer("dropout_a", "Dropout", first, rate=0.3)
    second = b.layer("dense_b", "Dense", drop, units=128, activation="relu")
    last = b.layer("dropout_b", "Dropout", second, rate=0.3)
    b.asks("Units", "units", first, second)
    b.asks("Activation", "activation", first, second)
    b.asks("Dropout", "rate", drop, last)
    return b


def nested_model() -> BlockBuilder:
    text = "An empty model inside the model: open it with a double click, and put layers on the wire in it."
    b = BlockBuilder("Nested model", text, 64)
    inner = b.layer("pass_through", "Identity", b.x)
    box = b.group(inner, "nested_model")
    graph = b.document.graphs[str(b.document.operation_of(box).graph)]
    b.asks("Shape", "batch_shape", graph.input_refs()[0].call)
    return b


MAKERS: Mapping[str, Any] = {
    "conv-bn-relu": conv_bn_relu,
    "residual": residual,
    "bottleneck": bottleneck,
    "inception": inception,
    "squeeze-excite": squeeze_excite,
    "transformer": transformer,
    "mlp": mlp,
    "nested-model": nested_model,
}


def main() -> None:
    folder = Path(__file__).resolve().parents[2] / "resources" / "blocks"
    for key, make in MAKERS.items():
        save_block(make().block(), folder / f"{key}{SUFFIX}")


if __name__ == "__main__":
    main()
