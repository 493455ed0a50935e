"""The engine for verbs that wait for their answers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Final

from app.cli.common.output import CommandError
from resources.text import Text
from runtime.clients.endless import names_of
from runtime.clients.engine import Engine
from runtime.launchers.local import LocalLauncher
from runtime.messages.connection import Role
from runtime.messages.describing import DataProgress
from runtime.messages.protocol import Answer, Request

ANSWER_SECONDS = 600.0  # without an answer, and without a word on how far it is
_TICK: Final = 1.0  # seconds


class HeadlessEngine:
    """Asks and waits; an engine that dies answers with Failed."""

    def __init__(self, engine: Engine, show: Callable[[DataProgress], None] = lambda _: None) -> None:
        self._engine, self._show = engine, show
        self._heard = 0.0

    def on_progress(self, progress: DataProgress) -> None:
        """For the engine, on any thread."""
        self._heard = time.monotonic()
        self._show(progress)

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
def headless_engine(
    role: Role = "engine", show: Callable[[DataProgress], None] = lambda _: None
) -> Iterator[HeadlessEngine]:
    """`show` is told how far the work is, on a thread of the engine."""
    engines: list[HeadlessEngine] = []
    engine = Engine(LocalLauncher(), on_progress=lambda progress: engines[0].on_progress(progress), role=role)
    engines.append(HeadlessEngine(engine, show))
    engine.start()
    try:
        yield engines[0]
    finally:
        engine.stop()
