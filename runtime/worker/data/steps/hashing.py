"""Words or whole numbers fall into bins by their hash: Keras' Hashing, which needs no vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from resources.python_code.parts import StepCode
from resources.python_code.pieces import call, name
from resources.python_code.preparing import COLUMN, by_layer
from resources.text import Text
from resources.training.setting import Setting
from runtime.lazy import LazyModule
from runtime.step_kinds import StepKind
from runtime.step_samples import Array, Json, Layer, Sample, State, is_layer, keras_layer
from runtime.worker.data.preparing.eager import by_keras
from runtime.worker.data.preparing.lookup import INT, MODES, encoded_shape, output_setting
from runtime.worker.data.preparing.whole import whole_numbers

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

STEP: Final = StepKind(
    "hashing",
    Text("Hashing"),
    Text("Each word or id falls into one of so many bins. For columns with very many different ones."),
    ("category", "text", "number"),
    120,
    (
        Setting[int]("num_bins", Text("bins"), Text("Fewer bins put more different values into one."), "int", 32,
                     order=10, section="step", minimum=1, maximum=10_000_000),
        Setting[bool]("mask", Text("mask missing"), Text("A missing word becomes 0, which nothing else does."),
                      "bool", False, order=20, section="step"),
        output_setting(MODES),
    ),
)  # fmt: skip


def result(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Sample:
    if values["output_mode"] == INT:
        return Sample(sample.shape, "int64", "category")
    return Sample(encoded_shape(sample, values["output_mode"], values["num_bins"]), "float32", "number")


def apply(array: Array, sample: Sample, values: Mapping[str, Json], state: State | None) -> Array:
    tokens = array if sample.words else whole_numbers(array, STEP.title)
    # Keras takes the last axis of a batch for one sample: single ones get an axis, which goes again.
    rows = tokens.reshape(-1, 1) if tokens.ndim == 1 else tokens
    found = by_keras(layer(sample, values, state), rows)
    shape = encoded_shape(sample, values["output_mode"], values["num_bins"])
    return found.reshape(len(array), *shape).astype(np.int64 if values["output_mode"] == INT else np.float32)


def layer(sample: Sample, values: Mapping[str, Json], _state: State | None) -> Layer:
    config: dict[str, Json] = {"num_bins": values["num_bins"], "output_mode": values["output_mode"]}
    if values["mask"]:
        config["mask_value"] = "" if sample.words else 0
    return keras_layer("Hashing", config)


def code(values: Mapping[str, Json]) -> StepCode:
    words = call(name("words_in"), COLUMN)
    config, usual = {key: values[key] for key in ("num_bins", "output_mode")}, {"output_mode": INT}
    mask = {"mask_value": call(name("no_value"), words)} if values["mask"] else {}
    given = call(name("whole_numbers"), words)
    return by_layer("Hashing", config, usual=usual, given=given, more=mask, functions=("whole_numbers", "no_value"))


def settings_of(written: Layer) -> dict[str, Json] | None:
    config = written["config"]
    mask = config.get("mask_value")
    plain = not config.get("salt") and not config.get("sparse") and mask in (None, "", 0)
    if not is_layer(written, "Hashing") or not plain:
        return None
    return {"num_bins": config["num_bins"], "mask": mask is not None, "output_mode": config.get("output_mode", INT)}
