"""What the numbers of an output that tells classes apart are, by its loss and its last activation. Free of Keras."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from runtime.model_configs.ends import tensor_leaves, tensor_names
from runtime.spec import RunSpec
from runtime.worker.data.fitting import loss_key

Array = NDArray[Any]
Scale = Literal["probabilities", "logits", "margins"]

_MARGIN_LOSSES: Final = ("hinge", "squaredhinge", "categoricalhinge")
_PROBABILITIES: Final = ("sigmoid", "hard_sigmoid", "softmax")


def scale_of(spec: RunSpec, output: str) -> Scale:
    """A hinge loss makes margins, whose sign decides, unless the output ends as probabilities do."""
    loss = next((one.loss for one in spec.training.outputs if one.name == output), None)
    if loss is None:
        return "probabilities"
    if loss.config.get("from_logits"):
        return "logits"
    if loss_key(loss.class_name) not in _MARGIN_LOSSES or _last_activation(spec.model, output) in _PROBABILITIES:
        return "probabilities"
    return "margins"


def shares(values: Array, scale: Scale, *, single: bool) -> Array:
    """Values between 0 and 1, float64 of the same shape; the classes are along the last axis unless `single`.

    Single margins m become 1 / (1 + exp(-2m)) = (1 + tanh m) / 2: the order stays, 0 becomes a half. They tell how
    sure a model is and are no probabilities. Margins of several classes stay as they are: the highest decides.
    """
    scores = np.asarray(values, np.float64)
    if scale == "probabilities" or (scale == "margins" and not single):
        return scores
    if single:
        return np.asarray(np.exp(-np.logaddexp(0.0, -scores * (2.0 if scale == "margins" else 1.0))))
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _last_activation(model: Mapping[str, Any], output: str) -> str:
    """The name of it, "" where the layer that the output comes out of has none."""
    config = model.get("config", model)
    named = dict(zip(tensor_names(model, "output_layers"), tensor_leaves(config.get("output_layers")), strict=False))
    layer = named[output][0] if output in named else output
    layers = {one.get("config", {}).get("name"): one for one in config.get("layers", ())}
    entry = layers.get(layer, {})
    if entry.get("class_name") == "Softmax":
        return "softmax"
    activation = entry.get("config", {}).get("activation")
    if isinstance(activation, Mapping):
        activation = activation.get("config", activation.get("class_name"))
    return activation if isinstance(activation, str) else ""
