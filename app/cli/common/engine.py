"""The engine for verbs that wait for their answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Final

from app.cli.common.output import CommandError
from resources.text import Text
from runtime.clients.endless import names_of
from runtime.clients.engine import Engine
from runtime.launchers.local import LocalLauncher
from runtime.messages.describing import DataProgress
from runtime.messages.protocol import Answer, Request

ANSWER_SECONDS = 600.0  # without an answer, and without a word on how far it is
_TICK: Final = 1.0  # seconds


class HeadlessEngine:
    """Asks and waits; an engine that dies answers with Failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._heard = 0.0

    def on_progress(self, _progress: DataProgress) -> None:
        """For the engine, on any thread."""
        self._heard = time.monotonic()

    def ask(self, message: Request) -> Answer:
        """Raises CommandError where no answer comes."""
        answers: SimpleQueue[Answer] = SimpleQueue()
        self._heard = time.monotonic()
        number = self._engine.request(message, answers.put)
        while time.monotonic() - self._heard < ANSWER_SECONDS:
            try:
                return answers.get(timeout=min(_TICK, ANSWER_SECONDS))
            except Empty:
                continue
        self._engine.cancel(number)
        raise CommandError(_no_answer(message))


def _no_answer(message: Request) -> Text:
    minutes = round(ANSWER_SECONDS / 60)
    if names := names_of(message):
        return Text(
            "Reading {file} did not come to an end within {minutes} minutes: the file may be damaged, or lie on a disk "
            "that does not answer.",
            {"file": names, "minutes": minutes},
        )
    return Text("Keras did not answer within {minutes} minutes.", {"minutes": minutes})


@contextmanager
def headless_engine() -> Iterator[HeadlessEngine]:
    engines: list[HeadlessEngine] = []
    engine = Engine(LocalLauncher(), on_progress=lambda progress: engines[0].on_progress(progress))
    engines.append(HeadlessEngine(engine))
    engine.start()
    try:
        yield engines[0]
    finally:
        engine.stop()
