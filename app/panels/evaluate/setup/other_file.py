"""Another file to evaluate on: read as the run's own data was, or as what the engine says it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from app.project.session import Session
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DataRecognized, RecognizeData
from runtime.messages.protocol import Answer
from runtime.spec import DataSource, DataSpec, RunSpec


def recognise(
    session: Session, path: Path, spec: RunSpec, done: Callable[[DataSpec], None], failed: Callable[[Text], None]
) -> None:
    """Ask what the file is; `done` gets it in place of the first source of the run's data."""

    def take(answer: Answer) -> None:
        if isinstance(answer, Failed):
            failed(answer.error)
        elif isinstance(answer, DataRecognized):
            kinds = {answer.kind: answer.options, **{way.kind: way.options for way in answer.alternatives}}
            done(in_place(spec, path, kinds))

    session.engine.request(RecognizeData(0, str(path.absolute())), take)


def in_place(spec: RunSpec, path: Path, kinds: Mapping[str, Mapping[str, Any]]) -> DataSpec:
    """The run's data with `path` as its first source: as the same kind where it can be read as that."""
    first = spec.data.sources[0] if spec.data.sources else DataSource("")
    kind, options = (first.kind, first.options) if first.kind in kinds else next(iter(kinds.items()))
    source = DataSource(kind, str(path.absolute()), dict(options))
    return msgspec.structs.replace(spec.data, sources=(source, *spec.data.sources[1:]))
