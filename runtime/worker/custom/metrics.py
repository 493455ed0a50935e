"""What Keras knows of a metric: its name in logs, and which values of it are better."""

import re
from typing import Any

import keras
from keras.src.utils.naming import to_snake_case

from resources.training.metric_logs import KnownMetric, keras_metric


def known_metric(metric: Any) -> KnownMetric:
    """Of a metric as `compile` takes it: an object, a function, or a word for the accuracy that fits.

    Of Keras' own classes of which it says nothing, what the catalogue says.
    """
    if isinstance(metric, str):
        return KnownMetric(metric, "max")
    made = metric if isinstance(metric, keras.Metric) else keras.metrics.MeanMetricWrapper(metric)
    name = str(metric.name) if hasattr(metric, "name") else str(to_snake_case(metric.__name__))
    direction = getattr(made, "_direction", None)  # what Keras' callbacks ask in their mode "auto"
    if direction is not None:
        return KnownMetric(name, "max" if direction == "up" else "min")
    own = keras_metric(type(made).__name__) if type(made).__module__.startswith("keras.") else None
    return KnownMetric(name, own.direction if own is not None else None)


def plain_name(name: str, next_name: str) -> str:
    """`name` without the number that Keras gives the second metric of a class in a process.

    `next_name` is that of another one, made after it: with a name of its own a class gives both the same, and a number
    in it is part of it.
    """
    return name if name == next_name else re.sub(r"_\d+$", "", name)
