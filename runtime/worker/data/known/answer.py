"""Answers the desktop's wish for a set that Keras knows."""

from collections.abc import Callable

from resources.text import Text
from runtime.known_sets import bytes_here, known_set
from runtime.messages.describing import GetKnownSet, KnownSetReady
from runtime.worker.data.known.download import get_set
from runtime.worker.data.source import DataError
from runtime.worker.process.waiting import got_on


def get_known_set(message: GetKnownSet, waits: Callable[[], bool]) -> KnownSetReady:
    """Raises DataError, CancelledError when nobody waits any more."""
    one = known_set(message.name)
    if one is None:
        raise DataError(Text.of("Keras knows no set {name}.", name=message.name))

    def tells() -> bool:
        """Whether somebody waits; they are told what has arrived."""
        if waits():
            got_on(bytes_here(one), one.size, "bytes")
        return waits()

    get_set(one, tells)
    return KnownSetReady(message.id, one.name)
