"""One thing that a page asks of the trained model: a newer question takes the place of an older one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from app.project.evaluating import Evaluations
from resources.text import Text
from runtime.messages.describing import DataProgress
from runtime.messages.protocol import Answer, EvaluatorRequest

A = TypeVar("A")


class Question(QObject):
    """`busy_changed` tells whether an answer is awaited, `failed` why there is none ("" for none of both)."""

    busy_changed = Signal(bool)
    failed = Signal(str)
    progressed = Signal(object)  # DataProgress

    def __init__(self, evaluations: Evaluations, parent: QObject) -> None:
        super().__init__(parent)
        self._evaluations = evaluations
        self._number = 0  # of what was asked last
        self._turn = 0
        self.busy = False
        evaluations.progressed.connect(self._on_progress)
        evaluations.ended.connect(self._on_ended)

    def ask(self, message: EvaluatorRequest, kind: type[A], done: Callable[[A], None]) -> None:
        """`done` gets the answer, which is of this kind, unless something else is asked before."""
        self.cancel()
        self._turn += 1
        turn = self._turn
        self._set_busy(True)
        self.failed.emit("")

        def take(answer: Answer) -> None:
            if isValid(self) and turn == self._turn:
                self._set_busy(False)
                if isinstance(answer, kind):
                    done(answer)

        def refuse(text: Text) -> None:
            if isValid(self) and turn == self._turn:
                self._set_busy(False)
                self.failed.emit(str(text))

        number = self._evaluations.ask(message, take, refuse)
        if turn == self._turn:
            self._number = number

    def cancel(self) -> None:
        """Nobody waits any more."""
        if self.busy:
            self._turn += 1
            self._evaluations.cancel(self._number)
            self._set_busy(False)

    def _on_progress(self, number: int, progress: DataProgress) -> None:
        if self.busy and number == self._number:
            self.progressed.emit(progress)

    def _on_ended(self, number: int) -> None:
        """Answered, or cancelled with all others because another project was opened."""
        if number == self._number:
            self._set_busy(False)

    def _set_busy(self, busy: bool) -> None:
        if busy != self.busy:
            self.busy = busy
            self.busy_changed.emit(busy)
