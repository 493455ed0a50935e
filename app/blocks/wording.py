"""The blocks that ship, in the language that was chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from graph_editor.document.clips.blocks import Block
from resources.text import Text

_TEXTS: Final = (
    Text("Conv · BatchNorm · ReLU"),
    Text("A convolution, batch normalization and ReLU."),
    Text("Residual block"),
    Text("Two convolutions with a shortcut around them. The filters must be as many as the channels that come in."),
    Text("Bottleneck residual block"),
    Text("1×1, 3×3 and 1×1 convolutions, with a 1×1 convolution as the shortcut: the size and channels may change."),
    Text("Inception block"),
    Text("Four branches side by side, 1×1, 3×3, 5×5 and pooling, joined along the channels."),
    Text("Squeeze and excitation"),
    Text("Weighs the channels by what the whole picture holds. Channels must be as many as come in."),
    Text("Transformer encoder"),
    Text("Self-attention and an MLP, each with a shortcut and layer normalization. Width must be that of the input."),
    Text("MLP with dropout"),
    Text("Two dense layers, each followed by dropout."),
    Text("Nested model"),
    Text("An empty model inside the model: open it with a double click, and put layers on the wire in it."),
    Text("Shape"),
    Text("Filters"),
    Text("Kernel size"),
    Text("Strides"),
    Text("Filters inside"),
    Text("Filters at the end"),
    Text("Filters 1×1"),
    Text("Filters before 3×3"),
    Text("Filters 3×3"),
    Text("Filters before 5×5"),
    Text("Filters 5×5"),
    Text("Filters after pooling"),
    Text("Channels"),
    Text("Squeezed to"),
    Text("Width"),
    Text("Heads"),
    Text("Size of a head"),
    Text("Hidden units"),
    Text("Dropout in attention"),
    Text("Dropout"),
    Text("Units"),
    Text("Activation"),
)
SHIPPED_TEXTS: Final = {text.template: text for text in _TEXTS}


def in_words(block: Block) -> Block:
    """A block that ships, with its name, description and labels in the language of now."""
    parameters = tuple(replace(item, label=_translated(item.label)) for item in block.parameters)
    return replace(
        block, name=_translated(block.name), description=_translated(block.description), parameters=parameters
    )


def _translated(text: str) -> str:
    return str(SHIPPED_TEXTS[text]) if text in SHIPPED_TEXTS else text
