"""Files that are read for hours may vanish or change: then it is told, and nothing is trained on half of each."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from resources.text import Text
from runtime.worker.data.source import DataError


class Unchanged:
    """Raises DataError when one of the files, or folders, is not what it was when this was made."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._stamps = {path: _stamp(path) for path in paths if path}

    def __call__(self) -> None:
        for path, before in self._stamps.items():
            now = _stamp(path)
            if now == before:
                continue
            if now is None:
                raise DataError(Text("The data file {file} is not there any more.", {"file": path}))
            text = Text("{file} was changed while it was trained on: start the training anew.", {"file": path})
            raise DataError(text)


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        status = Path(path).stat()
    except OSError:
        return None
    if stat.S_ISDIR(status.st_mode):  # others may put something beside what is read
        return (status.st_ino,)
    return status.st_mtime_ns, status.st_size, status.st_ino
