"""Looking inside a trained model: of which sample, in which mode, and what is known of its boxes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from app.project.evaluating import Evaluations, RefusedError
from resources.text import Text
from runtime.messages.inside import Activation, CallAt, LookedInside, LookInside
from runtime.messages.protocol import Answer, EvaluatorRequest
from runtime.messages.trained import On, OneSample, PartName, Trained

_KEPT: Final = 12  # samples of which all that was told is kept
Known = dict[CallAt, tuple[Activation, ...]]


class LookingInside(QObject):
    """What is asked of boxes is kept by model, sample and mode; `known` gives what was told of one."""

    switched = Signal(bool)  # people look inside, or no longer
    sample_changed = Signal()
    mode_changed = Signal()  # as in use, as in training
    model_changed = Signal()  # another run, or other weights
    parts_changed = Signal()  # which parts the data of the model has
    learnt = Signal(object)  # tuple[CallAt, ...]: calls of which something is known now
    failed = Signal(object)  # Text: why nothing was told
    busy_changed = Signal(bool)

    def __init__(self, evaluations: Evaluations, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.evaluations = evaluations
        self.on = False
        self.sample = OneSample(On("validation"), 0)
        self.training = False
        self.seed = 0
        self.parts: dict[str, int] = {}  # how many samples each part of the data has; empty while nobody knows
        self.refusal: Text | None = None  # why there is no model to look into
        self._trained: Trained | None = None
        self._known: OrderedDict[bytes, Known] = OrderedDict()
        self._pending: tuple[int, bytes, frozenset[CallAt]] | None = None
        evaluations.chosen_changed.connect(self._on_chosen)

    # What is looked at

    def switch(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            if on:
                self.evaluations.reload()
            else:
                self._drop_pending()
                self._known.clear()  # the next time weights may be others under the same name
            self.switched.emit(on)

    def look_at(self, sample: OneSample) -> None:
        """Look inside with this sample: from another view of results, say."""
        self.set_sample(sample)
        self.switch(True)

    def set_sample(self, sample: OneSample) -> None:
        if sample != self.sample:
            self.sample = sample
            self.sample_changed.emit()

    def set_row(self, part: PartName, row: int) -> None:
        self.set_sample(OneSample(On(part), row))

    def set_parts(self, parts: dict[str, int]) -> None:
        if parts != self.parts:
            self.parts = parts
            self.parts_changed.emit()

    def set_training(self, training: bool, seed: int = 0) -> None:
        """As in training, with dropout drawn by `seed`; or as in use."""
        if (training, seed) != (self.training, self.seed):
            self.training, self.seed = training, seed
            self.mode_changed.emit()

    def trained(self) -> Trained | None:
        """The model that is chosen; None, with `refusal` set, where there is none."""
        if self._trained is None:
            try:
                self._trained, self.refusal = self.evaluations.trained(), None
            except RefusedError as error:
                self.refusal = error.text
        return self._trained

    @property
    def model(self) -> object | None:
        """Keras' config of the model that is looked into."""
        chosen = self.evaluations.chosen
        if chosen is not None and chosen.run is not None:
            model: object = chosen.run.spec.model
            return model
        trained = self.trained()
        return trained.spec.model if trained is not None and trained.spec is not None else None

    def _on_chosen(self) -> None:
        self._trained = None
        self._drop_pending()
        self.model_changed.emit()

    # What comes out of boxes

    def known(self, call: CallAt) -> tuple[Activation, ...] | None:
        """What was told of a call for what is looked at now; one for each output."""
        return self._known.get(self._key(), {}).get(call)

    def want(self, calls: Iterable[CallAt]) -> None:
        """Ask what comes out of those that nothing is known of yet; what else was asked for is called off."""
        key = self._key()
        known = self._known.get(key, {})
        missing = [call for call in dict.fromkeys(calls) if call not in known]
        if self._pending is not None and self._pending[1] == key and self._pending[2].issuperset(missing):
            return
        self._drop_pending()
        trained = self.trained()
        if not missing or trained is None:
            return
        message = LookInside(0, trained, self.sample, tuple(missing), self.training, seed=self.seed)
        self._pending = (0, key, frozenset(missing))
        self.busy_changed.emit(True)
        number = self.ask(message, lambda answer: self._on_told(key, answer), self._on_failed)
        if self._pending is not None:
            self._pending = (number, key, frozenset(missing))

    def _on_told(self, key: bytes, answer: Answer) -> None:
        self._pending = None
        self.busy_changed.emit(False)
        if not isinstance(answer, LookedInside):
            return
        by_call: dict[CallAt, list[Activation]] = {}
        for activation in answer.activations:
            by_call.setdefault(activation.call, []).append(activation)
        known = self._known.setdefault(key, {})
        known.update({call: tuple(found) for call, found in by_call.items()})
        self._known.move_to_end(key)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.learnt.emit(tuple(by_call))

    def _on_failed(self, text: Text) -> None:
        self._pending = None
        self.busy_changed.emit(False)
        self.failed.emit(text)

    def _drop_pending(self) -> None:
        if self._pending is not None:
            number = self._pending[0]
            self._pending = None
            self.evaluations.cancel(number)
            self.busy_changed.emit(False)

    def _key(self) -> bytes:
        chosen = self.evaluations.chosen
        which = (str(chosen.folder), str(chosen.which)) if chosen is not None else ("", "")
        return msgspec.msgpack.encode((which, self.sample, self.training, self.seed if self.training else 0))

    # Everything else that is asked

    def ask(self, message: EvaluatorRequest, done: Callable[[Answer], None], failed: Callable[[Text], None]) -> int:
        return self.evaluations.ask(message, done, failed)
