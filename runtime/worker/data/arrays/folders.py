"""The files of a folder that are read as one, and the options that a project gives."""

from __future__ import annotations

import fnmatch
import itertools
import os
from pathlib import Path
from typing import TypeVar

from resources.os_reasons import os_reason
from resources.python_code.in_scripts.own_parts import file_order
from resources.regular_files import shown_path
from resources.text import Text
from resources.training.setting import Setting, SettingError
from runtime.spec import DataSource
from runtime.worker.data.source import DataError

T = TypeVar("T", bound=bool | int | float | str | None)


def require_folder(path: str) -> Path:
    """Raises DataError when it is not there."""
    folder = Path(path)
    if not folder.is_dir():
        raise DataError(Text("The data file {file} is not there any more.", {"file": path}))
    return folder


def folder_files(
    folder: Path,
    suffixes: tuple[str, ...],
    pattern: str | None,
    most: int,
    *,
    by_part: bool = False,
    looked: int | None = None,
) -> list[Path]:
    """Files directly in a folder, a2 before a10: of a pattern, or of these endings; of the first `looked` names there.

    Raises DataError.
    """
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, looked):
                wanted = fnmatch.fnmatchcase(entry.name, pattern) if pattern else entry.name.lower().endswith(suffixes)
                if wanted and not entry.name.startswith(".") and entry.is_file():
                    found.append(entry.name)
                if len(found) > most:
                    raise DataError(
                        Text.of(
                            "{folder} holds more than {count} of these files.", folder=folder.name, count=f"{most:,}"
                        )
                    )
    except OSError as error:
        text = Text.of("{file} could not be read: {reason}.", file=shown_path(folder), reason=os_reason(error))
        raise DataError(text) from error
    return [folder / name for name in sorted(found, key=lambda name: file_order(name, by_part))]


def option_of(source: DataSource, setting: Setting[T]) -> T:
    """Return what a project says of an option, or its default. Raises DataError for what it does not take."""
    value = setting.written(source.options)
    try:
        setting.check(value)
    except SettingError as error:
        raise DataError(error.text) from error
    found: T = value
    return found
