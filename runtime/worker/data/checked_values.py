"""What the check of values has found is not read out of unchanged files again, not by another process either.

Training follows a check, and both look at all values. What was found is kept in the user's cache, by the stamps of the
files, by what was asked and of how many samples. It is only a convenience: where it cannot be written or read, values
are looked at.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import msgspec

from resources.atomic import write_atomically
from resources.cache_folder import cache_dir
from resources.regular_files import read_regular
from runtime.messages.checking import DataProblem, Endpoint
from runtime.worker.data.blocks import checked_samples
from runtime.worker.data.fitting import Fit
from runtime.worker.data.remembered import remembered
from runtime.worker.data.source import Source

Problems = tuple[DataProblem, ...]
Find = Callable[[], Iterable[DataProblem]]
_FOLDER: Final = "checks"
_VERSION: Final = 2  # of the check: what an older one has found is not what this one would
_LARGEST: Final = 2**20
_MOST: Final = 300  # files; the oldest go first


def value_problems(source: Source, fitted: Fit, endpoint: Endpoint, find: Find) -> Problems:
    """What `find` gives for these values. What it raises is not kept."""
    asked = (fitted.columns, fitted.shape, fitted.dtype, fitted.is_output, endpoint.name, endpoint.shape, endpoint.ids)
    loss = endpoint.training.loss if endpoint.training is not None else None
    looked_at = [checked_samples(source, name) for name in fitted.columns]
    key = msgspec.msgpack.encode((_VERSION, asked, loss, looked_at))
    return remembered(source, ("values", key), lambda: _kept(source.identity, key, find))


def _kept(identity: str, key: bytes, find: Find) -> Problems:
    if not identity:
        return tuple(find())
    path = cache_dir() / _FOLDER / f"{hashlib.sha256(identity.encode() + key).hexdigest()[:40]}.json"
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
        known: Problems = msgspec.json.decode(read_regular(path, _LARGEST), type=Problems)
        return known
    found = tuple(find())
    with contextlib.suppress(OSError):  # a full disk, or one that nobody may write on: it is found out again
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        write_atomically(path, msgspec.json.encode(found))
    return found


def _sweep(folder: Path) -> None:
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) - _MOST + 1)]:
        path.unlink(missing_ok=True)
