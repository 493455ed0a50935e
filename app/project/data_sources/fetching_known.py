"""A set that Keras knows is brought here by the engine, while the window shows how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink, EngineState
from resources.text import Text
from resources.training.sections import sources_of
from runtime.known_sets import KnownSet
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress, GetKnownSet, KnownSetReady
from runtime.messages.protocol import Answer


class KnownSetFetch(QObject):
    """One set at a time. `changed` tells that it began, got on or ended, `arrived` that it is here now.

    What came of a set that was not brought to its end stays, and the next time goes on there.
    """

    changed = Signal()
    arrived = Signal(object)  # KnownSet

    def __init__(self, engine: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked = 0
        self._number = 0  # of the fetch; what another one is told counts no more
        self.one: KnownSet | None = None  # what is fetched
        self.progress: DataProgress | None = None
        self.failure: tuple[str, Text, str] | None = None  # of the last one: its name, the sentence, the detail
        engine.progressed.connect(self._on_progressed)
        engine.state_changed.connect(self._on_engine)

    def fetch(self, one: KnownSet) -> None:
        """As soon as the engine is ready; does nothing while another one is fetched."""
        if self.one is not None:
            return
        self.one, self.progress, self.failure = one, None, None
        self._number += 1
        if self._engine.state.phase == "ready":
            self._ask()
        self.changed.emit()

    def cancel(self) -> None:
        if self.one is not None:
            self._engine.cancel(self._asked)
            self._end()
            self.changed.emit()

    @property
    def waits_for_engine(self) -> bool:
        return self.one is not None and not self._asked

    def _ask(self) -> None:
        assert self.one is not None
        number = self._number
        asked = self._engine.request(GetKnownSet(0, self.one.name), lambda answer: self._on_answer(number, answer))
        if number == self._number:  # it is not answered yet
            self._asked = asked

    def _on_engine(self, state: EngineState) -> None:
        if state.phase == "ready" and self.waits_for_engine:
            self._ask()
            self.changed.emit()
        elif state.phase == "dead" and self.waits_for_engine and self.one is not None:
            self.failure = (self.one.name, Text("The engine is not running."), state.detail)
            self._end()
            self.changed.emit()

    def _on_progressed(self, progress: DataProgress) -> None:
        if self._asked and progress.id == self._asked:
            self.progress = progress
            self.changed.emit()

    def _on_answer(self, number: int, answer: Answer) -> None:
        one = self.one
        if number != self._number or one is None:
            return
        self._end()
        if isinstance(answer, Failed):
            self.failure = (one.name, answer.error, answer.detail)
        self.changed.emit()
        if isinstance(answer, KnownSetReady):
            self.arrived.emit(one)

    def _end(self) -> None:
        self._number += 1
        self.one, self.progress, self._asked = None, None, 0


def uses_set(data: Mapping[str, Any], one: KnownSet) -> bool:
    """Whether the set is a source of this data section."""
    for source in sources_of(data):
        options = source.get("options")
        if source.get("kind") == "known" and isinstance(options, Mapping) and options.get("name") == one.name:
            return True
    return False
