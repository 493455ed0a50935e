"""Writing curves and tables of runs: all of it, or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from resources.atomic import replaceable, swap_in
from resources.temporaries import temporary_name
from runtime.store import RunInfo
from runtime.tracking.format import GoOn, Table, TrackingFormat


def export_curves(form: TrackingFormat, runs: Sequence[RunInfo], path: Path, go_on: GoOn = lambda _share: True) -> None:
    """Write all numbers of `runs`. A file that is there is replaced; a folder must not be there.

    Raises OSError, and CancelledError when `go_on` said no; nothing is left then.
    """
    _write(path, bool(form.suffix), lambda written: form.write_curves(runs, written, go_on))


def export_table(form: TrackingFormat, table: Table, path: Path) -> None:
    """Raises OSError."""
    write = form.write_table
    assert write is not None
    _write(path, True, lambda written: write(table, written))


def _write(path: Path, is_file: bool, write: Callable[[Path], None]) -> None:
    target, mode = replaceable(path) if is_file else (path, None)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = target.with_name(temporary_name(target.name))
    try:
        write(written)
        if is_file:
            swap_in(written, target, mode)
        else:
            written.rename(target)  # an OSError when something is there, but an empty folder
    finally:
        if written.is_dir():
            shutil.rmtree(written, ignore_errors=True)
        else:
            written.unlink(missing_ok=True)
