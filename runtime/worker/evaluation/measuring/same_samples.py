"""What tells whether two evaluations were of the same samples: what their columns hold before any step."""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np

from runtime.worker.data.keeping.kept_facts import before_steps
from runtime.worker.data.source import Array, Source
from runtime.worker.data.windowed import WindowedSource

WINDOWS: Final = "\0windows"  # beside the names of columns: how rows make samples
_WHOLE: Final = 64 << 20  # bytes of a column that are read for it; of larger ones samples spread over it
_WORDS: Final = 100_000  # the same in words and texts
_SPREAD: Final = 256  # samples
_OF_FILES: Final = 16  # the same where each sample is a file


def marks_of(source: Source, columns: tuple[str, ...]) -> dict[str, str]:
    """By column a digest of what all samples of `source` have in it before its steps. Raises DataError.

    Words are told as words: which numbers stand for them differs between runs. Of a column of more than 64 MB, and of
    files, samples spread over it are looked at.
    """
    raw = before_steps(source)
    found = {name: _mark(raw, name) for name in columns if raw.has(name)}
    if isinstance(source, WindowedSource):
        found[WINDOWS] = hashlib.sha256(repr(source.windows).encode()).hexdigest()
    return found


def others_in(one: dict[str, str], other: dict[str, str]) -> tuple[str, ...]:
    """The columns that both have, and that do not hold the same; WINDOWS where rows make other samples."""
    differ = [name for name in one if name in other and one[name] != other[name]]
    if one and other and (WINDOWS in one) != (WINDOWS in other):
        differ.append(WINDOWS)
    return tuple(differ)


def _mark(raw: Source, name: str) -> str:
    count, words = raw.shape(name)[0], raw.categories(name)
    values = _values(raw, name)
    digest = hashlib.sha256(repr((raw.shape(name), "words" if words else str(values.dtype))).encode())
    if words:
        values = np.array([*words, ""], object)[values]  # -1, a missing one, is the last
    if values.dtype.kind == "O":
        digest.update(repr(values.tolist()).encode("utf-8", "surrogatepass"))
    else:
        digest.update(np.ascontiguousarray(values).data if values.size else b"")
    digest.update(str(count).encode())
    return digest.hexdigest()


def _values(raw: Source, name: str) -> Array:
    count, dtype = raw.shape(name)[0], raw.dtype(name)
    files = raw.run_rows(name) == 1 and not raw.in_memory()
    texts = dtype.kind == "O" or bool(raw.categories(name))
    small = count <= _WORDS if texts else count * raw.sample_bytes(name) <= _WHOLE
    if small and not files:
        return raw.read(name, slice(0, count))
    most = min(_OF_FILES if files else _SPREAD, count)
    bad = {one.row for one in raw.unreadable()}
    places = np.unique(np.linspace(0, max(count - 1, 0), most).astype(np.int64))
    return raw.take(name, np.array([row for row in places.tolist() if row not in bad], np.int64))
