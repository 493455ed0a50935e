"""Records of several files, one file after the other, as the messages that they hold."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.arrays.own_parts import PARTS, Parts
from runtime.worker.data.records.example_message import parsed
from runtime.worker.data.records.record_file import RecordFile
from runtime.worker.data.source import Array, DataError, Part

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import examples
else:
    np = LazyModule("numpy")
    examples = LazyModule("resources.python_code.in_scripts.examples")

_RUN_ROWS: Final = 4096
_RUN_BYTES: Final = 8 << 20
_NO_EXAMPLE: Final = Text("it is no tf.train.Example")


class Records:
    """The samples of all files. Threads may ask at once."""

    def __init__(self, files: Mapping[str, int], *, skip: bool) -> None:
        """`files` with the part of each (0, 1, 2), those of a part side by side. Raises DataError."""
        self.files: list[RecordFile] = []
        try:
            for path in files:
                self.files.append(RecordFile(Path(path), skip=skip))
        except BaseException:
            self.close()
            raise
        self._bounds = [0, *accumulate(file.count for file in self.files)]
        self._lock = threading.Lock()
        self._last: tuple[bytes, list[Any]] = (b"", [])
        self.parts = self._parts(list(files.values()))

    @property
    def count(self) -> int:
        return self._bounds[-1]

    @property
    def run_rows(self) -> int:
        """How many samples are read well at once."""
        each = sum(file.size for file in self.files) // max(1, self.count)
        return max(1, min(_RUN_ROWS, _RUN_BYTES // max(1, each)))

    @property
    def left_out(self) -> list[Text]:
        return [file.left_out for file in self.files if file.left_out is not None]

    @property
    def changed(self) -> bool:
        return any(file.changed for file in self.files)

    def take(self, rows: Array) -> list[Any]:
        """The messages of samples, in any order, each as often as it stands there. Raises DataError.

        The last ones are kept: the columns of a batch are asked for one after the other.
        """
        key = np.ascontiguousarray(rows, np.int64).tobytes()
        with self._lock:
            if key != self._last[0]:
                self._last = (b"", [])
                self._last = (key, self._taken(rows))
            return self._last[1]

    def _taken(self, rows: Array) -> list[Any]:
        different, places = np.unique(rows, return_inverse=True)
        found: list[Any] = []
        edges = np.searchsorted(different, self._bounds)
        for number, file in enumerate(self.files):
            places_in_file = different[edges[number] : edges[number + 1]] - self._bounds[number]
            if not len(places_in_file):
                continue
            for row, message in zip(places_in_file.tolist(), parsed(file.read(places_in_file)), strict=True):
                if message is None:
                    raise file.damaged(file.place(row), _NO_EXAMPLE)
                found.append(message)
        return [found[place] for place in places.tolist()]

    def looked(self) -> list[Any]:
        """Messages that are spread over all. Raises DataError."""
        return self.take(np.array(examples.looked_records(self.count), np.int64)) if self.count else []

    def damaged(self, row: int, reason: Text) -> DataError:
        file, place = self._at(row)
        return file.damaged(file.place(place), reason)

    def part_at(self, row: int) -> tuple[str, int] | None:
        if not 0 <= row < self.count:
            return None
        file, place = self._at(row)
        return file.path.name, file.place(place)

    def _at(self, row: int) -> tuple[RecordFile, int]:
        number = int(np.searchsorted(self._bounds, row, "right")) - 1
        return self.files[number], row - self._bounds[number]

    def _parts(self, numbers: Sequence[int]) -> Parts:
        """None where all files are of one."""
        found: dict[Part, tuple[slice, ...]] = {}
        for number in sorted(set(numbers)):
            rows = [place for place, each in enumerate(numbers) if each == number]
            part = slice(self._bounds[rows[0]], self._bounds[rows[-1] + 1])
            if part.start < part.stop:
                found[PARTS[number]] = (part,)
        return found if len(found) > 1 else {}

    def close(self) -> None:
        for file in self.files:
            file.close()
