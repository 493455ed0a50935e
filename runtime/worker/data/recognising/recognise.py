"""What kind of data a file or folder holds: each kind is asked, and the one that is surest is the one."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from resources.os_reasons import os_reason
from resources.plain import listed
from resources.regular_files import shown_path
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised, data_kinds, kind_module
from runtime.worker.data.files import require_file
from runtime.worker.data.recognising.hints import hint_for
from runtime.worker.data.source import DataError

_BY_SUFFIX: Final = 0.5  # how sure a kind is that knows its files by their suffixes alone
_SURE: Final = 0.8  # of a file that is called as another kind of file
_LISTED: Final = 2000  # files of a folder, by which it is said what is in it


class Candidate(NamedTuple):
    """A kind that can read it, and what it says of it."""

    kind: DataKind
    found: Recognised


def recognise(path: Path) -> tuple[Candidate, ...]:
    """The kinds that can read a file or folder, the surest first, at least one. Raises DataError, which helps on."""
    folder = _is_folder(path)
    if not folder:
        require_file(str(path))
    candidates = [Candidate(kind, found) for kind in data_kinds() if (found := _asked(kind, path, folder)) is not None]
    if hint_for(path) is not None and not folder:  # a picture is no table because its bytes are signs, too
        candidates = [one for one in candidates if _knows(one, path)]
    if not candidates:
        raise DataError(_nothing_in(path) if folder else _no_kind(path))
    return tuple(sorted(candidates, key=lambda candidate: -candidate.found.score))


def _knows(candidate: Candidate, path: Path) -> bool:
    return candidate.found.score >= _SURE or path.suffix.lower() in candidate.kind.suffixes


def _is_folder(path: Path) -> bool:
    """Raises DataError for what is not there."""
    try:
        path.stat()
        return path.is_dir()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DataError(Text("{file} is not there.", {"file": shown_path(path)})) from error
    except (OSError, ValueError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else Text("no file can have this name")
        raise DataError(Text.of("{file} could not be read: {reason}.", file=shown_path(path), reason=reason)) from error


def _asked(kind: DataKind, path: Path, folder: bool) -> Recognised | None:
    if not kind.on_disk or (folder and not kind.folders):
        return None
    module = kind_module(kind.key)
    if hasattr(module, "recognise"):
        try:
            found: Recognised | None = module.recognise(path)
        except (DataError, OSError):  # what is wrong with it is told when it is opened, if its name is of this kind
            found = None
        if found is not None:
            return found if found.score > 0 else None
    if not folder and path.suffix.lower() in kind.suffixes:
        sure = _BY_SUFFIX / 10 if hasattr(module, "recognise") else _BY_SUFFIX
        return Recognised(sure, kind.title)
    return None


def _no_kind(path: Path) -> Text:
    if path.stat().st_size == 0:
        return Text("{file} is empty.", {"file": path.name})
    hint = hint_for(path)
    if hint is not None:
        return Text.of("{file} cannot be read as data: {hint}.", file=path.name, hint=hint)
    return Text.of(
        "{file} is nothing that can be read as data. There are: {kinds}.",
        file=path.name,
        kinds=listed([str(kind.title) for kind in data_kinds() if kind.on_disk], 40),
    )


def _nothing_in(folder: Path) -> Text:
    """Of a folder: by what most of its files are."""
    try:
        files = list(itertools.islice((file for file in folder.rglob("*") if file.is_file()), _LISTED))
    except OSError as error:
        return Text.of("{file} could not be read: {reason}.", file=shown_path(folder), reason=os_reason(error))
    if not files:
        return Text("The folder {file} is empty.", {"file": folder.name})
    hints = Counter(file.suffix.lower() for file in files if hint_for(file) is not None)
    if hints:
        suffix = hints.most_common(1)[0][0]
        one = next(file for file in files if file.suffix.lower() == suffix)
        return Text.of(
            "The folder {file} holds no data that can be read. Of {example}: {hint}.",
            file=folder.name,
            example=one.name,
            hint=hint_for(one) or "",
        )
    return Text(
        "The folder {file} holds no data that can be read, but files such as {example}.",
        {"file": folder.name, "example": files[0].name},
    )
