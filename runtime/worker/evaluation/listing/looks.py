"""Single samples of an evaluation as people see them: what is true, what was predicted, and what it looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.looking import Thumbnail
from runtime.messages.views import SampleView
from runtime.worker.data.columns import number_text
from runtime.worker.data.looking.thumbnails import packed
from runtime.worker.data.source import DataError
from runtime.worker.data.thumbnails import thumbnail_of
from runtime.worker.evaluation.listing.raw_columns import RawColumns
from runtime.worker.evaluation.measuring.judging import said_letters, true_letters
from runtime.worker.evaluation.measuring.results import Array, Results
from runtime.worker.evaluation.trying.said import class_picture, token_names
from runtime.worker.evaluation.trying.shown import numbers_text, picture_of

_BARS: Final = 5
_CELLS: Final = 12  # columns of a sample that are told
_LONGEST: Final = 300  # letters of a cell
_BRIGHT: Final = 2.0  # pictures that go higher have 256 shades

NOT_A_NUMBER: Final = "NaN"


def predicted_text(results: Results, place: int) -> str:
    """What the model says of a sample, in words; "" for what is a picture."""
    if not results.usable[place]:
        return NOT_A_NUMBER
    match results.kind:
        case "classes" | "binary":
            return results.named(int(results.predicted_classes[place]))
        case "labels":
            return _labels(results, results.scores[place] >= 0.5)
        case "tokens":
            return token_names(results.predicted_classes[place].reshape(-1).tolist(), results.classes)
        case "ctc":
            return token_names(said_letters(results.predictions[place]), results.classes)
        case "numbers":
            return ", ".join(number_text(float(f"{v:.6g}")) for v in results.predictions[place].reshape(-1)[:8])
        case "other":
            return numbers_text(results.predictions[place])
    return ""


def true_text(results: Results, place: int) -> str:
    """What is true of it; "" where that is not known, and for what is a picture."""
    if results.truth is None:
        return ""
    match results.kind:
        case "classes" | "binary":
            return results.named(int(results.true_classes[place]))
        case "labels":
            return _labels(results, results.true_labels[place])
        case "tokens":
            return token_names(_without_padding(results.true_classes[place]), results.classes)
        case "ctc":
            return token_names(true_letters(results.truth[place]), results.classes)
        case "numbers":
            return ", ".join(number_text(float(f"{v:.6g}")) for v in results.truth[place].reshape(-1)[:8])
        case "other":
            return numbers_text(results.truth[place])
    return ""


def _labels(results: Results, holds: Array) -> str:
    return ", ".join(results.named(int(number)) for number in np.flatnonzero(holds))


def _without_padding(numbers: Array) -> list[int]:
    real = np.flatnonzero(numbers.reshape(-1))
    return [int(number) for number in numbers.reshape(-1)[: real[-1] + 1 if len(real) else 0]]


def bars(results: Results, place: int) -> tuple[tuple[str, float], ...]:
    """The most likely classes, and the true one, with their probabilities."""
    if results.kind not in ("classes", "binary", "labels") or not results.usable[place]:
        return ()
    scores = results.scores[place].reshape(-1)
    shown = np.argsort(-scores, kind="stable")[:_BARS].tolist()
    if results.truth is not None and results.kind != "labels":
        truth = int(results.true_classes[place])
        shown += [truth] if truth not in shown and 0 <= truth < len(scores) else []
    return tuple((results.named(number), float(scores[number])) for number in shown)


def output_pictures(results: Results, place: int, size: int) -> dict[str, Thumbnail]:
    """Truth, prediction and difference of outputs that are pictures, by the fields of SampleView."""
    found: dict[str, Thumbnail | None] = {}
    if results.kind == "mask" and results.predicted_classes.ndim == 3:
        predicted = results.predicted_classes[place]
        found["predicted_picture"] = class_picture(predicted, size)
        if results.truth is not None:
            truth = results.true_classes[place]
            found["truth_picture"] = class_picture(truth, size)
            found["difference"] = _thumbnail((truth != predicted).astype(np.uint8) * 255, size)
    if results.kind == "pictures":
        predicted = np.nan_to_num(np.asarray(results.predictions[place], np.float64))
        truth = None if results.truth is None else np.asarray(results.truth[place], np.float64).reshape(predicted.shape)
        largest = 255.0 if max(float(v.max()) for v in (predicted, truth) if v is not None) > _BRIGHT else 1.0
        found["predicted_picture"] = _thumbnail(_bytes(predicted, largest), size)
        if truth is not None:
            found["truth_picture"] = _thumbnail(_bytes(truth, largest), size)
            found["difference"] = _thumbnail(_bytes(np.abs(truth - predicted), largest), size)
    return {name: picture for name, picture in found.items() if picture is not None}


def _bytes(values: Array, largest: float) -> Array:
    return np.asarray(np.clip(np.rint(values * (255.0 / largest)), 0, 255), np.uint8)


def _thumbnail(values: Array, size: int) -> Thumbnail | None:
    pixels = thumbnail_of(values, size)
    return None if pixels is None else packed(pixels)


@dataclass(frozen=True, slots=True)
class Looks:
    """What samples look like. `fed` are columns that the model is fed with, `shown` those that are told of a sample."""

    columns: RawColumns
    fed: dict[str, KeptColumn]
    shown: tuple[str, ...]
    size: int

    def name(self, place: int) -> str:
        """The file of the sample, where it is a file of its own."""
        return self.columns.file(int(self.columns.rows[place]))

    def picture(self, place: int) -> Thumbnail | None:
        """The first input that is a picture. Raises DataError for one that cannot be read."""
        raw, row = self.columns.raw, int(self.columns.rows[place])
        for name, column in self.fed.items():
            if column.kind not in ("image", "mask") or not raw.has(name):
                continue
            if column.file is not None:
                pixels = raw.thumbnail(name, row, self.size)
                return None if pixels is None or pixels.size == 0 else packed(pixels)
            return picture_of(raw.take(name, np.array([row], np.int64))[0], column, self.size)
        return None

    def cells(self, place: int) -> tuple[tuple[str, str], ...]:
        row = int(self.columns.rows[place])
        return tuple((name, self.columns.written(name, row)[:_LONGEST]) for name in self.shown[:_CELLS])


def sample_view(
    results: Results, place: int, right: bool | None, score: float | None, looks: Looks | None, size: int
) -> tuple[SampleView, DataError | None]:
    """A sample, and why its picture cannot be seen. Without `looks` what the data has of it is left out."""
    picture, failure = None, None
    if looks is not None:
        try:
            picture = looks.picture(place)
        except DataError as error:
            failure = error
    pictures = output_pictures(results, place, size)
    view = SampleView(
        place,
        looks.name(place) if looks is not None else "",
        true_text(results, place),
        predicted_text(results, place),
        right,
        score,
        bars(results, place),
        picture,
        pictures.get("truth_picture"),
        pictures.get("predicted_picture"),
        pictures.get("difference"),
        looks.cells(place) if looks is not None else (),
    )
    return view, failure
