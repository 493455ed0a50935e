"""Reading that does not end though nobody waits for it any more: a library hangs in a file."""

from pathlib import Path
from typing import Final

from resources.plain import listed
from resources.text import Text
from runtime.data_kinds import is_made_by_code
from runtime.messages.checking import CheckData
from runtime.messages.custom_code import LoadCode
from runtime.messages.describing import DescribeData, GetKnownSet, PeekData, RecognizeData
from runtime.messages.exporting import CheckSource, Export
from runtime.messages.looking import AugmentData, CountWindows, PreviewData
from runtime.messages.preparing import LearnData
from runtime.messages.profiling import ProfileData
from runtime.messages.protocol import Request

PATIENCE: Final = 20.0  # seconds that a question gets to end in once it is withdrawn
_LOOK_AGAIN: Final = 2.0  # seconds
_OfSources = DescribeData | PeekData | CheckData | PreviewData | AugmentData | CountWindows | ProfileData | LearnData
_Weighty = Export | CheckSource | LoadCode | GetKnownSet  # for these an engine is not ended


class Endless:
    """Which question about data holds up the engine, and which files are not read again for that.

    Withdrawn questions end soon: reading looks now and then whether somebody waits. One that does not hangs where no
    thread can be ended, so that its process has to be. Not safe to be used from several threads at once.
    """

    def __init__(self) -> None:
        self._open: dict[int, Request] = {}  # in the order in which they are answered
        self._left: dict[int, float] = {}  # when they were withdrawn
        self._moved: float | None = None  # when the engine last got on with data; None: it is not there yet
        self._refused: set[frozenset[str]] = set()

    def asked(self, number: int, message: Request) -> None:
        if files_of(message):
            self._open[number] = message

    def left(self, number: int, now: float) -> None:
        if number in self._open:
            self._left[number] = now

    def answered(self, number: int, now: float) -> None:
        if self._open.pop(number, None) is not None:
            self._left.pop(number, None)
            self._moved = now

    def ready(self, now: float) -> None:
        self._moved = now

    def begin_anew(self) -> None:
        """Another process: it knows of no question."""
        self._open, self._left, self._moved = {}, {}, None

    def due_in(self, now: float) -> float | None:
        """Seconds until patience with some question is over; None: there is nothing to wait for."""
        dues = [due for number in self._left if (due := self._due(number)) is not None]
        return min(dues) - now if dues else _LOOK_AGAIN if self._left else None

    def hangs(self, now: float) -> Request | None:
        """The question that patience is over with."""
        for number in self._left:
            due = self._due(number)
            if due is not None and due <= now:
                return self._open[number]
        return None

    def _due(self, number: int) -> float | None:
        """None while others are answered before it."""
        if self._moved is None:
            return None
        peeks = isinstance(self._open[number], PeekData)  # each has a thread of its own
        first = next((other for other, one in self._open.items() if not isinstance(one, PeekData)), None)
        return max(self._left[number], self._moved) + PATIENCE if peeks or number == first else None

    def refuse(self, message: Request) -> None:
        """Its files are not read again."""
        self._refused.add(files_of(message))

    def refuses(self, message: Request) -> bool:
        files = files_of(message)
        return any(refused <= files for refused in self._refused)

    def read_again(self) -> None:
        """A person wants all files to be tried once more."""
        self._refused.clear()


def is_weighty(message: Request) -> bool:
    """Whether more is lost than time when the engine ends before it has answered."""
    return isinstance(message, _Weighty)


def can_be_sent_again(message: Request) -> bool:
    """To an engine that has just started, and has not run the project's own code yet."""
    if isinstance(message, RecognizeData):
        return True
    return isinstance(message, _OfSources) and not any(is_made_by_code(source.kind) for source in message.data.sources)


def files_of(message: Request) -> frozenset[str]:
    """The files and folders that are read for it."""
    if isinstance(message, RecognizeData):
        return frozenset({message.path})
    sources = message.data.sources if isinstance(message, _OfSources) else ()
    return frozenset(source.path for source in sources if source.path)


def hanging(message: Request) -> Text:
    return Text("Keras' process hung while it read {file}.", {"file": names_of(message)})


def not_again(message: Request) -> Text:
    return Text(
        "Reading {file} did not come to an end the last time, so it is not read again by itself.",
        {"file": names_of(message)},
    )


def names_of(message: Request) -> str:
    """The names of the files that it reads, in one line."""
    return listed(sorted(Path(path).name or path for path in files_of(message)))
