"""Whether a model brings the numbers of an input near to 1 before its weights see them, and what makes it do so."""

from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import add_layer
from graph_editor.document.changes.inserting import with_room
from graph_editor.document.checking.validation import Mend
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import SetPositions
from graph_editor.document.graph import Graph, Operation, TensorRef
from resources.text import Text

_BRIGHTEST: Final = 255

# Layers that leave numbers as large as they are.
_HANDS_ON: Final = frozenset(
    {
        "Flatten", "Reshape", "Permute", "Resizing", "CenterCrop", "Cropping2D", "ZeroPadding2D", "UpSampling2D",
        "MaxPooling2D", "AveragePooling2D", "Dropout", "SpatialDropout2D", "Identity", "RandomCrop", "RandomFlip",
        "RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear", "RandomPerspective", "GaussianNoise",
    }
)  # fmt: skip
# Layers with weights that work on what they are given as it is.
_WEIGHS: Final = frozenset(
    {"Dense", "Conv1D", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "LSTM", "GRU", "SimpleRNN", "ConvLSTM2D"}
)


def is_scaled(graph: Graph, call: str) -> bool:
    """Whether that may be; False only where known layers lead to weights, and none of them scales before or behind."""
    waiting, seen, weighed = [call], {call}, False
    for each in waiting:  # grows while it is read
        for target in dict.fromkeys(graph.consumers(each)):
            if target in seen:
                continue
            seen.add(target)
            operation = graph.operation_of(target)
            if _weighs(operation):
                weighed = True
                behind = [graph.operation_of(next_one) for next_one in graph.consumers(target)]
                if any(next_one.class_name.endswith("Normalization") for next_one in behind):
                    return True
            elif operation.class_name in _HANDS_ON and operation.graph is None:
                waiting.append(target)
            else:
                return True
    return not weighed


def _weighs(operation: Operation) -> bool:
    return operation.class_name in _WEIGHS and operation.graph is None


def mend_of_scale(document: Document, source: TensorRef, catalog: Catalog) -> Mend | None:
    """A Rescaling of 1/255 in the one wire that leaves an input; None where there are several, or none."""
    edges = list(document.graph.edges_from(source.call))
    spec = catalog.layer("Rescaling", "keras.layers")
    if len(edges) != 1 or spec is None:
        return None

    def place(call: str) -> Point:
        return document.positions.get(call, (0.0, 0.0))

    spot, pushed = with_room(document, edges[0], place(source.call), place)
    config = {**catalog.default_config(spec, "rescaling"), "scale": 1 / _BRIGHTEST}
    edits, _ = add_layer(document, "Rescaling", "keras.layers", config, spot, catalog, into=edges[0])
    name = document.graph.operation_of(source.call).shown_name
    return Mend(Text.of("Put a Rescaling of 1/255 behind {layer}", layer=name), (*edits, SetPositions(pushed)))
