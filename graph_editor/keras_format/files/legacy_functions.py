"""Functions of TensorFlow that Keras 2 recorded as layers (`x * 2` was one), as the operations of Keras 3."""

from collections.abc import Mapping
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.keras_format.files.legacy_function_table import Made, function_made
from graph_editor.keras_format.files.legacy_graph_ops import graph_op_made, graph_op_name

Json = Any

GRAPH_LAYER: Final = "TensorFlowOpLayer"  # a node of TensorFlow's graph, up to 2.3; the others are functions
FUNCTION_LAYERS: Final = (
    "TFOpLambda",
    "SlicingOpLambda",
    GRAPH_LAYER,
    "ClassMethod",
    "InstanceMethod",
    "InstanceProperty",
)


def function_name(config: Mapping[str, Json]) -> str:
    """What a recorded function is called, for people."""
    if "node_def" in config:
        return graph_op_name(config) or "?"
    name = config.get("function", config.get("method_name", config.get("attr_name")))
    return str(name if name is not None else config.get("name", "?"))


def as_operation(layer: Mapping[str, Json], catalog: Catalog) -> dict[str, Json] | None:
    """The operation that a recorded function became; None where there is none that is sure to do the same.

    ``layer`` is in today's form, its calls too: {"args": [...], "kwargs": {...}}.
    """
    nodes = layer.get("inbound_nodes")
    calls = [_made(layer, node) for node in nodes] if isinstance(nodes, list) else []
    made = [call for call in calls if call is not None]
    if not made or len(made) != len(calls) or any(call.kind != made[0].kind for call in made):
        return None  # one operation has one config for all of its calls
    spec = _spec(made[0], catalog)
    if spec is None:
        return None
    name = layer.get("name", layer["config"].get("name"))
    own = {"name": name, "trainable": True} if spec.function is None else {"name": name}
    defaults = spec.defaults if spec.function is not None else {}
    kept = {key: value for key, value in layer.items() if key not in ("build_config", "dtype")}
    return {
        **kept,
        "module": spec.module,
        "class_name": spec.class_name,
        "config": {**own, **defaults, **made[0].config},
        "registered_name": spec.registered_name,
        "inbound_nodes": [{"args": call.args, "kwargs": call.kwargs} for call in made],
    }


def _made(layer: Mapping[str, Json], node: Mapping[str, Json]) -> Made | None:
    config = layer["config"]
    if layer["class_name"] == GRAPH_LAYER:
        return graph_op_made(config, node["args"])
    function = config.get("function")
    keywords = {key: value for key, value in node["kwargs"].items() if value is not None and key != "name"}
    return function_made(function, list(node["args"]), keywords) if isinstance(function, str) else None


def _spec(made: Made, catalog: Catalog) -> LayerSpec | None:
    if made.layer:
        return catalog.layer(made.class_name)
    return next((spec for spec in catalog.operations() if spec.class_name == made.class_name), None)
