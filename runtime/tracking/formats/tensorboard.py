"""A log that TensorBoard shows: a folder for each run, with training and validation in it as Keras' callback has them.

TensorBoard's own record writer is used, which needs no TensorFlow; it is imported when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from resources.text import Text
from runtime.store import RunInfo
from runtime.tracking.format import GoOn, TrackingFormat
from runtime.tracking.series import Part, Point, points_of

_AT_ONCE: Final = 512  # records, after which somebody may have thought better of it
_FOLDERS: Final[dict[Part, str]] = {"step": "train", "training": "train", "validation": "validation"}
_PREFIXES: Final[dict[Part, str]] = {"step": "batch_", "training": "epoch_", "validation": "epoch_"}


def write_curves(runs: Sequence[RunInfo], path: Path, go_on: GoOn) -> None:
    path.mkdir()
    for place, run in enumerate(runs):
        _write_run(run, path / run.folder.name, lambda place=place: go_on(place / len(runs)))


def _write_run(run: RunInfo, folder: Path, go_on: Any) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.summary.writer.record_writer import RecordWriter

    writers: dict[str, Any] = {}
    with ExitStack() as files:
        for number, (part, points) in enumerate(_at_once(run)):
            if number % _AT_ONCE == 0 and not go_on():
                raise CancelledError
            kind = _FOLDERS[part]
            if kind not in writers:
                (folder / kind).mkdir(parents=True)
                file = files.enter_context(_log_file(folder / kind, run).open("wb"))
                writers[kind] = RecordWriter(file)
                writers[kind].write(Event(wall_time=run.created, file_version="brain.Event:2").SerializeToString())
            writers[kind].write(_event(Event, part, points, run.created).SerializeToString())
        for writer in writers.values():
            writer.flush()


def _at_once(run: RunInfo) -> Iterator[tuple[Part, list[Point]]]:
    """What was told of one step, or at the end of one epoch, together."""
    for key, points in groupby(points_of(run.folder), lambda point: (point.part, point.step, point.epoch)):
        yield key[0], list(points)


def _event(event: Any, part: Part, points: Sequence[Point], created: float) -> Any:
    """Keras counts epochs from 0 and steps from 1 there."""
    first = points[0]
    step = first.step if part == "step" else first.epoch - 1
    made = event(wall_time=first.time or created + first.seconds, step=step)
    for point in points:
        made.summary.value.add(tag=_PREFIXES[part] + point.metric, simple_value=_single(point.value))
    return made


def _single(value: float) -> float:
    """As a number of 32 bits, which is what such a log holds."""
    largest = 3.4028234663852886e38
    return value if abs(value) <= largest or value != value else float("inf") if value > 0 else float("-inf")


def _log_file(folder: Path, run: RunInfo) -> Path:
    return folder / f"events.out.tfevents.{max(0, int(run.created))}.lamella"


FORMAT: Final = TrackingFormat("tensorboard", Text("TensorBoard log (folder)…"), "", 30, write_curves)
