"""Small models as Keras 3 and Keras 2 write them, without Keras."""

from __future__ import annotations

from typing import Any

Json = Any


def tensor(name: str, node: int = 0, index: int = 0) -> Json:
    config = {"shape": [None, 4], "dtype": "float32", "keras_history": [name, node, index]}
    return {"class_name": "__keras_tensor__", "config": config}


def layer(name: str, class_name: str, *sources: str, module: str | None = "keras.layers", **config: Any) -> Json:
    nodes = [{"args": [tensor(source) for source in sources], "kwargs": {}}] if sources else []
    return {
        "module": module,
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": None,
        "name": name,
        "inbound_nodes": nodes,
    }


def model(*layers: Json, name: str = "small") -> Json:
    """A chain from an input "x" of four numbers through ``layers`` to the last of them."""
    source = layer("x", "InputLayer", batch_shape=[None, 4], dtype="float32")
    last = layers[-1]["name"] if layers else "x"
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": name,
            "trainable": True,
            "layers": [source, *layers],
            "input_layers": ["x", 0, 0],
            "output_layers": [last, 0, 0],
        },
        "registered_name": "Functional",
    }


def old_layer(name: str, class_name: str, *nodes: Json, **config: Any) -> Json:
    """Keras 2: ``nodes`` are lists of [layer, node, tensor, keyword arguments]."""
    return {"class_name": class_name, "config": {"name": name, **config}, "name": name, "inbound_nodes": list(nodes)}


def old_input(name: str, *shape: int) -> Json:
    sparse = {"sparse": False, "ragged": False}
    return old_layer(name, "InputLayer", batch_input_shape=[None, *shape], dtype="float32", **sparse)


def old_model(layers: list[Json], inputs: list[Json], outputs: list[Json], name: str = "old") -> Json:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config, "keras_version": "2.9.0", "backend": "tensorflow"}
