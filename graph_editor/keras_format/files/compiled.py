"""What a model was compiled with, as the training section of a project: optimizer, losses, metrics."""

import struct
from collections.abc import Mapping
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names
from resources.text import Text

Json = Any

_SHORT: Final = {
    "mse": "MeanSquaredError",
    "mae": "MeanAbsoluteError",
    "mape": "MeanAbsolutePercentageError",
    "msle": "MeanSquaredLogarithmicError",
    "bce": "BinaryCrossentropy",
}
_WORDS: Final = ("accuracy", "acc", "crossentropy", "ce")  # Keras chooses the class by the shape


def dropped_schedule(compiled: Json) -> tuple[Text, ...]:
    """A note on a schedule of the learning rate, which a project cannot say."""
    if not isinstance(compiled, Mapping):
        return ()
    optimizer = compiled.get("optimizer") or compiled.get("optimizer_config")
    config = optimizer.get("config") if isinstance(optimizer, Mapping) else None
    rate = config.get("learning_rate") if isinstance(config, Mapping) else None
    name = rate.get("class_name") if isinstance(rate, Mapping) else None
    if not isinstance(name, str):
        return ()
    return (
        Text(
            "The learning rate followed {schedule}, which is left out. Choose a rate, or a callback that changes it.",
            {"schedule": name[:80]},
        ),
    )


def training_section(compiled: Json, document: Document, catalog: Catalog) -> dict[str, Json]:
    """The parts that the catalogue knows; what it does not know (a loss of one's own) is left to be chosen anew."""
    if not isinstance(compiled, Mapping):
        return {}
    section: dict[str, Json] = {}
    optimizer = _optimizer(compiled.get("optimizer") or compiled.get("optimizer_config"), catalog)
    if optimizer is not None:
        section["optimizer"] = optimizer
    names = output_names(document.graph)
    outputs = {name: _output(compiled, name, index, len(names), catalog) for index, name in enumerate(names)}
    if any(outputs.values()):
        section["outputs"] = {name: output for name, output in outputs.items() if output}
    return section


def _optimizer(value: Json, catalog: Catalog) -> Json:
    if isinstance(value, str):
        value = {"class_name": value, "config": {}}
    if not isinstance(value, Mapping) or not isinstance(value.get("class_name"), str):
        return None
    spec = catalog.object("optimizers", value["class_name"].rpartition(">")[2])  # Keras 2: "Custom>Adam"
    own_config = value.get("config")
    if spec is None or not isinstance(own_config, Mapping):
        return None
    known = {parameter.name for parameter in spec.parameters} | spec.config.keys()
    chosen = {key: item for key, item in own_config.items() if key in known and key != "name"}
    config = {key: item for key, item in chosen.items() if key == "learning_rate" or item != spec.config.get(key)}
    rate = config.get("learning_rate")
    if isinstance(rate, Mapping) or not isinstance(rate, int | float):
        config.pop("learning_rate", None)
    else:
        config["learning_rate"] = _shortest(float(rate))
    return {"class_name": spec.class_name, "config": config}


def _output(compiled: Mapping[str, Json], name: str, index: int, count: int, catalog: Catalog) -> dict[str, Json]:
    loss = _object(_of_output(compiled.get("loss"), name, index, count), "losses", catalog)
    if loss is None:
        return {}
    metrics = _of_output(compiled.get("metrics"), name, index, count, many=True)
    listed = metrics if isinstance(metrics, list) else [metrics]
    metric_list = [_object(metric, "metrics", catalog) for metric in listed if metric is not None]
    weight = _of_output(compiled.get("loss_weights"), name, index, count)
    return {
        "loss": loss,
        "metrics": [metric for metric in metric_list if metric is not None],
        "weight": float(weight) if isinstance(weight, int | float) else 1.0,
    }


def _of_output(value: Json, name: str, index: int, count: int, many: bool = False) -> Json:
    """The part of one output of what stands for all: by name, by place, or the same for each."""
    if isinstance(value, Mapping) and "class_name" not in value:
        return value.get(name)
    if isinstance(value, list):
        by_place = len(value) == count and (not many or all(isinstance(item, list) for item in value))
        if by_place:
            return value[index]
        return value if many and count == 1 else None
    return value


def _object(value: Json, kind: Any, catalog: Catalog) -> Json:
    config: Json = {}
    if isinstance(value, Mapping):
        value, config = value.get("class_name"), value.get("config")
        if value == "function":
            value, config = config, {}
        elif value == "MeanMetricWrapper" and isinstance(config, Mapping):  # Keras 2, for a metric chosen by name
            value, config = config.get("fn"), {}
    if not isinstance(value, str) or not isinstance(config, Mapping):
        return None
    if value in _WORDS:
        return {"class_name": value, "config": {}}
    spec = catalog.object(kind, _SHORT.get(value, value))
    if spec is None:
        return None
    known = {parameter.name for parameter in spec.parameters}
    kept = {key: item for key, item in config.items() if key in known and item != spec.config.get(key)}
    return {"class_name": spec.class_name, "config": kept}


def _shortest(rate: float) -> float:
    """0.001 where Keras wrote 0.0010000000474974513: the same number in the float32 that trains."""
    short = float(f"{rate:.7g}")
    return short if struct.pack("f", short) == struct.pack("f", rate) else rate
