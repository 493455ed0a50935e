"""Curves and tables of runs to other programs, and logs of these among the runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.cli.common.output import CommandError, say
from app.cli.common.writing import require_free
from app.model_files.log_reader import LogFileReader, import_log
from app.panels.runs.comparing.facts import facts_of, table_of
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import FileError
from resources.os_reasons import os_reason
from resources.text import Text, tr
from runtime.store import RunInfo, StoreError
from runtime.tracking.format import TrackingFormat, tracking_formats
from runtime.tracking.writing import export_curves, export_table


def export_curves_to(path: Path, runs: Sequence[RunInfo], force: bool) -> None:
    """Raises CommandError."""
    form = _format(path, tracking_formats())
    if form.suffix:
        require_free(path, force)
    elif path.is_dir() and any(path.iterdir()):
        raise CommandError(Text("The folder {folder} is not empty.", {"folder": str(path)}), status=2)
    try:
        export_curves(form, _sound(runs), path)
    except OSError as error:
        raise _not_saved(path, error) from error
    say(tr("Wrote {file}.", file=str(path)))


def export_table_to(path: Path, runs: Sequence[RunInfo], force: bool) -> None:
    """Raises CommandError."""
    form = _format(path, [form for form in tracking_formats() if form.write_table is not None])
    require_free(path, force)
    catalog = Catalog.load()
    try:
        export_table(form, table_of([facts_of(run, catalog) for run in _sound(runs)]), path)
    except OSError as error:
        raise _not_saved(path, error) from error
    say(tr("Wrote {file}.", file=str(path)))


def import_into(runs: Path, log: Path) -> None:
    """Raises CommandError."""
    try:
        folders, left_out = import_log(LogFileReader(), log, runs)
    except (FileError, StoreError) as error:
        raise CommandError(error.text) from error
    for folder in folders:
        say(tr("Wrote {file}.", file=str(folder)))
    if left_out:
        say(tr("{count} files or runs were left out.", count=left_out))


def _format(path: Path, forms: Sequence[TrackingFormat]) -> TrackingFormat:
    found = next((form for form in forms if form.suffix == path.suffix.lower()), None)
    if found is None:
        endings = ", ".join(form.suffix for form in forms if form.suffix)
        text = Text("{file} must end with one of these: {endings}.", {"file": path.name, "endings": endings})
        raise CommandError(text, status=2)
    return found


def _sound(runs: Sequence[RunInfo]) -> list[RunInfo]:
    sound = [run for run in runs if run.status != "damaged"]
    if not sound:
        raise CommandError(Text("There is no run that can be read."))
    return sound


def _not_saved(path: Path, error: OSError) -> CommandError:
    return CommandError(Text.of("{file} was not saved: {reason}.", file=str(path), reason=os_reason(error)))
