"""Half-written files, so that none is left behind when the process has to end in the middle."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_unfinished: set[Path] = set()


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """`path` is removed at the end, unless it was moved to its place before."""
    _unfinished.add(path)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        _unfinished.discard(path)


def remove_leftovers() -> None:
    """For the end of the process."""
    for path in list(_unfinished):
        path.unlink(missing_ok=True)
