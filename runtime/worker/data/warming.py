"""Imports what reading data needs while nobody asks for anything, so that the first file is not kept waiting."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from runtime.data_kinds import data_kinds, kind_module
from runtime.step_kinds import step_kinds

# Of each the part that takes the time; those of extras may not be there.
_LIBRARIES: Final = ("numpy", "h5py", "PIL.Image", "pyarrow.parquet", "pyarrow.csv", "python_calamine", "soundfile")
_PROFILES: Final = "runtime.worker.data.profile.profiles"


class Warming:
    """`go_on` imports the next piece: a question that comes meanwhile waits for one at the most."""

    def __init__(self) -> None:
        self._pieces = _pieces()

    def go_on(self) -> bool:
        """Whether there is more."""
        piece = next(self._pieces, None)
        if piece is None:
            return False
        if find_spec(piece.partition(".")[0]) is not None:
            try:
                importlib.import_module(piece)
            except (ImportError, OSError):  # a library that is broken: who needs it is told so
                return True
        return True


def _pieces() -> Iterator[str]:
    yield _PROFILES
    for kind in data_kinds():
        yield kind_module(kind.key).__name__
    yield from _LIBRARIES
    step_kinds()
