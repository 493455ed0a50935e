"""The model as it was after the last whole epoch, for a run that does not come to its end.

After every epoch its weights are copied in memory, which costs next to nothing; when training fails they are written.
For a process that is killed, the model is also written while it trains: after every epoch, as long as that takes no
more than a twelfth of the time, else as often as that allows. The name of the file says of which epoch it is.
"""

import contextlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import keras

from resources.atomic import swap_in
from resources.text import Text
from runtime.events import CallbackNote, ReportEvent
from runtime.store import epoch_file, epoch_files
from runtime.worker.keras_models.describing import save_model
from runtime.worker.process.failures import writing_reason
from runtime.worker.process.memory import free_memory

_SHARE: Final = 12  # seconds of training for one of writing
_FIRST_COST: Final = 0.02  # seconds, before the first writing has told
_ROOM: Final = 3  # files of this size: this one, the best one, the trained one
_MEMORY_SHARE: Final = 10  # a copy takes no more than this part of the free memory


class EpochCheckpoint:
    """`epoch_ended` after each whole epoch; then `failed` or `saved` once."""

    def __init__(
        self,
        model: Any,
        folder: Path,
        report_event: ReportEvent,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._model = model
        self._folder = folder
        self._report_event = report_event
        self._clock = clock or time.monotonic
        self._cost = _FIRST_COST
        self._last = self._clock()
        self._epoch = 0  # how many whole epochs there were
        self._written = 0  # of which of them the file is
        self._copy: list[Any] | None = None
        weights = sum(variable_bytes(variable) for variable in model.weights)
        self._copies = weights <= free_memory() // _MEMORY_SHARE
        self._bytes = weights + sum(variable_bytes(variable) for variable in model.optimizer.variables)
        self._told = False

    def epoch_ended(self, epoch: int) -> None:
        """`epoch` counts from 1. The model has the weights of its end. Raises nothing."""
        self._epoch = epoch
        self._copy = None
        if self._clock() - self._last >= _SHARE * self._cost and self._has_room():
            self._write()
        if self._written != epoch and self._copies:
            self._copy = [keras.ops.convert_to_numpy(variable.value) for variable in self._model.weights]

    def failed(self) -> None:
        """Training has ended in the middle of an epoch: keep what the last whole one left. Raises nothing."""
        if self._written != self._epoch and self._copy is not None:
            try:
                for variable, value in zip(self._model.weights, self._copy, strict=True):
                    variable.assign(value)
            except Exception as error:  # the memory is gone, say: what was written before stays
                self._tell(error)
            else:
                self._write()
        if self._written:
            self._report_event(
                CallbackNote(Text("The model as it was after epoch {epoch} is kept.", {"epoch": self._written}))
            )

    def saved(self) -> None:
        """The run has its model: this one is not needed any more."""
        self._remove(0)

    def _has_room(self) -> bool:
        """Whether the disk has room for the best model and the trained one as well, which come first."""
        with contextlib.suppress(OSError):  # writing will tell
            return shutil.disk_usage(self._folder).free >= _ROOM * self._bytes
        return True

    def _write(self) -> None:
        start = self._clock()
        beside = self._folder / ".new-epoch.keras"
        try:
            save_model(self._model, beside)
            swap_in(beside, epoch_file(self._folder, self._epoch))
        except Exception as error:  # training is worth more than its safety copy, whatever keeps Keras from writing it
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            self._tell(error)
        else:
            self._written = self._epoch
            self._remove(self._epoch)
        self._last = self._clock()
        self._cost = self._last - start

    def _remove(self, but: int) -> None:
        for epoch, path in epoch_files(self._folder):
            if epoch != but:
                with contextlib.suppress(OSError):  # somebody reads it: the newest counts
                    path.unlink()

    def _tell(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            reason = writing_reason(error)
            self._report_event(
                CallbackNote(Text("The model could not be kept after its last epoch: {reason}.", {"reason": reason}))
            )


def variable_bytes(variable: Any) -> int:
    size = 1
    for length in variable.shape:
        size *= int(length or 0)
    return size * 8  # more than any type takes
