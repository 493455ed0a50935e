"""Asks the models about the sample at hand: soon after it has changed, one question at a time, the newest next."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from resources.text import Text
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.messages.trained import OneSample, Trained
from runtime.messages.trying import SampleTried, TrySample

_SOON_MS: Final = 12  # a stroke tells of itself in bits
_PATIENCE: Final = 0.4  # seconds after which an answer that is no longer wanted is not waited for
SEEN: Final = 96  # pixels of what the model sees


class Asks(Protocol):
    """What of `Evaluations` is needed here."""

    def ask(self, message: EvaluatorRequest, done: Callable[[Answer], None], failed: Callable[[Text], None]) -> int: ...

    def cancel(self, number: int) -> None: ...


class Predictions(QObject):
    """`told` carries a SampleTried for what was asked for last, or for the sample before while somebody draws on."""

    told = Signal(object)
    failed = Signal(object)  # Text
    asked = Signal()

    def __init__(self, evaluations: Asks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._evaluations = evaluations
        self._wanted: tuple[tuple[Trained, ...], OneSample] | None = None
        self._models: tuple[Trained, ...] = ()  # that were asked last
        self._number = 0
        self._since = 0.0
        self._round = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON_MS)
        self._timer.timeout.connect(self._send)

    @property
    def busy(self) -> bool:
        return self._wanted is not None or bool(self._number)

    def want(self, models: tuple[Trained, ...], sample: OneSample) -> None:
        """Ask about this, in place of what has not been asked yet."""
        self._wanted = (models, sample)
        if models != self._models:
            self._drop()  # its answer would stand on the cards of other models
        free = not self._number or time.monotonic() - self._since > _PATIENCE
        if free and not self._timer.isActive():
            self._timer.start()

    def forget(self) -> None:
        """Nothing is wanted any more."""
        self._wanted = None
        self._timer.stop()
        self._drop()

    def _drop(self) -> None:
        number, self._number = self._number, 0
        self._round += 1
        if number:
            self._evaluations.cancel(number)

    def _send(self) -> None:
        if self._wanted is None:
            return
        self._drop()
        (models, sample), self._wanted = self._wanted, None
        self._models, asked = models, self._round
        self._since = time.monotonic()
        self.asked.emit()
        number = self._evaluations.ask(
            TrySample(0, models, sample, SEEN),
            lambda answer: self._on_answer(asked, answer),
            lambda why: self._on_failed(asked, why),
        )
        if asked == self._round:  # it may be answered already
            self._number = number

    def _on_answer(self, asked: int, answer: Answer) -> None:
        if self._over(asked) and isinstance(answer, SampleTried):
            self.told.emit(answer)

    def _on_failed(self, asked: int, why: Text) -> None:
        if self._over(asked):
            self.failed.emit(why)

    def _over(self, asked: int) -> bool:
        """Whether this answer is wanted; the next question goes out."""
        if asked != self._round:
            return False
        self._number = 0
        self._round += 1
        if self._wanted is not None:
            self._timer.start()
        return True
