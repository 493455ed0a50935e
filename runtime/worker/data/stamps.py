"""What tells that data has changed since it was looked at: times, sizes and numbers of files. Nothing is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from resources.text import Text
from runtime.data_kinds import source_title
from runtime.spec import DataSource, DataSpec

_MOST_FOLDERS: Final = 10_000
_MOST_SIZES: Final = 20_000  # files that are looked at one by one; of more, only that some came or went is seen


def stamps_of(spec: DataSpec) -> tuple[str, ...]:
    """One for each source; empty where there is no file, or none that can be looked at."""
    return tuple(_stamp(source.path) for source in spec.sources)


def changed_since(spec: DataSpec, stamps: Sequence[str]) -> list[DataSource]:
    """The sources that are not what they were; none where the stamps are not those of this data."""
    if len(stamps) != len(spec.sources):
        return []
    found = zip(spec.sources, stamps, stamps_of(spec), strict=True)
    return [source for source, before, now in found if before and before != now]


def change_note(source: DataSource) -> Text:
    """What a run says of a source that has changed."""
    return Text(
        "{file} has changed since it was looked at in Data: this run trains on what it holds now.",
        {"file": source_title(source)},
    )


def _stamp(path: str) -> str:
    if not path:
        return ""
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            return folder_stamp(path)
    except (OSError, ValueError):
        return ""
    return f"{status.st_size}-{status.st_mtime_ns}"


def folder_stamp(path: str) -> str:
    """By the newest time, the number and the size of the files below; folders that links lead to are left out.

    Raises OSError.
    """
    waiting, folders, files, size, newest = [path], 0, 0, 0, 0
    while waiting and folders < _MOST_FOLDERS:
        folder = waiting.pop()
        folders += 1
        newest = max(newest, Path(folder).stat().st_mtime_ns)
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                files += 1
                if files <= _MOST_SIZES:
                    status = entry.stat(follow_symlinks=False)
                    size, newest = size + status.st_size, max(newest, status.st_mtime_ns)
    return f"{folders}-{files}-{size}-{newest}"
