"""Files and folders that somebody drops or chooses: the engine says what they are; nothing changes before a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink, EngineState
from app.project.data_sources.joining import proposed_key
from resources.text import Text
from resources.training.sections import sources_of
from runtime.messages.connection import Failed
from runtime.messages.describing import Column, DataDescribed, DataProgress, DataRecognized, DescribeData, RecognizeData
from runtime.messages.protocol import Answer, Request
from runtime.spec import DataSource, DataSpec

Json = Any
Section = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Way:
    """One kind of data that a path can be read as, and what is found then."""

    kind: str
    what: Text
    options: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Offer:
    """`ways`: the likeliest first. `columns` are those of the first way, once they are known.

    `title` is what people call data that no file is chosen for, whose `path` is None.
    """

    path: Path | None
    ways: tuple[Way, ...]
    columns: tuple[Column, ...] = ()
    title: str = ""

    @property
    def name(self) -> str:
        return self.title if self.path is None else self.path.name or str(self.path)

    def key_with(self, columns: tuple[Column, ...]) -> tuple[str, str] | None:
        """The column, and that of the first source, by which it could find the samples of `columns`."""
        return proposed_key(self.columns, columns)


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that the engine reads at the moment, for the question `request`."""

    source: DataSource
    request: int


def same_data(one: DataSource, other: DataSource) -> bool:
    """Whether the engine reads both as one: names and joins make no difference."""
    return (one.kind, one.path, one.options) == (other.kind, other.path, other.options)


@runtime_checkable
class TakesData(Protocol):
    """A page that does what a person said to an offer."""

    def take(self, offer: Offer, way: Way, join: Mapping[str, Json] | None) -> None: ...


def first_columns(data: Section, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns of the first source, to which others are joined."""
    prefixes = tuple(f"{source.get('name')}/" for source in sources_of(data)[1:])
    return tuple(column for column in columns if not prefixes or not column.name.startswith(prefixes))


class DataOffers(QObject):
    """`look_at` asks; `offered` tells what was found, again when more is known of it, `refused` why nothing was.

    `later` tells that the engine is not there yet, `progressed` how much of what is offered has been read. Only the
    path that was asked about last counts; what is read of another one ends.
    """

    offered = Signal(object)  # Offer
    refused = Signal(object)  # Text
    later = Signal()
    progressed = Signal(object)  # DataProgress | None: it is read, or it is not read any more

    def __init__(self, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._path: Path | None = None
        self._number = 0
        self._asked = 0  # the number of the question that is open
        self._question: object = None  # which is new for each
        self._read: DataSource | None = None  # what it reads
        engine.progressed.connect(self._on_progressed)
        engine.state_changed.connect(self._on_engine)

    def look_at(self, path: Path) -> None:
        self._engine.read_again()  # a person wants it
        self._look_at(path)

    def _look_at(self, path: Path) -> None:
        self.drop()
        self._path = path
        if self._engine.state.phase != "ready":
            self.later.emit()
            return
        number = self._number
        message = RecognizeData(0, str(path.absolute()))
        self._ask(message, lambda answer: self._on_recognized(number, path, answer))

    def propose(self, offer: Offer) -> None:
        """What needs no looking at."""
        self.drop()
        self.offered.emit(offer)
        if self._engine.state.phase == "ready":
            self._describe(self._number, offer)

    def drop(self) -> None:
        """Nobody wants to know any more."""
        self._engine.cancel(self._asked)
        self._forget()

    def hand_over(self) -> Reading | None:
        """What is being read, for somebody who wants it; nothing more is told of it here."""
        reading = Reading(self._read, self._asked) if self._read is not None and self._asked else None
        self._forget()
        return reading

    def _forget(self) -> None:
        self._number += 1
        self._path, self._read, self._asked, self._question = None, None, 0, None
        self.progressed.emit(None)

    def _ask(self, message: Request, on_answer: Callable[[Answer], None]) -> None:
        self._asked, self._question = 0, object()
        question = self._question
        asked = self._engine.request(message, on_answer)
        if self._question is question:  # no other one came meanwhile
            self._asked = asked

    def _on_progressed(self, progress: DataProgress) -> None:
        if progress.id == self._asked and self._read is not None:
            self.progressed.emit(progress)

    def _on_engine(self, state: EngineState) -> None:
        if state.phase == "ready" and self._path is not None:
            self._look_at(self._path)

    def _on_recognized(self, number: int, path: Path, answer: Answer) -> None:
        if number != self._number:
            return
        self._path = None
        if isinstance(answer, Failed):
            self.refused.emit(answer.error)
        elif isinstance(answer, DataRecognized):
            first = Way(answer.kind, answer.what, answer.options)
            others = (Way(other.kind, other.what, other.options) for other in answer.alternatives)
            offer = Offer(path, (first, *others))
            self.offered.emit(offer)
            self._describe(number, offer)

    def _describe(self, number: int, offer: Offer) -> None:
        """Find out the columns, by which it may be joined to what is there."""
        way = offer.ways[0]
        path = "" if offer.path is None else str(offer.path.absolute())
        source = DataSource(way.kind, path, dict(way.options))
        message = DescribeData(0, DataSpec((source,)))
        self._read = source
        self._ask(message, lambda answer: self._on_described(number, offer, answer))

    def _on_described(self, number: int, offer: Offer, answer: Answer) -> None:
        if number != self._number:
            return
        self._read, self._asked, self._question = None, 0, None
        self.progressed.emit(None)
        if isinstance(answer, DataDescribed):
            self.offered.emit(replace(offer, columns=answer.columns))
