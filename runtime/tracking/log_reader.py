"""The logs that can be read: each kind is a module of `logs` that has a `READER`. Only a process without rights reads.

`app/model_files/log_process.py` is that process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from resources.registry import modules_with
from resources.text import Text
from runtime.tracking.read_log import LogError, ReadRun, ReadRuns

_PACKAGE: Final = "runtime.tracking.logs"


@dataclass(frozen=True, slots=True)
class LogReader:
    """`read` gives the runs and how many were left out; it raises OSError and LogError."""

    key: str
    order: int
    recognises: Callable[[Path], bool]
    read: Callable[[Path], tuple[list[ReadRun], int]]


def log_readers() -> tuple[LogReader, ...]:
    found: list[LogReader] = [module.READER for module in modules_with(import_module(_PACKAGE), "READER")]
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.key)))


def read_log(path: Path) -> ReadRuns:
    """The runs in a file or folder of any kind that is known. Raises OSError and LogError."""
    if not path.exists():
        raise LogError(Text("it is not there."))
    for reader in log_readers():
        if reader.recognises(path):
            runs, left_out = reader.read(path)
            return ReadRuns(reader.key, runs, left_out)
    raise LogError(Text("it is neither a TensorBoard log nor a file of Keras' CSVLogger."))
