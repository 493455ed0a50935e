"""A `PyDataset` of which an epoch is more, or fewer, batches than it has."""

from __future__ import annotations

from typing import Any

import keras


class InTurns(keras.utils.PyDataset):
    """An epoch is `steps` batches: each goes on behind the last one, and from the first one again after the end.

    Keras ends an epoch, and warns, where a `PyDataset` has fewer batches than it is told to take.
    """

    def __init__(self, made: Any, steps: int) -> None:
        super().__init__(made.workers, made.use_multiprocessing, made.max_queue_size)
        self._made, self._steps, self._epoch = made, steps, 0

    @property
    def num_batches(self) -> int:
        return self._steps

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, index: int) -> Any:
        return self._made[(self._epoch * self._steps + index) % self._made.num_batches]

    def on_epoch_begin(self) -> None:
        if not self._epoch:
            self._made.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """The project's code hears that all of its batches were taken, when they were; it may shuffle them then."""
        count = self._made.num_batches
        before, self._epoch = self._epoch * self._steps // count, self._epoch + 1
        if self._epoch * self._steps // count > before:
            self._made.on_epoch_end()
            self._made.on_epoch_begin()


def in_turns(made: Any, steps: int) -> InTurns:
    """`made` is a `PyDataset` that says how many batches it has. Raises ValueError where it has none."""
    if made.num_batches < 1:
        raise ValueError("The PyDataset has no batches.")
    return InTurns(made, steps)
