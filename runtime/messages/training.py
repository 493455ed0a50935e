"""What a trainer is told. What it reports lies in `runtime/events.py`."""

from runtime.messages.parts import Message
from runtime.spec import RunSpec


class Train(Message, frozen=True):
    """Turns the worker into a trainer. `folder` is the run folder, which exists."""

    spec: RunSpec
    folder: str


class Pause(Message, frozen=True):
    pass


class Resume(Message, frozen=True):
    pass


class Stop(Message, frozen=True):
    """Ends the run after the current batch, gracefully: the model is saved."""


class SetLearningRate(Message, frozen=True):
    value: float
