"""Occlusion: how far the probability of a class falls when a part of the input is covered.

Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2013), section 4.2: a grey square is moved
over the picture, and what the model says of the class is noted for each place. Here a pixel has the mean of
p(picture) - p(picture with the square) over all squares that cover it; the square has the mean colour of the picture.
Of a text one token at a time is left out (its place is 0, as padding is); of numbers one column, or step, is 0.
"""

from collections.abc import Iterator
from typing import Final, TypeVar

import numpy as np

from resources.text import Text
from runtime.messages.inside import CallAt
from runtime.worker.evaluation.explaining.places import length_of_text, told
from runtime.worker.evaluation.explaining.question import (
    BATCH,
    Array,
    Attribution,
    Question,
    form_of,
    forward,
    ordered,
    score_of,
    spot_of,
)
from runtime.worker.evaluation.inside.addresses import Node, require_graph
from runtime.worker.evaluation.inside.modes import unchanged
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.evaluation.inside.walking import Tensor, Walk
from runtime.worker.process.waiting import got_on

METHOD = "occlusion"
T = TypeVar("T")
_SQUARES: Final = 8  # that fit side by side along the shorter side
_MOST: Final = 512  # columns or steps that are left out one by one


def explain(question: Question) -> Attribution:
    """Works with every backend. Raises CancelledError."""
    form = form_of(question)
    if form == "picture":
        return _of_picture(question)
    if form == "text":
        return _of_text(question)
    return _of_numbers(question)


def window_of(height: int, width: int) -> tuple[int, int]:
    """The side of the square, and how far it moves."""
    side = max(1, round(min(height, width) / _SQUARES))
    return side, max(1, side // 2)


def places_of(length: int, side: int, step: int) -> list[int]:
    """Where squares begin along one axis: the last one ends with the picture."""
    last = max(0, length - side)
    return sorted({*range(0, last + 1, step), last})


def _of_picture(question: Question) -> Attribution:
    sample, at = ordered(question), _place(question)
    picture = sample[at][0]
    height, width = picture.shape[:2]
    side, step = window_of(height, width)
    corners = [(y, x) for y in places_of(height, side, step) for x in places_of(width, side, step)]
    grey = picture.reshape(-1, picture.shape[2]).mean(0)
    whole = float(forward(question, sample)[0])
    drops, covered = np.zeros((height, width)), np.zeros((height, width))
    done = 0
    for chunk in _chunks(corners):
        got_on(done, len(corners), "rows")
        pictures = np.repeat(picture[None], len(chunk), 0)
        for place, (y, x) in enumerate(chunk):
            pictures[place, y : y + side, x : x + side] = grey
        scores = forward(question, _with(sample, at, pictures))
        for (y, x), score in zip(chunk, scores, strict=True):
            drops[y : y + side, x : x + side] += whole - score
            covered[y : y + side, x : x + side] += 1
        done += len(chunk)
    values = drops / covered
    note = Text(
        "Shows how far the score of {score} falls when a square of {side} pixels covers the place.",
        {"score": f"{whole:.4g}", "side": side},
    )
    return Attribution(values, float(values.sum()), note=note)


def _of_text(question: Question) -> Attribution:
    sample, spot = ordered(question), spot_of(question)
    ids, whole = _ids(question, sample, spot.ids)
    count = length_of_text(ids[0].ravel())
    values = np.zeros(ids[0].size)
    for places in _chunks(list(range(count))):
        got_on(places[0], count, "rows")
        changed = np.repeat(ids[:1].reshape(1, -1), len(places), 0)
        changed[np.arange(len(places)), places] = 0
        scores = _scores_with(question, sample, spot.ids, changed.reshape(len(places), *ids.shape[1:]))
        values[places] = whole - scores
    note = Text("Shows how far the score of {score} falls when a word is left out.", {"score": f"{whole:.4g}"})
    return Attribution(values, float(values.sum()), True, told(question, spot, ids[0].ravel()), note)


def _of_numbers(question: Question) -> Attribution:
    sample, at = ordered(question), _place(question)
    values = sample[at][0]
    whole = float(forward(question, sample)[0])
    count = min(len(values) if values.ndim else 1, _MOST)
    changed = np.repeat(sample[at][:1], count, 0)
    changed[np.arange(count), np.arange(count) if values.ndim else ...] = 0
    drops = np.zeros(len(values) if values.ndim else 1)
    drops[:count] = whole - forward(question, _with(sample, at, changed))
    note = Text("Shows how far the score of {score} falls when a value is 0 instead.", {"score": f"{whole:.4g}"})
    return Attribution(drops, float(drops.sum()), note=note)


def _place(question: Question) -> int:
    tensor = question.input_tensor
    return next(at for at, x in enumerate(require_graph(question.model).model.inputs) if x is tensor)


def _with(sample: list[Array], at: int, changed: Array) -> list[Array]:
    return [changed if place == at else np.repeat(array[:1], len(changed), 0) for place, array in enumerate(sample)]


def _chunks(items: list[T]) -> Iterator[list[T]]:
    for first in range(0, len(items), BATCH):
        yield items[first : first + BATCH]


def _ids(question: Question, sample: list[Array], tensor: Tensor) -> tuple[Array, float]:
    """The whole numbers of the sample, and what the model says of the class."""
    values: dict[int, Tensor] = {}

    def hear(_call: CallAt, node: Node, outputs: list[Tensor]) -> None:
        values.update({id(x): y for x, y in zip(node.outputs, outputs, strict=False)})

    with unchanged():
        Walk(question.model, hear).run(sample)
    output = values[id(require_graph(question.model).model.outputs[question.output])]
    return to_array(values[id(tensor)]), float(score_of(to_array(output).astype(np.float64), question)[0])


def _scores_with(question: Question, sample: list[Array], tensor: Tensor, ids: Array) -> Array:
    """What the model says when the whole numbers at a tensor are these."""
    at = _place(question)
    if tensor is question.input_tensor:
        return forward(question, _with(sample, at, ids))
    output = require_graph(question.model).model.outputs[question.output]
    values: list[Tensor] = []

    def hear(_call: CallAt, node: Node, outputs: list[Tensor]) -> None:
        values.extend(y for x, y in zip(node.outputs, outputs, strict=False) if x is output)

    with unchanged():
        inputs = [np.repeat(array[:1], len(ids), 0) for array in sample]
        Walk(question.model, hear).run(inputs, known={id(tensor): ids})
    return np.asarray(score_of(to_array(values[0]).astype(np.float64), question))
