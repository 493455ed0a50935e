"""What makes the values of an output: the last layer that changes them, and its activation.

Looked for through nested models, and behind boxes that only arrange values anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit, ReplaceOperation, SetParameters
from graph_editor.document.graph import Call, Json, Operation, TensorRef

LAYERS: Final = "keras.layers"
# Those that hand values on as they are, in another arrangement at most.
_ARRANGING: Final = {
    LAYERS: {
        "Reshape",
        "Flatten",
        "Permute",
        "Identity",
        "ActivityRegularization",
        "Cropping1D",
        "Cropping2D",
        "Dropout",
    },
    "keras.src.ops.numpy": {"Reshape", "Squeeze", "ExpandDims", "Transpose", "Ravel", "Moveaxis", "Swapaxes"},
    "keras.src.ops.core": {"StopGradient"},
}
ARRANGING: Final = frozenset((module, name) for module, names in _ARRANGING.items() for name in names)
# Layers whose activation is the last thing that they do, so that any other one can stand in its place.
_ENDING_IN_ACTIVATION: Final = {
    "Dense", "EinsumDense", "Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D", "DepthwiseConv1D",
    "DepthwiseConv2D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "Activation",
}  # fmt: skip
_RECURRENT: Final = {"LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"}
_ACTIVATION_LAYERS: Final = {
    "Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "leaky_relu", "ELU": "elu",
}  # fmt: skip
_ANY_NUMBER: Final = {
    "BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization", "Embedding",
    "MultiHeadAttention", "GroupQueryAttention",
}  # fmt: skip
_OPERATIONS: Final = "keras.src.ops.nn"  # their class names are those of the activations: LogSoftmax


@dataclass(frozen=True, slots=True)
class Head:
    """``activation`` is Keras' name of it ("linear" for none), or None where nothing can be told.

    ``call`` is the box that it belongs to, ``axis`` the one of a softmax. ``alone``: nothing else uses the layer, so
    that it can be changed.
    """

    call: str
    operation: Operation
    activation: str | None
    axis: Json = -1
    alone: bool = True

    def with_activation(self, name: str, catalog: Catalog) -> tuple[Edit, ...] | None:
        """The edits that give it another activation; None where that would change more than the output."""
        operation = self.operation
        if not self.alone or self.activation is None:
            return None
        if operation.class_name in _ENDING_IN_ACTIVATION and operation.module == LAYERS:
            return (SetParameters(operation.id, {"activation": name}),)
        inner = operation.config.get("layer")
        if operation.class_name == "TimeDistributed" and isinstance(inner, Mapping):
            config = {**inner["config"], "activation": name}
            return (SetParameters(operation.id, {"layer": {**inner, "config": config}}),)
        spec = catalog.layer("Activation", LAYERS)
        if spec is None or not (operation.class_name in _ACTIVATION_LAYERS or operation.module == _OPERATIONS):
            return None
        config = {**catalog.default_config(spec, operation.name), "activation": name}
        after = replace(
            operation, class_name="Activation", module=LAYERS, registered_name=None, config=config, extra={}
        )
        return (ReplaceOperation(after),)

    def with_units(self, count: int) -> tuple[Edit, ...] | None:
        """The edits that give it another number of units or filters."""
        key = next((key for key in ("units", "filters") if key in self.operation.config), None)
        if key is None or not self.alone or self.operation.class_name in _RECURRENT:
            return None
        return (SetParameters(self.operation.id, {key: count}),)


def head_of(document: Document, ref: TensorRef, graph_id: str = ROOT) -> Head:
    """What makes the values of a tensor of a graph."""
    alone, seen = True, set[tuple[str, TensorRef]]()
    while True:
        seen.add((graph_id, ref))
        graph = document.graphs[graph_id]
        call, operation = graph.calls[ref.call], graph.operation_of(ref.call)
        alone = alone and len(graph.calls_of(operation.id)) == 1
        if operation.graph is not None and operation.graph in document.graphs:
            refs = document.graphs[operation.graph].output_refs()
            if ref.index >= len(refs):
                return Head(ref.call, operation, None)
            graph_id, ref = operation.graph, refs[ref.index]
            continue
        activation = activation_of(operation)
        behind = _only_tensor(call)
        arranges = (operation.module, operation.class_name) in ARRANGING or _does_nothing(operation)
        if arranges and behind is not None and (graph_id, behind) not in seen:  # wires may form a circle
            ref = behind
            continue
        return Head(ref.call, operation, activation, operation.config.get("axis", -1), alone)


def activation_of(operation: Operation) -> str | None:
    """The activation that a layer ends in, "linear" for one that can give any number; None where it is not known."""
    return _activation(operation.class_name, operation.module, operation.config)


def _activation(class_name: str, module: str, config: Mapping[str, Json]) -> str | None:
    if module == _OPERATIONS:
        return _snake(class_name)
    if module == "keras.src.ops.numpy":
        return {"Tanh": "tanh", "Exp": "exponential"}.get(class_name)
    if module != LAYERS:
        return None
    if class_name == "TimeDistributed":
        inner = config.get("layer")
        if not isinstance(inner, Mapping) or not isinstance(inner.get("config"), Mapping):
            return None
        name = str(inner.get("class_name"))
        is_known = inner.get("module", LAYERS) == LAYERS and name in _ENDING_IN_ACTIVATION
        return activation_name(inner["config"].get("activation")) if is_known else None
    if class_name in _ENDING_IN_ACTIVATION or class_name in _RECURRENT:
        return activation_name(config.get("activation"))
    return "linear" if class_name in _ANY_NUMBER else _ACTIVATION_LAYERS.get(class_name)


def activation_name(value: Json) -> str | None:
    """Keras' name of an activation, however a config writes it; None for one of the project's own."""
    if value is None:
        return "linear"
    if isinstance(value, Mapping):
        inner = value.get("config")
        if value.get("registered_name") not in (None, inner, value.get("class_name")) and value.get("module") not in (
            "builtins", "keras.activations", LAYERS
        ):  # fmt: skip
            return None
        value = inner if isinstance(inner, str) else _ACTIVATION_LAYERS.get(str(value.get("class_name")))
    return {"swish": "silu", "hard_swish": "hard_silu"}.get(str(value), str(value)) if value is not None else None


def _only_tensor(call: Call) -> TensorRef | None:
    refs = [ref for _, ref in call.tensors()]
    return refs[0] if len(refs) == 1 else None


def _does_nothing(operation: Operation) -> bool:
    return operation.class_name == "Activation" and activation_of(operation) == "linear"


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() and place else sign.lower() for place, sign in enumerate(name))
