"""An evaluator that evaluates nothing: it answers late, refuses, tells how far it is, and dies now and then."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtCore import QTimer

from app.engine.engine_link import AnswerCallback, EngineLink, EngineState
from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, RESULT_FILE, new_folder
from runtime.messages.connection import Failed
from runtime.messages.describing import DataProgress
from runtime.messages.evaluating import (
    CompareEvaluations,
    Condition,
    Evaluate,
    Evaluated,
    EvaluationsCompared,
    ListSamples,
    Predict,
    Predicted,
    SamplesListed,
    Slice,
    Sliced,
    SliceRow,
)
from runtime.messages.protocol import Answer, Request
from runtime.messages.trained import On
from runtime.messages.trying import AskForm, FormAsked, OpenPicture, ShowSample, TrySample
from runtime.messages.views import Label, Samples, Table
from tests.gui.app.evaluate.evaluations import evaluation_file
from tests.gui.app.evaluate.tried import DIGITS, HOUSES, PARTS, opened, shown, tried
from tests.gui.app.evaluate.views import SAMPLES
from tests.gui.app.inside.answers import answers

_READY: Final = EngineState("ready", "Keras 3.15.1 · TensorFlow 2.21.0")
_TICK_MS: Final = 10
_SHAPES: Final = {"image": (8, 8, 1), "scale": (8, 8, 1), "digit": (10,), "is_even": (1,)}
_REFUSALS: Final = (
    Text("The data file is gone."),
    Text("There was not enough memory: a smaller batch size needs less."),
    Text("The samples have other columns than those of the training."),
)


class QuickEvaluator:
    """Answers some ticks after it was asked, one question after another; at once, and always, while `calm` says so."""

    def __init__(self, link: EngineLink, rng: random.Random, calm: Callable[[], bool]) -> None:
        self._link, self._rng, self._calm = link, rng, calm
        self._waiting: dict[int, tuple[Request, AnswerCallback, int]] = {}  # the last: ticks that it takes
        self._count = 0
        self._answers = {**answers(_SHAPES), **_ANSWERS}
        self._timer = QTimer()
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._link.report_state(_READY)

    def restart(self) -> None:
        self._die(Text("The evaluator was started anew."))

    def stop(self) -> None:
        """On any thread, once nobody waits for an answer."""
        self._waiting.clear()

    def request(self, message: Request, callback: AnswerCallback) -> int:
        self._count += 1
        ticks = 0 if self._calm() else self._rng.choice((0, 0, 1, 3, 12))
        self._waiting[self._count] = (message, callback, ticks)
        self._timer.start()
        return self._count

    def cancel(self, request_id: int) -> None:
        self._waiting.pop(request_id, None)

    def read_again(self) -> None:
        pass

    def _tick(self) -> None:
        number = next(iter(self._waiting), None)
        if number is None:
            self._timer.stop()
            return
        message, callback, ticks = self._waiting[number]
        if ticks and not self._calm():
            self._waiting[number] = (message, callback, ticks - 1)
            self._link.report_progress(DataProgress(number, 360 - 30 * ticks, 360, "rows"))
            return
        chance = 1.0 if self._calm() else self._rng.random()
        if chance < 0.03:
            self._die(Text("The evaluator was ended by SIGKILL."))
            return
        del self._waiting[number]
        callback(Failed(number, self._rng.choice(_REFUSALS), "Traceback") if chance < 0.12 else self._answer(message))

    def _answer(self, message: Request) -> Answer:
        if isinstance(message, AskForm) and not self._calm() and self._rng.random() < 0.3:
            return HOUSES  # the data may be other data by now
        answer: Any = self._answers[type(message)]
        told: Answer = answer(message) if callable(answer) else answer
        return told

    def _die(self, why: Text) -> None:
        """As a process that is gone: whoever waits is told, and the next question starts another one."""
        waiting, self._waiting = self._waiting, {}
        self._link.report_state(EngineState("dead", str(why), "Killed"))
        for number, (_message, callback, _ticks) in waiting.items():
            callback(Failed(number, why, "Killed"))


def _evaluated(message: Evaluate) -> Answer:
    run = Path(message.trained.folder)
    if not message.trained.folder or not run.is_dir():
        return Failed(message.id, Text("The folder of the run is gone."))
    part = "other" if message.on.other is not None else message.on.part
    file = msgspec.structs.replace(
        evaluation_file(run), on=On(message.on.part), created=time.time(), trained=message.trained
    )
    folder = new_folder(run / EVALUATIONS, part, file.created)
    folder.mkdir(parents=True)
    (folder / RESULT_FILE).write_bytes(msgspec.json.encode(file))
    return Evaluated(message.id, str(folder), file)


def _listed(message: ListSamples) -> SamplesListed:
    """Many of each kind, so that lists have more to show when they are scrolled."""
    samples = tuple(
        msgspec.structs.replace(SAMPLES.samples[row % 3], row=row)
        for row in message.rows or range(message.first, min(message.first + message.count, 90))
    )
    return SamplesListed(message.id, Samples(samples, 90, SAMPLES.score), (Text("The pictures are not there."),))


def _sliced(message: Slice) -> Sliced:
    proposed = tuple((Condition("site", "=", name),) for name in ("A", "B", "C"))
    rows = tuple(
        SliceRow(where, 40 * number, (0.5 + 0.1 * number, None) if number else (None, None))
        for number, where in enumerate(message.slices or proposed)
    )
    return Sliced(message.id, ("accuracy", "auc"), "accuracy", (0.88, None), rows)


def _compared(message: CompareEvaluations) -> EvaluationsCompared:
    columns = (Label("metric"), Label("first"), Label("second"))
    table = Table(columns, (("accuracy", 0.88, 0.91), ("loss", 0.2, None)), (1, 2))
    return EvaluationsCompared(message.id, 300, (4, 9), (17,), 57, 0.25, table)


_ANSWERS: Final[dict[type, Answer | Callable[[Any], Answer]]] = {
    Evaluate: _evaluated,
    ListSamples: _listed,
    Slice: _sliced,
    CompareEvaluations: _compared,
    Predict: lambda message: Predicted(message.id, message.path, 360),
    AskForm: FormAsked(1, DIGITS.fields, PARTS),
    ShowSample: shown,
    TrySample: lambda message: tried(message, message.sample.row % 10),
    OpenPicture: opened,
}
