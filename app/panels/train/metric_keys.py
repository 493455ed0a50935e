"""Under which keys the list of an output's metrics has them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from resources.training.metric_logs import identifier
from runtime.spec import KerasObject

ACCURACY = "accuracy"  # Keras' own word for the accuracy that fits the shapes


class MetricKeys:
    """The first metric of a class has the class for its key, as the list of all classes does; each other one its own.

    Keys stay while metrics come and go, since a list that is open keeps those that it was opened with.
    """

    def __init__(self) -> None:
        self._known: dict[str, KerasObject] = {}

    def of(self, metrics: Sequence[KerasObject]) -> tuple[str, ...]:
        """A key for each."""
        own = {key: metric for key, metric in self._known.items() if key != _class_key(metric)}
        shown: dict[str, KerasObject] = {}
        for metric in metrics:
            known = (key for key, old in self._known.items() if old == metric and key not in shown)
            shown[next(known, None) or _free_key(metric, {*shown, *own})] = metric
        self._known = own | shown
        return tuple(shown)

    def metric(self, key: str) -> KerasObject:
        """What was shown under this key, or a metric of this class with its defaults."""
        return self._known.get(key) or KerasObject(key)


def _class_key(metric: KerasObject) -> str:
    """Class names stand for themselves, except that "acc" and "Accuracy" mean Keras' word "accuracy"."""
    return ACCURACY if identifier(metric.class_name) in (ACCURACY, "acc") else metric.class_name


def _free_key(metric: KerasObject, taken: set[str]) -> str:
    """The class, or the class with the name that the metric has, or with a number."""
    first = _class_key(metric)
    named = f"{first} · {metric.config['name']}" if metric.config.get("name") else first
    keys = chain((first, named), (f"{first} · {number}" for number in count(2)))
    return next(key for key in keys if key not in taken)
