"""What Keras' layers make of the cases, and what our steps make of them, in a process of its own.

`python -m tests.unit.runtime.preparing.keras_steps` prints JSON: "models" -> the facts of `adapted_models`,
"cases" -> name of the case -> {"shape", "keras_shape",
"difference" (the largest, as a part of the largest value; None where NaN are in other places), "adapted" (the same of
the layer that Keras adapts itself; missing where it cannot be)}; "scripts" -> name -> {"difference", "shape"} of what
an exported script makes of the case.
"""

import json
import os
from importlib import import_module
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import msgspec
import numpy as np
import tensorflow as tf

from resources.python_code import shared
from resources.python_code.in_scripts.prepared import in_places
from runtime.python_code import preparing
from runtime.step_kinds import find_step, step_module
from runtime.step_samples import Array
from tests.unit.runtime.preparing.adapted_models import facts
from tests.unit.runtime.preparing.cases import CASES, IN_SCRIPTS, Case

LEARN_OTHERWISE = {"to_range", "discretization", "one_hot"}  # Keras has no layer for it, estimates, or orders otherwise
NAMES = {"one_hot", "integer_lookup", "hashing"}  # whole numbers; elsewhere models take float32


def made(layer: dict[str, Any]) -> Any:
    return getattr(import_module(layer["module"]), layer["class_name"])(**layer["config"])


def given(values: Array) -> Any:
    rows = values.reshape(-1, 1) if values.ndim == 1 else values
    return tf.constant(rows, tf.string) if values.dtype == object else tf.constant(rows)


def difference(ours: Array, theirs: Array) -> float | None:
    ours, theirs = ours.astype(np.float64).reshape(-1), theirs.astype(np.float64).reshape(-1)
    if ours.shape != theirs.shape or (np.isnan(ours) != np.isnan(theirs)).any():
        return None
    known = ~np.isnan(ours)
    largest = max(1.0, float(np.abs(theirs[known]).max(initial=0)))
    return float(np.abs(ours[known] - theirs[known]).max(initial=0)) / largest


def compared(case: Case) -> dict[str, Any]:
    module, kind, sample = step_module(case.step), find_step(case.step), case.sample
    assert kind is not None
    kind.check(case.settings)
    values = kind.values(case.settings)
    train = case.values if case.train is None else case.train
    state = module.known(sample, values) if hasattr(module, "known") else None
    if kind.adapts and state is None:
        learnt = module.adapt([train[:3], train[3:3], train[3:]], sample, values)
        state = msgspec.json.decode(msgspec.json.encode(learnt))  # as it is kept, which takes no words of NumPy
    ours = module.apply(case.values, sample, values, state)
    promised = module.result(sample, values, state)
    layer = module.layer(sample, values, state)
    taken = case.values if case.values.dtype == object or case.step in NAMES else case.values.astype(np.float32)
    theirs = keras.ops.convert_to_numpy(made(layer)(given(taken)))
    answer = {
        "shape": list(ours.shape[1:]),
        "promised": list(promised.shape),
        "dtype": [str(ours.dtype), promised.dtype],
        "keras_shape": list(theirs.shape[1:]),
        "difference": difference(ours, theirs),
        "back": module.settings_of(layer),
        "box_back": module.settings_of(module.layer(sample, values, None) or layer),
    }
    learns_alike = case.learns_alike and case.step not in LEARN_OTHERWISE
    if kind.adapts and learns_alike and not np.isnan(_numbers(train)).any():
        learner = made(module.layer(sample, values, None))
        learner.adapt(given(train))
        answer["adapted"] = difference(ours, keras.ops.convert_to_numpy(learner(given(case.values))))
    return answer


def script_difference(case: Case) -> dict[str, Any]:
    """How far what an exported script makes of the values is from what the feed makes of them."""
    module, kind, sample = step_module(case.step), find_step(case.step), case.sample
    assert kind is not None
    values = kind.values(case.settings)
    train = case.values if case.train is None else case.train
    state = module.known(sample, values) if hasattr(module, "known") else None
    if kind.adapts and state is None:
        state = module.adapt([train], sample, values)
    ours = module.apply(case.values, sample, values, state)
    columns = {"a": {"steps": [{"step": case.step, **case.settings}]}}
    both = np.concatenate([train, case.values])
    scope: dict[str, Any] = {"__name__": "script", "keras": keras}
    code = preparing({"columns": columns}, ["a"])
    exec("\n".join([*shared.imports_of(code.functions), *code.functions]), scope)
    column = in_places(both, sample.categories) if sample.categories else both
    if "prepare" in scope:  # dropping leaves nothing to prepare
        column = scope["prepare"]({"a": column}, slice(0, len(train)))["a"]
    theirs = scope["words_in"](column)[len(train) :]
    if ours.dtype == object:
        return {"difference": 0.0 if theirs.ravel().tolist() == ours.ravel().tolist() else None, "shape": True}
    return {"difference": difference(ours, theirs), "shape": theirs.shape[1:] in (ours.shape[1:], (*ours.shape[1:], 1))}


def tried_script(case: Case) -> dict[str, Any]:
    try:
        return script_difference(case)
    except Exception as error:
        return {"difference": None, "shape": f"{type(error).__name__}: {error}"}


def _numbers(values: Array) -> Array:
    return np.zeros(1) if values.dtype == object else values.astype(np.float64)


if __name__ == "__main__":
    in_scripts = {case.key: tried_script(case) for case in (*CASES, *IN_SCRIPTS)}
    cases = {case.key: compared(case) for case in CASES}
    print(json.dumps({"models": facts(), "cases": cases, "scripts": in_scripts}))
