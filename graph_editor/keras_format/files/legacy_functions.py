"""Functions of TensorFlow that Keras 2 recorded as layers (`x * 2` was one), as the operations of Keras 3."""

from collections.abc import Mapping
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog

Json = Any

FUNCTION_LAYER: Final = "TFOpLambda"
_TWO: Final = {
    "__operators__.add": "Add",
    "math.add": "Add",
    "math.subtract": "Subtract",
    "math.multiply": "Multiply",
    "math.divide": "Divide",
    "math.truediv": "TrueDivide",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "math.pow": "Power",
}
_ONE: Final = {
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "nn.sigmoid": "Sigmoid",
    "math.sigmoid": "Sigmoid",
    "math.tanh": "Tanh",
    "math.exp": "Exp",
    "math.log": "Log",
    "math.sqrt": "Sqrt",
    "math.square": "Square",
    "math.abs": "Absolute",
    "math.negative": "Negative",
}
_REDUCTIONS: Final = {
    "math.reduce_mean": "Mean",
    "math.reduce_sum": "Sum",
    "math.reduce_max": "Max",
    "math.reduce_min": "Min",
}


def as_operation(layer: Mapping[str, Json], catalog: Catalog) -> dict[str, Json] | None:
    """The operation that a recorded function became; None where there is none that is sure to do the same.

    ``layer`` is in today's form, its calls too: {"args": [...], "kwargs": {...}}.
    """
    function, nodes = layer["config"].get("function"), layer["inbound_nodes"]
    if not isinstance(function, str) or len(nodes) != 1:
        return None
    args = list(nodes[0]["args"])
    keywords = {key: value for key, value in nodes[0]["kwargs"].items() if value is not None}
    config = {"name": layer["config"].get("name", layer.get("name"))}
    if function in _TWO and len(args) == 1 and keywords.keys() == {"y"}:
        name, args = _TWO[function], [args[0], keywords["y"]]
    elif function in _ONE and len(args) == 1 and not keywords:
        name = _ONE[function]
    elif function in _REDUCTIONS and len(args) == 1 and keywords.keys() <= {"axis", "keepdims"}:
        name = _REDUCTIONS[function]
        config |= {"axis": keywords.get("axis"), "keepdims": keywords.get("keepdims", False)}
    else:
        return None
    spec = next((spec for spec in catalog.operations() if spec.class_name == name), None)
    if spec is None:
        return None
    other_keys = {key: value for key, value in layer.items() if key not in ("build_config", "dtype")}
    return {
        **other_keys,
        "module": spec.module,
        "class_name": name,
        "config": config,
        "registered_name": name,
        "inbound_nodes": [{"args": args, "kwargs": {}}],
    }
