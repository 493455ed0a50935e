"""How a worker is greeted and left, how requests are withdrawn, and how they fail."""

from typing import Literal

from resources.text import Text
from runtime.messages.parts import Message

Role = Literal["engine", "trainer", "evaluator"]


class Hello(Message, frozen=True):
    """The first message. An engine warms up, leaves the GPUs alone and ends with its connection; a trainer does not.

    An evaluator ends with its connection, and computes on the device that its requests name.
    """

    version: int
    role: Role = "engine"


class Ready(Message, frozen=True):
    """Keras is imported; requests are welcome."""

    version: int
    keras_version: str
    backend: str
    backend_version: str


class Cancel(Message, frozen=True):
    """The answer to request `id` is no longer wanted; it may still come, as Failed or as it is."""

    id: int


class Cancelled(Message, frozen=True):
    """Nobody waits for the answer to request `id` any more: it was cancelled, or a newer Infer overtook it."""

    id: int


class Failed(Message, frozen=True):
    """The request `id` has no result; `detail` is for people who want everything. `id` 0 concerns no request.

    `unended`: it was not tried, because reading this did not come to an end the last time.
    """

    id: int
    error: Text
    detail: str = ""
    unended: bool = False


class Detach(Message, frozen=True):
    """The desktop leaves; a trainer trains on, with its events in the run folder."""


class Shutdown(Message, frozen=True):
    """An engine ends now; a trainer stops as with Stop, and ends then."""
