"""Metrics that cannot take the truth of their output, or count something else than they say.

What each one takes was read from Keras, and a test holds this file against the installed one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.summary import shape_text
from graph_editor.document.checking.model_facts import ModelFacts
from graph_editor.document.checking.rules.loss_and_activation import ANY_NUMBER, PROBABILITIES
from graph_editor.document.checking.trained_outputs import KerasThing, TrainedOutput, trained_outputs
from graph_editor.document.checking.validation import Mend, Problem
from graph_editor.document.custom_code import code_files
from graph_editor.document.graph import Json
from resources.text import Text
from resources.training.class_numbers import ONE_HOT_METRICS

_SPARSE: Final = ONE_HOT_METRICS
_TO_SPARSE: Final = {
    **{dense: sparse for sparse, dense in _SPARSE.items()},
    "BinaryAccuracy": "SparseCategoricalAccuracy",
    "Accuracy": "SparseCategoricalAccuracy",
    "BinaryCrossentropy": "SparseCategoricalCrossentropy",
}
_TO_BINARY: Final = {
    **dict.fromkeys(("SparseCategoricalCrossentropy", "CategoricalCrossentropy"), "BinaryCrossentropy"),
    **dict.fromkeys(("OneHotIoU", "OneHotMeanIoU", "IoU", "MeanIoU"), "BinaryIoU"),
}
_OF_CLASSES: Final = {*_SPARSE, *_SPARSE.values(), "OneHotIoU", "OneHotMeanIoU"}
_IOU: Final = {"IoU", "MeanIoU"}
_COUNTS: Final = {"Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives"}
_AT: Final = {"PrecisionAtRecall", "RecallAtPrecision", "SensitivityAtSpecificity", "SpecificityAtSensitivity"}
_F: Final = {"F1Score", "FBetaScore"}
_CLASSIFICATION: Final = (
    {"accuracy", "Accuracy", "BinaryAccuracy", "AUC", "BinaryIoU", "BinaryCrossentropy"}
    | _OF_CLASSES | _IOU | _COUNTS | _AT | _F
)  # fmt: skip
_ACCURACIES: Final = {"accuracy", "Accuracy", "BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy"}
_CORRELATIONS: Final = {"PearsonCorrelation", "ConcordanceCorrelation"}
_CROSSENTROPIES: Final = {"BinaryCrossentropy", "CategoricalCrossentropy", "SparseCategoricalCrossentropy"}
_REGRESSIONS: Final = {
    "MeanSquaredError", "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Huber",
    "LogCosh", "Poisson", "CosineSimilarity",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """A metric of an output, and ways to put something else there."""

    output: TrainedOutput
    index: int
    catalog: Catalog
    own_code: bool

    @property
    def metric(self) -> KerasThing:
        return self.output.metrics[self.index]

    @property
    def words(self) -> dict[str, str | int | float | Text]:
        return {"metric": self.metric.name, "output": self.output.name, "loss": self.output.loss.name}

    def with_values(self, **values: Json) -> Mend:
        """The same metric with some settings."""
        said = ", ".join(f"{key}={value}" for key, value in values.items())
        text = Text("Set {settings} of {metric}", {**self.words, "settings": said})
        return Mend(text, (self.output.set_metrics(self._with(self.metric.to_json(**values))),))

    def instead(self, name: str, **values: Json) -> Mend:
        """Another metric; where that is there already, none."""
        others = [metric.name for place, metric in enumerate(self.output.metrics) if place != self.index]
        if name in others or (name in _ACCURACIES and _ACCURACIES.intersection(others)):
            return self.without()
        text = Text("Use {other} instead of {metric}", {**self.words, "other": name})
        return Mend(text, (self.output.set_metrics(self._with(self.metric.to_json(name, **values))),))

    def without(self) -> Mend:
        text = Text("Take {metric} away", self.words)
        return Mend(text, (self.output.set_metrics(self._with(None)),))

    def _with(self, value: Json) -> Sequence[Json]:
        written = [metric.to_json() for metric in self.output.metrics]
        written[self.index : self.index + 1] = [] if value is None else [value]
        return written


def metrics_and_truth(facts: ModelFacts) -> Iterator[Problem]:
    """At most one problem or remark for each metric."""
    own_code = bool(code_files(facts.document))
    for output in trained_outputs(facts):
        for index in range(len(output.metrics)):
            place = _Place(output, index, facts.catalog, own_code)
            for look in (_unknown, _regression, _class_numbers, _vectors, _exact, _rows, _axis, _places, _thresholds):
                found = look(place)
                if found is not None:
                    yield found
                    break


def _unknown(place: _Place) -> Problem | None:
    """A name that Keras does not have; the project's own code may have it."""
    metric, output = place.metric, place.output
    if metric.name == "crossentropy":  # a word for a loss; for a metric Keras does not know it
        name = "CategoricalCrossentropy" if output.units != 1 else "BinaryCrossentropy"
        name = "SparseCategoricalCrossentropy" if output.takes_class_numbers else name
        mend = place.instead(name, from_logits=output.loss.from_logits)
    elif metric.exists or place.own_code:
        return None
    else:
        mend = place.without()
    return output.error("unknown_metric", Text("Keras has no metric {name}.", {"name": metric.name}), mend)


def _regression(place: _Place) -> Problem | None:
    output, metric = place.output, place.metric
    if output.loss.name not in _REGRESSIONS or metric.name not in _CLASSIFICATION or not metric.known:
        return None
    if output.head.activation in PROBABILITIES:
        return None  # which is a classification, by another loss
    text = Text("{metric} counts classes, but {loss} trains {output} to give numbers.", place.words)
    edits = output.head.with_activation("sigmoid", place.catalog)
    if output.truth is not None and output.truth.classes == 2 and output.units == 1 and edits is not None:
        mend_text = Text("Use sigmoid and the loss {loss}", {"loss": "BinaryCrossentropy"})
        return output.remark(
            "accuracy_of_regression", text, Mend(mend_text, (*edits, output.set_loss("BinaryCrossentropy")))
        )
    return output.remark("accuracy_of_regression", text, place.instead("MeanAbsoluteError"))


def _class_numbers(place: _Place) -> Problem | None:
    """The truth is the number of a class."""
    output, metric = place.output, place.metric
    units = output.units or 0
    if not output.takes_class_numbers or not metric.known or units < 2 or metric.name in {"accuracy", *_SPARSE}:
        return None
    if metric.name in _IOU:
        if not metric.config.get("sparse_y_true", True):
            text = Text("The truth of {output} is a class number, which {metric} is told it is not.", place.words)
            return output.error("metric_truth", text, place.with_values(sparse_y_true=True, sparse_y_pred=False))
        if metric.config.get("sparse_y_pred", True):
            text = Text("{output} gives a value for each class, which {metric} is told it does not.", place.words)
            return output.error("metric_truth", text, place.with_values(sparse_y_pred=False))
        return None
    text = Text("{metric} needs a place for each class, but the truth of {output} is a class number.", place.words)
    if metric.name in ("CategoricalAccuracy", "OneHotIoU", "OneHotMeanIoU") and len(output.shape) == 2:
        return output.remark("metric_truth", text, _for_class_numbers(place))  # Keras counts something
    return output.error("metric_truth", text, _for_class_numbers(place))


def _for_class_numbers(place: _Place) -> Mend:
    metric, units = place.metric, place.output.units
    if metric.name in ("OneHotIoU", "BinaryIoU", "OneHotMeanIoU"):
        ids = {"target_class_ids": metric.config.get("target_class_ids", [0])} if metric.name == "OneHotIoU" else {}
        return place.instead("IoU" if ids else "MeanIoU", num_classes=units, sparse_y_pred=False, **ids)
    name = _TO_SPARSE.get(metric.name, "accuracy")
    kept = {key: metric.config[key] for key in ("k", "from_logits") if key in metric.config and name != "accuracy"}
    return place.instead(name, **kept)


def _vectors(place: _Place) -> Problem | None:
    """The truth has the shape of the output."""
    output, metric, units = place.output, place.metric, place.output.units
    if output.takes_class_numbers or not metric.known or units is None:
        return None
    if units == 1 and metric.name in _OF_CLASSES | _IOU:
        text = Text("{metric} compares classes, but {output} has one unit.", place.words)
        name = _TO_BINARY.get(metric.name, "BinaryAccuracy")
        values: dict[str, Json] = {} if not _gives_logits(output) else {"threshold": 0.0}
        values = {"from_logits": _gives_logits(output)} if name == "BinaryCrossentropy" else values
        tell = output.error if metric.name == "SparseCategoricalCrossentropy" else output.remark
        return tell("metric_one_unit", text, place.instead(name, **values))
    if units > 1 and metric.name in _SPARSE:
        text = Text("{metric} needs class numbers, but the truth of {output} has a place for each class.", place.words)
        kept = {key: metric.config[key] for key in ("k", "from_logits") if key in metric.config}
        return output.error("metric_truth", text, place.instead(_SPARSE[metric.name], **kept))
    sparse = metric.config.get("sparse_y_true", True) or metric.config.get("sparse_y_pred", True)
    if metric.name in _IOU and sparse:
        text = Text("{metric} is told that the truth and {output} are class numbers, which they are not.", place.words)
        return output.remark("metric_truth", text, place.with_values(sparse_y_true=False, sparse_y_pred=False))
    return None


def _exact(place: _Place) -> Problem | None:
    """The class, not the word "accuracy": it compares numbers as they are."""
    if place.metric.name != "Accuracy" or not place.metric.known:
        return None
    text = Text(
        "{metric} counts values that are equal to the truth, and {output} gives none: it rounds nothing.", place.words
    )
    return place.output.remark("metric_exact", text, place.instead("accuracy"))


def _rows(place: _Place) -> Problem | None:
    """Metrics that take one row of numbers a sample, or at least an axis of classes."""
    output, name = place.output, place.metric.name
    rank = len(output.shape)
    if not place.metric.known or not ((name in _F | {"R2Score"} and rank != 2) or (name in _OF_CLASSES and rank < 2)):
        return None
    words = {**place.words, "shape": shape_text(output.shape)}
    text = Text("{metric} takes one row of numbers for each sample, but {output} has the shape {shape}.", words)
    mend = place.instead("MeanSquaredError") if name == "R2Score" else place.without()
    counts_over_samples = name in ("CategoricalAccuracy", "CategoricalCrossentropy")  # as if they were classes
    return (output.remark if counts_over_samples else output.error)("metric_shape", text, mend)


def _axis(place: _Place) -> Problem | None:
    """Metrics along an axis of size 1."""
    output, metric = place.output, place.metric
    if output.units != 1 or not metric.known or metric.config.get("axis", -1) not in (-1, len(output.shape) - 1):
        return None
    if metric.name in _CORRELATIONS:
        text = Text(
            "{metric} looks along an axis of which {output} has one value. It has to look over samples.", place.words
        )
        return output.remark("metric_axis", text, place.with_values(axis=0))
    if metric.name == "CosineSimilarity":
        text = Text("{metric} of single numbers tells no more than their sign.", place.words)
        return output.remark("metric_axis", text, place.instead("MeanAbsoluteError"))
    if metric.name in _F and metric.config.get("threshold") is None:
        text = Text(
            "{metric} without a threshold takes the largest of one unit, so every sample for a yes.", place.words
        )
        return output.remark(
            "metric_threshold", text, place.with_values(threshold=0.0 if _gives_logits(output) else 0.5)
        )
    return None


def _places(place: _Place) -> Problem | None:
    """Numbers in a metric's settings that have to fit the number of classes."""
    output, metric, units = place.output, place.metric, place.output.units
    if not metric.known or units is None or units < 2:
        return None
    words = {**place.words, "units": units}
    if metric.name in _IOU | {"OneHotIoU", "OneHotMeanIoU"} and metric.config.get("num_classes") != units:
        text = Text("{metric} counts another number of classes than {output} has: {units}.", words)
        return output.remark("metric_classes", text, place.with_values(num_classes=units))
    k = metric.config.get("k", 5)
    if metric.name in ("TopKCategoricalAccuracy", "SparseTopKCategoricalAccuracy") and _number(k) >= units:
        text = Text(
            "{metric} is always 1: {output} has {units} units, and it looks at the first {k}.", {**words, "k": k}
        )
        return output.remark("metric_classes", text, place.with_values(k=max(1, units // 2)))
    for key, most in (("class_id", units - 1), ("top_k", units)):
        value = metric.config.get(key)
        if value is not None and metric.name in _COUNTS | _AT and _number(value) > most:
            words = {**words, "setting": key, "value": _number(value)}
            text = Text("{setting} of {metric} is {value}, but {output} has {units} units.", words)
            return output.error("metric_classes", text, place.with_values(**{key: None}))
    return None


def _thresholds(place: _Place) -> Problem | None:
    """Metrics that take probabilities and get logits, and the reverse."""
    output, metric = place.output, place.metric
    if not metric.known:
        return None
    if metric.name in _CROSSENTROPIES | {"AUC"} and metric.from_logits != _gives_logits(output):
        if _gives_logits(output):
            text = Text("{output} gives logits, but {metric} expects probabilities.", place.words)
            return output.remark("metric_logits", text, place.with_values(from_logits=True))
        if output.head.activation in PROBABILITIES:
            text = Text("{output} gives probabilities, but {metric} expects logits.", place.words)
            return output.remark("metric_logits", text, place.with_values(from_logits=False))
        return None
    if not _gives_logits(output) or output.loss.name not in ("BinaryCrossentropy", "BinaryFocalCrossentropy"):
        return None
    text = Text(
        "{output} gives logits, of which 0 is the middle, but {metric} counts from 0.5 on as a yes.", place.words
    )
    if metric.name == "accuracy" and output.units == 1:
        return output.remark("metric_logits", text, place.instead("BinaryAccuracy", threshold=0.0))
    if metric.name in ("BinaryAccuracy", "BinaryIoU") and metric.config.get("threshold", 0.5) == 0.5:
        return output.remark("metric_logits", text, place.with_values(threshold=0.0))
    if metric.name in _COUNTS and metric.config.get("thresholds") in (None, 0.5):
        return output.remark("metric_logits", text, place.with_values(thresholds=0.0))
    if metric.name in _AT:
        text = Text("{output} gives logits, but {metric} expects probabilities.", place.words)
        set_loss = output.set_loss(from_logits=False)
        return output.remark("metric_logits", text, output.with_activation("sigmoid", place.catalog, set_loss))
    return None


def _gives_logits(output: TrainedOutput) -> bool:
    return output.loss.from_logits and output.head.activation in ANY_NUMBER


def _number(value: Json) -> float:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


RULE = metrics_and_truth
