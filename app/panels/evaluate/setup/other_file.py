"""Another file to evaluate on, and what the engine says it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.project.session import Session
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DataRecognized, RecognizeData
from runtime.messages.protocol import Answer


def recognise(
    session: Session, path: Path, done: Callable[[DataRecognized], None], failed: Callable[[Text], None]
) -> None:
    """Ask what the file is."""

    def take(answer: Answer) -> None:
        if isinstance(answer, Failed):
            failed(answer.error)
        elif isinstance(answer, DataRecognized):
            done(answer)

    session.engine.request(RecognizeData(0, str(path.absolute())), take)
