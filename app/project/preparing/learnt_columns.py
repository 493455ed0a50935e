"""Keeps what the steps of the project's columns have learnt, and what comes out of them; asked in the background."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from app.engine.engine_link import EngineLink
from app.project.data_look.asking import Asking
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.preparing import DataLearnt, LearnData, PreparedColumn
from runtime.messages.protocol import Answer


class LearntColumns(QObject):
    """What `question` asks now, `ask` asks, once; whatever was asked before is cancelled."""

    changed = Signal()

    def __init__(
        self, engine: EngineLink, question: Callable[[], LearnData | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._question = question
        self._asking = Asking(engine)
        self._asked: LearnData | None = None
        self._found: Mapping[str, PreparedColumn] = {}
        self._error: Text | None = None

    @property
    def busy(self) -> bool:
        """Whether steps are learning."""
        return self._asking.busy

    @property
    def error(self) -> Text | None:
        """Why nothing could be learnt of the data as a whole."""
        return self._error if self._is_of_now else None

    @property
    def known(self) -> Mapping[str, PreparedColumn]:
        """The columns that have steps, by their names; none while these learn."""
        return self._found if self._is_of_now else {}

    @property
    def _is_of_now(self) -> bool:
        return self._asked is not None and self._asked == self._question()

    def ask(self) -> None:
        question = self._question()
        if question == self._asked:
            return
        self.forget()
        self._asked = question
        if question is not None:
            self._asking.ask(question.columns, question, self._on_answer)
        self.changed.emit()

    def forget(self) -> None:
        """The files may be others, under the same names."""
        self._asking.forget()
        self._asked, self._found, self._error = None, {}, None

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, DataLearnt):
            self._found = {column.name: column for column in answer.columns}
        elif isinstance(answer, Failed):
            self._error = answer.error
        self.changed.emit()
