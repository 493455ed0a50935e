"""What columns hold, for people who look at them. Each kind of profile is a file in ``kinds/`` with a `PROFILE`.

A `PROFILE` is called with a `Looked` and yields what it finds, nothing where it does not apply; `ORDER` says where that
stands.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Final

from resources.registry import modules_with
from runtime.messages.describing import Column
from runtime.messages.profiling import ColumnProfile, ProfilePart
from runtime.worker.data.looking.rows import spread_rows
from runtime.worker.data.profile.looked import Looked, Profile, labels_of
from runtime.worker.data.source import DataError, Source
from runtime.worker.process.control import CancelledError

_PACKAGE: Final = "runtime.worker.data.profile.kinds"


def profiles(
    source: Source, names: Sequence[str], target: str | None, waits: Callable[[], bool]
) -> tuple[ColumnProfile, ...]:
    """Raises CancelledError when nobody waits any more; a column that cannot be read says so in its profile."""
    truth = _truth(source, target, waits)
    return tuple(_profile(source, name, truth, waits) for name in names)


def _truth(source: Source, target: str | None, waits: Callable[[], bool]) -> Looked | None:
    if target is None or not source.has(target):
        return None
    try:
        column = source.column(target)
        return Looked(source, column, spread_rows(source, target), waits, labels_of(source, column))
    except DataError:
        return None  # which its own profile tells


def _profile(source: Source, name: str, truth: Looked | None, waits: Callable[[], bool]) -> ColumnProfile:
    if not waits():
        raise CancelledError
    try:
        column = source.column(name)
        looked = _looked(source, column, truth, waits)
        parts: list[ProfilePart] = []
        for profile in _kinds():
            if not waits():
                raise CancelledError
            parts.extend(profile(looked))
    except DataError as error:
        return ColumnProfile(name, 0, 0, failure=error.text)
    return ColumnProfile(name, column.samples, len(looked.rows), tuple(parts))


def _looked(source: Source, column: Column, truth: Looked | None, waits: Callable[[], bool]) -> Looked:
    if truth is not None and truth.name == column.name:
        return truth
    rows = spread_rows(source, column.name)
    fitting = truth is not None and truth.column.samples == column.samples
    return Looked(source, column, rows, waits, truth.labels if truth and fitting else None, truth if fitting else None)


@cache
def _kinds() -> tuple[Profile, ...]:
    modules = modules_with(import_module(_PACKAGE), "PROFILE")
    return tuple(module.PROFILE for module in sorted(modules, key=lambda module: module.ORDER))
