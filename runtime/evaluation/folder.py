"""Evaluations of a run, each in a folder of its own: `<run>/evaluations/20261201-120000-validation/`.

It holds result.json (an EvaluationFile) and predictions.npz: for output number i in the order of the file, `p{i}` the
predictions, float32 of shape (samples, *output), `t{i}` the truth as the loss takes it (missing where there is none),
and `rows`, the numbers of the samples in the source. Read without Keras.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resources.regular_files import open_regular
from resources.text import Text
from runtime.messages.evaluating import EvaluationFile
from runtime.run_files import DamagedError, read_checked

EVALUATIONS: Final = "evaluations"
RESULT_FILE: Final = "result.json"
PREDICTIONS_FILE: Final = "predictions.npz"
_MOST: Final = 512 << 20  # bytes
_NAME: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[\w-]+")


@dataclass(frozen=True, slots=True)
class Stored:
    """An evaluation on the disk; `error` says why it cannot be read, and then there is no `file`."""

    folder: Path
    file: EvaluationFile | None
    error: Text | None = None


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
    return Stored(folder, file)


def new_folder(into: Path, part: str, when: float) -> Path:
    """The folder of a new evaluation; it is not there yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(when))
    folder = into / f"{stamp}-{part}"
    number = 2
    while folder.exists():
        folder = into / f"{stamp}-{part}-{number}"
        number += 1
    return folder


def predictions_of(folder: Path) -> Any:
    """The arrays by their names, as NumPy's `NpzFile`; whoever opens it closes it. Raises OSError, ValueError."""
    from numpy.lib.npyio import NpzFile

    return NpzFile(open_regular(folder / PREDICTIONS_FILE), own_fid=True, allow_pickle=False)
