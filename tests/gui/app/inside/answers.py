"""What an evaluator would tell of boxes, made of numbers that follow from the names of boxes and samples."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from resources.text import Text
from runtime.messages.inside import (
    Activation,
    CallAt,
    CutModel,
    EmbeddingMapped,
    Explain,
    Explained,
    ExtractFeatures,
    FeaturesExtracted,
    LookedInside,
    LookInside,
    MapEmbedding,
    ModelCut,
    OpenTensor,
    ShowWeights,
    TensorOpened,
    Tiles,
    Vector,
    WeightShown,
    WeightsShown,
    WeightsThroughTime,
)
from runtime.messages.looking import Thumbnail
from runtime.messages.protocol import Answer
from runtime.messages.trained import OneSample
from runtime.messages.trying import AskForm, FormAsked, SampleShown, ShownValue, ShowSample
from runtime.messages.views import Bars, Label, Points
from tests.gui.app.conftest import Rig

CLASSES = tuple("0123456789")
Array = np.ndarray[Any, Any]
Shapes = Mapping[str, tuple[int, ...]]


def values(call: CallAt, sample: OneSample, shape: tuple[int, ...]) -> Array:
    """As a ReLU would leave them: about two in five are zero."""
    seed = zlib.crc32(f"{call.path}{call.layer}{call.node}{sample.row}".encode())
    return np.maximum(np.random.default_rng(seed).normal(0.2, 1.0, shape), 0)


def activation(call: CallAt, sample: OneSample, shape: tuple[int, ...], most: int = 16) -> Activation:
    tensor = values(call, sample, shape)
    if len(shape) == 3:
        shown = min(shape[2], most)
        grey = (255 * tensor / max(tensor.max(), 1e-9)).astype(np.uint8)
        maps = tuple(Thumbnail(shape[1], shape[0], 1, grey[:, :, n].tobytes()) for n in range(shown))
        view: Tiles | Vector = Tiles(maps, tuple(range(shown)), shape[2])
    else:
        tensor = tensor / max(tensor.sum(), 1e-9)
        names = CLASSES if shape == (10,) else ()
        view = Vector(tuple(float(value) for value in tensor.ravel()[:256]), names, tensor.size)
    figures = (float(tensor.min()), float(tensor.max()), float(tensor.mean()), float((tensor == 0).mean()))
    return Activation(call, 0, shape, "float32", *figures, 0, view)


def teach(rig: Rig, shapes: Shapes, usual: tuple[int, ...] = (8, 8, 32)) -> None:
    """Let the evaluator of a rig answer all questions of looking inside; `shapes` are those of layers by name."""
    rig.evaluator.answers.update(answers(shapes, usual))


def answers(shapes: Shapes, usual: tuple[int, ...] = (8, 8, 32)) -> dict[type, Answer | Callable[[Any], Answer]]:
    """By the type of a question, an answer or what makes one of it; `shapes` are those of layers by name."""
    bars = Bars(Label("value"), Label("count"), (3.0, 9.0, 12.0, 6.0, 2.0), (), (0.0, 0.5, 1.0, 1.5, 2.0, 2.5))
    picture = Thumbnail(8, 8, 1, bytes(range(0, 256, 4)))
    heat = Thumbnail(8, 8, 4, bytes(value for n in range(64) for value in (255, 4 * n, 0, 4 * n)))

    def look(message: LookInside) -> LookedInside:
        shape_of = [(call, shapes.get(call.layer, usual)) for call in message.calls]
        return LookedInside(1, tuple(activation(call, message.sample, shape) for call, shape in shape_of), 12.0)

    def opened(message: OpenTensor) -> TensorOpened:
        shape = shapes.get(message.call.layer, usual)
        return TensorOpened(1, activation(message.call, message.sample, shape, message.count), bars, (("0.1", "2.5"),))

    def shown(message: ShowSample) -> SampleShown:
        truth = ShownValue("digit", "category", str(message.row % 10), truth=True)
        return SampleShown(1, message.row, "", (ShownValue("image", "image", picture=picture), truth))

    def weights(message: ShowWeights) -> WeightsShown:
        filters = tuple(picture for _ in range(12))
        kernel = WeightShown(f"{message.layer}/kernel", (3, 3, 1, 12), True, -0.5, 0.6, 0.01, 0.2, bars, filters)
        bias = WeightShown(f"{message.layer}/bias", (12,), False, 0.0, 0.1, 0.02, 0.01, bars)
        history = WeightsThroughTime(kernel.name, (1, 2, 3), (0.0, 0.01, 0.02), (0.1, 0.15, 0.2))
        return WeightsShown(1, (kernel, bias), (history,))

    def mapped(message: MapEmbedding) -> EmbeddingMapped:
        turn = np.linspace(0, 40, 200)
        xs, ys = tuple(map(float, turn * np.cos(turn))), tuple(map(float, turn * np.sin(turn)))
        groups = tuple(n % 10 for n in range(200))
        points = Points(Label("first"), Label("second"), xs, ys, tuple(range(200)), groups, CLASSES, shown_of=360)
        return EmbeddingMapped(1, points, 0.61 if message.method == "pca" else None)

    return {
        AskForm: FormAsked(1, (), {"training": 1437, "validation": 360}),
        LookInside: look,
        OpenTensor: opened,
        ShowSample: shown,
        ShowWeights: weights,
        MapEmbedding: mapped,
        Explain: Explained(1, 0.83, picture, heat, note=Text("Bright places speak for it.")),
        ExtractFeatures: lambda message: FeaturesExtracted(1, message.path, 360, (10,)),
        CutModel: lambda message: ModelCut(1, message.path, 1234),
    }
