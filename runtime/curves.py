"""The curves of a run: its events, turned into arrays to be drawn."""

from array import array
from collections.abc import Iterable

from runtime.protocol import EpochEnded, Steps, TrainingEvent

Curve = tuple["array[float]", "array[float]"]  # x and y, equally long, float64 (NumPy takes them without a copy)


class Curves:
    """Grows with the events of a run, in their order.

    `steps` has the training metrics by step (from 0); they are Keras' running means since the epoch's start.
    `epochs` has all metrics by epoch (from 1). `learning_rate` is by epoch, too.
    """

    def __init__(self) -> None:
        self.steps: dict[str, Curve] = {}
        self.epochs: dict[str, Curve] = {}
        self.learning_rate: Curve = (array("d"), array("d"))

    def add(self, event: TrainingEvent) -> None:
        if isinstance(event, Steps):
            for index, name in enumerate(event.names):
                x, y = self.steps.setdefault(name, (array("d"), array("d")))
                x.extend(range(event.first_step, event.first_step + len(event.values)))
                y.extend(row[index] for row in event.values)
        elif isinstance(event, EpochEnded):
            for name, value in event.logs.items():
                _append(self.epochs.setdefault(name, (array("d"), array("d"))), event.epoch + 1, value)
            _append(self.learning_rate, event.epoch + 1, event.learning_rate)


def _append(curve: Curve, x: float, y: float) -> None:
    curve[0].append(x)
    curve[1].append(y)


def curves_of(events: Iterable[TrainingEvent]) -> Curves:
    curves = Curves()
    for event in events:
        curves.add(event)
    return curves
