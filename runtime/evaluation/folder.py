"""Evaluations of a run, each in a folder of its own: `<run>/evaluations/20261201-120000-validation/`.

It holds result.json (an EvaluationFile) and predictions.npz: for output number i in the order of the file, `p{i}` the
predictions, float32 of shape (samples, *output), `t{i}` the truth as the loss takes it (missing where there is none),
and `rows`, the numbers of the samples in the source; mistakes.json (a MistakesFile) has the worst of them as people see
them, which reports tell: the data may be gone by then. Read without Keras.
"""

from __future__ import annotations

import math
import os
import re
import struct
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.regular_files import open_regular
from resources.text import Text
from runtime.evaluation.sound_views import UnsoundError, require_sound
from runtime.messages.evaluating import EvaluationFile, MistakesFile
from runtime.messages.views import Samples
from runtime.run_files import DamagedError, read_checked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

EVALUATIONS: Final = "evaluations"
RESULT_FILE: Final = "result.json"
PREDICTIONS_FILE: Final = "predictions.npz"
MISTAKES_FILE: Final = "mistakes.json"
_MOST: Final = 64 << 20  # bytes: of a thousand classes it is some
_KINDS: Final = "biuf"  # of NumPy's numbers
_NO_ARRAYS: Final = (
    zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, TypeError, OverflowError, struct.error,
)  # fmt: skip
_NAME: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[\w-]+")


@dataclass(frozen=True, slots=True)
class Stored:
    """An evaluation on the disk; `error` says why it cannot be read, and then there is no `file`."""

    folder: Path
    file: EvaluationFile | None
    error: Text | None = None


@dataclass(frozen=True, slots=True)
class Predictions:
    """Of one output: `truth` is None where there is none, `rows` are the numbers of the samples in the source."""

    predictions: Array
    truth: Array | None
    rows: Array


def evaluations_of(run: Path) -> Iterator[Stored]:
    """Those of a run, the newest first. Damaged ones say so."""
    try:
        folders = sorted((path for path in (run / EVALUATIONS).iterdir() if _NAME.fullmatch(path.name)), reverse=True)
    except OSError:
        return
    for folder in folders:
        yield read_evaluation(folder)


def read_evaluation(folder: Path) -> Stored:
    try:
        file = read_checked(folder / RESULT_FILE, EvaluationFile, _MOST)
    except DamagedError as error:
        return Stored(folder, None, error.text)
    if file is None:
        return Stored(folder, None, Text("{file} is missing.", {"file": RESULT_FILE}))
    try:
        require_sound(file)
    except UnsoundError as error:
        reason = Text.of("{file} is not as it was written: {reason}.", file=RESULT_FILE, reason=str(error))
        return Stored(folder, None, reason)
    return Stored(folder, file)


def mistakes_of(folder: Path) -> dict[str, Samples]:
    """The worst samples by output; none of an evaluation that kept none. Raises DamagedError."""
    file = read_checked(folder / MISTAKES_FILE, MistakesFile, _MOST)
    return {} if file is None else file.outputs


def new_folder(into: Path, part: str, when: float) -> Path:
    """The folder of a new evaluation; it is not there yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(when))
    folder = into / f"{stamp}-{part}"
    number = 2
    while folder.exists():
        folder = into / f"{stamp}-{part}-{number}"
        number += 1
    return folder


def predictions_of(folder: Path, place: int, samples: int) -> Predictions:
    """Those of output number `place`. Raises OSError, and ValueError for a file that no evaluation of `samples` wrote.

    What the file says of itself is held against its length before there is room made for it.
    """
    try:
        with open_regular(folder / PREDICTIONS_FILE) as file, zipfile.ZipFile(file) as archive:
            size = os.fstat(file.fileno()).st_size
            names = set(archive.namelist())
            truth = _array(archive, f"t{place}", size) if f"t{place}.npy" in names else None
            found = Predictions(_array(archive, f"p{place}", size), truth, _array(archive, "rows", size))
    except _NO_ARRAYS as error:
        raise ValueError(str(error)) from error
    lengths = {len(array) for array in (found.predictions, found.truth, found.rows) if array is not None}
    if lengths != {samples} or found.rows.ndim != 1 or found.rows.dtype.kind not in "iu":
        raise ValueError("there are other samples in it")
    return found


def _array(archive: zipfile.ZipFile, name: str, size: int) -> Array:
    import numpy as np

    member = archive.getinfo(f"{name}.npy")
    if member.compress_type != zipfile.ZIP_STORED or member.file_size > size:
        raise ValueError(f"{name} is packed")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _order, dtype = read(file)
        if dtype.kind not in _KINDS or not shape or math.prod(shape) * dtype.itemsize != member.file_size - file.tell():
            raise ValueError(f"{name} is no array of so many numbers")
    with archive.open(member) as file:
        found: Array = np.lib.format.read_array(file, allow_pickle=False)
    return found
