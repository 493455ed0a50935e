"""What a trainer reports of its run, one frozen value an event: sent to the desktop, written to the run folder.

Unknown fields and unknown types are errors. A desktop that was away finds in the folder what it missed.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from resources.text import Text


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True, tag_field="type", kw_only=True):
    """`seq` counts the events of a run from 1 and `time` is in seconds since 1970; both are stamped at writing."""

    seq: int = 0
    time: float = 0.0


class RunStarted(Event, frozen=True):
    device: str
    steps_per_epoch: int
    epochs: int
    samples: int
    validation_samples: int
    parameters: int
    trainable: int


class DirectionsKnown(Event, frozen=True):
    """Whether the lowest or the highest value is the best, by the names of training, as Keras or the person said.

    What is not named here has no best value. It comes before the first epoch.
    """

    directions: dict[str, Literal["min", "max"]]


class EpochStarted(Event, frozen=True):
    """Epochs count from 0."""

    epoch: int


class Steps(Event, frozen=True):
    """Training metrics of consecutive steps: a row of `values` for each step, in the order of `names`."""

    epoch: int
    first_step: int
    names: tuple[str, ...]
    values: list[list[float]]


class EpochEnded(Event, frozen=True):
    """`logs` has Keras' names, those of validation with "val_"; seconds are of the whole epoch, without pauses."""

    epoch: int
    logs: dict[str, float]
    learning_rate: float
    seconds: float


class LearningRateChanged(Event, frozen=True):
    step: int
    value: float
    reason: str


class Paused(Event, frozen=True):
    pass


class Resumed(Event, frozen=True):
    pass


class CheckpointSaved(Event, frozen=True):
    epoch: int
    monitor: str
    value: float
    path: str


class CallbackNote(Event, frozen=True):
    """Something a callback did that people want to know, such as why training ended early."""

    text: Text


class RunEnded(Event, frozen=True):
    """`epoch` is the number of finished epochs; `best` maps names to their best values.

    Only what was a finite number, and of which it is known what is better, has one.
    """

    status: Literal["completed", "stopped", "early_stopped"]
    epoch: int
    seconds: float
    model_path: str
    best: dict[str, float]


class RunFailed(Event, frozen=True):
    error: Text
    detail: str = ""


TrainingEvent = (
    RunStarted
    | DirectionsKnown
    | EpochStarted
    | Steps
    | EpochEnded
    | LearningRateChanged
    | Paused
    | Resumed
    | CheckpointSaved
    | CallbackNote
    | RunEnded
    | RunFailed
)

ReportEvent = Callable[[TrainingEvent], object]  # what an event is passed on to, all the way from Keras to the plots
