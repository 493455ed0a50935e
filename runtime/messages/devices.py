"""The places to train on."""

from resources.text import Text
from runtime.messages.parts import Message, Part


class Device(Part, frozen=True):
    """A place to train on: `id` "cpu", "gpu:0" ... or "all", `memory` in bytes, `reason` if it is unavailable."""

    id: str
    title: Text
    available: bool
    reason: Text | None = None
    memory: int | None = None


class ListDevices(Message, frozen=True):
    id: int


class Devices(Message, frozen=True):
    id: int
    devices: tuple[Device, ...]
