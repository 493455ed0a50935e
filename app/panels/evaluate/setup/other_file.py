"""Another file to evaluate on: read as the run's own data was, or as what the engine says it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.project.evaluation.other_data import in_place
from app.project.session import Session
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DataRecognized, RecognizeData
from runtime.messages.protocol import Answer
from runtime.spec import DataSpec, RunSpec


def recognise(
    session: Session, path: Path, spec: RunSpec, done: Callable[[DataSpec], None], failed: Callable[[Text], None]
) -> None:
    """Ask what the file is; `done` gets it in place of the first source of the run's data."""

    def take(answer: Answer) -> None:
        if isinstance(answer, Failed):
            failed(answer.error)
        elif isinstance(answer, DataRecognized):
            done(in_place(spec, path, answer))

    session.engine.request(RecognizeData(0, str(path.absolute())), take)
