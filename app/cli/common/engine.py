"""The engine for verbs that wait for their answers."""

from collections.abc import Iterator
from contextlib import contextmanager

from runtime.engine import Engine
from runtime.launchers.local import LocalLauncher
from runtime.protocol import Answer, Request

ANSWER_SECONDS = 600.0


class HeadlessEngine:
    """Asks and waits; an engine that dies answers with Failed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, message: Request) -> Answer:
        return self._engine.ask(message, timeout=ANSWER_SECONDS)


@contextmanager
def headless_engine() -> Iterator[HeadlessEngine]:
    engine = Engine(LocalLauncher())
    engine.start()
    try:
        yield HeadlessEngine(engine)
    finally:
        engine.stop()
