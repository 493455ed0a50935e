"""Runs of other programs as run folders: with curves and a result, without a model, settings and data.

They are known by their status, "imported"; the project file in them is empty.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from resources.training.metric_logs import LOSS, VALIDATION, Direction
from runtime import events
from runtime.event_file import EVENTS_FILE
from runtime.spec import DataSpec, RunSpec, TrainingSettings
from runtime.store import IMPORTED, RESULT_FILE, RunResult, RunStore, result_bytes, result_of
from runtime.tracking.read_log import ReadRun, mentioned

_LONGEST: Final = 120  # characters of a name
_LAST_START: Final = 1e11
_LOWER: Final = ("loss", "error", "mae", "mse", "rmse")
_HIGHER: Final = ("accuracy", "acc", "auc", "precision", "recall", "f1")


def store_imported(store: RunStore, runs: list[ReadRun]) -> list[Path]:
    """A folder of its own for each. Raises StoreError; those that were made until then stay."""
    return [_store(store, run) for run in runs]


def _store(store: RunStore, run: ReadRun) -> Path:
    name = run.name[:_LONGEST] or "log"
    spec = RunSpec(name, {}, DataSpec(()), (), TrainingSettings(epochs=max(1, run.epochs)))
    known = directions_of(run)
    reported = [run.events[0], events.DirectionsKnown(known), *run.events[1:]]
    stamped = [msgspec.structs.replace(event, seq=number) for number, event in enumerate(reported, 1)]
    encoder = msgspec.json.Encoder()
    lines = b"".join(encoder.encode(event) + b"\n" for event in stamped)
    files = {EVENTS_FILE: lines, RESULT_FILE: result_bytes(_result(run, stamped))}
    return store.new_run(spec, b"", min(max(0.0, run.started), _LAST_START), files)


def _result(run: ReadRun, reported: list[events.TrainingEvent]) -> RunResult:
    result = result_of(reported, IMPORTED)
    times = [event.time for event in reported if event.time > 0]
    seconds = max(times) - min(times) if times else 0.0
    metrics: dict[str, float | None] = dict(mentioned(run))
    return msgspec.structs.replace(result, seconds=seconds, metrics=metrics)


def directions_of(run: ReadRun) -> dict[str, Direction]:
    """What is better of losses and of measures whose names say so; others have no best value."""
    names = {name.removeprefix(VALIDATION) for name in mentioned(run)}
    found: dict[str, Direction] = {}
    for name in sorted(names):
        word = name.rsplit("/", 1)[-1].lower()
        if word == LOSS or word.endswith("_loss") or any(word.endswith(end) for end in _LOWER):
            found[name] = "min"
        elif any(word.endswith(end) for end in _HIGHER):
            found[name] = "max"
    return found
