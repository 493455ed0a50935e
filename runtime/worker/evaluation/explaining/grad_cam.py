"""Grad-CAM: which places of a layer's maps speak for a class.

Selvaraju and others, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization" (2017),
equations 1 and 2: with the score y of the class before the softmax and the maps A^k of a layer,
weight_k = mean over places ij of dy/dA^k_ij, and the map is ReLU(sum over k of weight_k A^k), stretched over the input.
"""

import keras
import numpy as np
from keras.src import tree

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.evaluation.explaining.places import require_gradients, tokens_of
from runtime.worker.evaluation.explaining.question import (
    Array,
    Attribution,
    Question,
    Spot,
    form_of,
    ordered,
    spot_of,
)
from runtime.worker.evaluation.inside.addresses import find_node, require_graph, same_address
from runtime.worker.process.control import WorkerError

METHOD = "grad_cam"


def explain(question: Question) -> Attribution:
    """Raises WorkerError where there is no TensorFlow, or no layer with maps."""
    require_gradients()
    from runtime.worker.evaluation.explaining.tensorflow_gradients import gradients

    call = layer_of(question)
    found = gradients(question, ordered(question), call, linear=True)
    first = getattr(find_node(question.model, call).operation, "data_format", None) == "channels_first"
    maps, slopes = (
        np.moveaxis(part[0], 0, -1) if first and part.ndim > 2 else part[0] for part in (found.values, found.gradients)
    )
    small = cam_of(maps.astype(np.float64), slopes.astype(np.float64))
    spot = _spot(question)
    values = _stretched(small, question)
    tokens = tokens_of(question, spot, found.heard) if spot is not None else None
    note = Text("Maps of {layer}, each weighted by how much the score rises with it.", {"layer": call.layer})
    return Attribution(values, float(values.sum()), False, tokens, note)


def cam_of(maps: Array, slopes: Array) -> Array:
    """`maps` and gradients (places…, channels) to the map (places…)."""
    places = tuple(range(maps.ndim - 1))
    weights = slopes.mean(places)
    cam: Array = np.maximum(maps @ weights, 0.0)
    return cam


def layer_of(question: Question) -> CallAt:
    """The layer that was chosen, else the last one whose output has as many axes as maps, or steps, have."""
    axes = {"picture": 4}.get(form_of(question), 3)
    if question.layer is not None and question.layer.layer:
        call = same_address(question.layer)
        outputs = find_node(question.model, call).outputs
        if len(outputs[0].shape) < 3:
            text = Text("{layer} has no maps: choose a convolution, or a layer before Flatten.", {"layer": call.layer})
            raise WorkerError(text)
        return call
    graph = require_graph(question.model)
    for node, number in reversed(graph.nodes):
        output = tree.flatten(node.outputs)[0]
        if not node.is_input and len(output.shape) == axes and keras.backend.is_float_dtype(output.dtype):
            return CallAt(node.operation.name, number)
    raise WorkerError(Text("The model has no layer with maps, which Grad-CAM needs."))


def _spot(question: Question) -> Spot | None:
    return spot_of(question) if form_of(question) == "text" else None


def _stretched(cam: Array, question: Question) -> Array:
    """The map over the places of the input, between which it is linear."""
    form, array = form_of(question), question.array
    if form == "picture":
        size = array.shape[1:3]
        if keras.config.image_data_format() == "channels_first":
            size = array.shape[2:4]
        while cam.ndim > 2:
            cam = cam.mean(0)
        small = cam[None, :, :, None].astype(np.float32)
        picture = keras.ops.image.resize(small, size, "bilinear", data_format="channels_last")
        return np.asarray(keras.ops.convert_to_numpy(picture))[0, :, :, 0].astype(np.float64)
    cam = cam.reshape(len(cam), -1).mean(-1)
    count = array.shape[1] if array.ndim > 1 else len(cam)
    centres = (np.arange(count) + 0.5) / count * len(cam) - 0.5
    return np.interp(centres, np.arange(len(cam)), cam)
