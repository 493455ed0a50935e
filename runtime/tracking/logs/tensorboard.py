"""TensorBoard logs: a folder with event files somewhere below it. Only its numbers are taken, no pictures or graphs.

The event message is TensorBoard's own, which needs no TensorFlow. The frame around each of them is read here: a record
that is too long to be a number is passed over without being read.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from resources.regular_files import open_regular
from resources.text import Text
from resources.training.metric_logs import VALIDATION
from runtime.tracking.log_reader import LogReader
from runtime.tracking.read_log import MOST_POINTS, MOST_RUNS, LogError, ReadRun, Scalars, as_run, finite_or_nan

_MARK: Final = "tfevents"
_HEAD: Final = struct.Struct("<QI")
_FOOT_BYTES: Final = 4
_LONGEST_RECORD: Final = 1 << 20  # bytes; hundreds of numbers take less
_MOST_FILES: Final = 2000
_MOST_FOLDERS: Final = 20_000  # that are looked into
_PARTS: Final = {"train": "", "training": "", "validation": VALIDATION, "val": VALIDATION, "eval": VALIDATION}
_EPOCH: Final = "epoch_"
_BATCH: Final = "batch_"
_RATES: Final = ("learning_rate", "lr")
_FLOAT, _DOUBLE, _HALF = 1, 2, 19  # of TensorFlow's DataType


def recognises(path: Path) -> bool:
    return _MARK in path.name if path.is_file() else next(_event_files(path), None) is not None


def read(path: Path) -> tuple[list[ReadRun], int]:
    found: dict[Path, Scalars] = {}
    started: dict[Path, float] = {}
    left_out, files = 0, [path] if path.is_file() else sorted(_event_files(path))
    for file in files:
        part = _PARTS.get(file.parent.name.lower())
        home = file.parent if part is None else file.parent.parent
        if home not in found and len(found) >= MOST_RUNS:
            left_out += 1
            continue
        scalars = found.setdefault(home, Scalars())
        started.setdefault(home, file.stat().st_mtime)
        try:
            _read_file(file, part or "", scalars)
        except (OSError, ValueError):
            left_out += 1
    root = path.parent if path.is_file() else path
    runs = [as_run(_name(home, root), scalars, started[home]) for home, scalars in found.items() if not scalars.empty]
    if not runs:
        raise LogError(Text("there are no numbers in it."))
    return runs, left_out


def _name(home: Path, root: Path) -> str:
    try:
        inside = home.relative_to(root).as_posix()
    except ValueError:
        inside = "."  # the log of one part was chosen
    return (home.name if inside == "." else inside) or "log"


def _event_files(folder: Path) -> Iterator[Path]:
    """Links are not followed: they may lead in circles, or anywhere."""
    files = 0
    for folders, (place, _names, names) in enumerate(os.walk(folder, followlinks=False)):
        for name in names:
            file = Path(place, name)
            if _MARK in name and file.is_file() and not file.is_symlink():
                files += 1
                yield file
            if files >= _MOST_FILES:
                return
        if folders >= _MOST_FOLDERS:
            return


def _read_file(path: Path, prefix: str, scalars: Scalars) -> None:
    from google.protobuf.message import DecodeError
    from tensorboard.compat.proto.event_pb2 import Event

    count = 0
    with open_regular(path) as file:
        for record in _records(file):
            try:
                event = Event.FromString(record)
            except DecodeError:
                continue
            for value in event.summary.value:
                number = _number(value)
                if number is not None:
                    count += 1
                    _take(scalars, value.tag, prefix, event.step, number, event.wall_time)
            if count > MOST_POINTS:
                raise ValueError("too many numbers")


def _records(file: BinaryIO) -> Iterator[bytes]:
    """The records that may hold numbers. A file that is still being written, or is cut short, ends with the last."""
    size = os.fstat(file.fileno()).st_size
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        length = _HEAD.unpack(head)[0]
        if file.tell() + length + _FOOT_BYTES > size:
            return
        if length > _LONGEST_RECORD:
            file.seek(length + _FOOT_BYTES, os.SEEK_CUR)
            continue
        yield file.read(length)
        file.seek(_FOOT_BYTES, os.SEEK_CUR)


def _take(scalars: Scalars, tag: str, prefix: str, step: int, value: float, time: float) -> None:
    """Keras' callback names what is of an epoch, or of a step; all else is a number at a step, under its own name."""
    time = time if 0 < time < 1e11 else 0.0
    if tag.startswith(_EPOCH) and len(tag) > len(_EPOCH):
        name = tag.removeprefix(_EPOCH)
        if name in _RATES:
            scalars.rates[step] = value
        else:
            scalars.add_epoch(step, prefix + name, value, time)
    elif not (prefix and tag.startswith("evaluation_")):  # the same numbers once more
        name = tag.removeprefix(_BATCH)
        scalars.add_step(step if tag.startswith(_BATCH) else step + 1, prefix + name, value, time)


def _number(value: Any) -> float | None:
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return finite_or_nan(value.simple_value)
    if kind != "tensor" or any(dim.size != 1 for dim in value.tensor.tensor_shape.dim):
        return None
    tensor = value.tensor
    formats = {_FLOAT: ("<f", tensor.float_val), _DOUBLE: ("<d", tensor.double_val), _HALF: ("<e", ())}
    if tensor.dtype not in formats:
        return None
    form, values = formats[tensor.dtype]
    if len(values) == 1:
        return finite_or_nan(values[0])
    if len(tensor.tensor_content) != struct.calcsize(form):
        return None
    return finite_or_nan(struct.unpack(form, tensor.tensor_content)[0])


READER: Final = LogReader("tensorboard", 10, recognises, read)
