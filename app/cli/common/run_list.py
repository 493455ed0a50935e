"""Which runs a verb lists, in which order and columns, as the window does: filter, saved views, no archived ones."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from app.cli.common.output import CommandError
from app.cli.common.paths import named
from app.panels.run_parts.arranging import arranged
from app.panels.run_parts.run_columns import RunColumn, RunColumns
from graph_editor.catalog.catalog import Catalog
from resources.os_reasons import os_reason
from resources.text import Text, tr
from runtime.store import RunInfo, read_run
from runtime.tracking.run_index import RunIndex, TrackedRun
from runtime.tracking.views import View, ViewColumn, read_views

USAGE = 2


def add_list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--filter", type=named, metavar="WORDS",
        help=tr("only runs with these words, or for which this holds: val_loss < 0.3, tag:baseline, status:failed"),
    )  # fmt: skip
    parser.add_argument(
        "--sort", type=named, metavar="COLUMN", help=tr("the smallest first; with --reverse the largest")
    )
    parser.add_argument("--reverse", action="store_true", help=tr("the other way round"))
    parser.add_argument(
        "--columns", type=named, metavar="A,B", help=tr("what to show of each run; --columns help lists all")
    )
    parser.add_argument("--view", type=named, metavar="NAME", help=tr("a view that was saved in the window"))
    parser.add_argument("--archived", action="store_true", help=tr("archived runs as well"))


def tracked_runs(folder: Path) -> list[TrackedRun]:
    """Raises CommandError."""
    try:
        return RunIndex(folder).read()
    except OSError as error:
        text = Text.of("The runs in {folder} cannot be read: {reason}.", folder=str(folder), reason=os_reason(error))
        raise CommandError(text) from error


def whole(run: TrackedRun) -> RunInfo:
    """With its model, which the list may be without."""
    return (read_run(run.folder) or run.info) if run.lightened else run.info


class Listing:
    """What the arguments ask for of `runs`. Raises CommandError for a column, filter or view that cannot be."""

    def __init__(self, folder: Path, runs: Sequence[TrackedRun], args: argparse.Namespace, everything: bool) -> None:
        """`everything`: archived runs are shown too, as where they were named."""
        self.columns = RunColumns(runs, Catalog.load())
        view = _view(folder, args.view) or View(sort="number", descending=False)
        if args.sort is not None:
            view = msgspec.structs.replace(view, sort=self._column(args.sort).key, descending=False)
        if args.filter is not None:
            both = f"({view.filter}) ({args.filter})" if view.filter else args.filter
            view = msgspec.structs.replace(view, filter=both)
        if args.columns is not None and args.columns != "help":
            keys = [self._column(word.strip()).key for word in args.columns.split(",") if word.strip()]
            view = msgspec.structs.replace(view, columns=tuple(ViewColumn(key) for key in keys))
        descending = view.descending != args.reverse
        archived = view.archived or args.archived or everything
        view = msgspec.structs.replace(view, group="", descending=descending, archived=archived)
        found = arranged(runs, self.columns, view)
        if found.error is not None:
            raise CommandError(found.error.text, status=USAGE)
        self.runs = [row for row in found.rows if isinstance(row, TrackedRun)]
        self.hidden, self.count = found.archived, len(runs)
        self.shown: list[RunColumn] = [
            column for one in view.columns if (column := self.columns.get(one.key)) is not None
        ]

    def _column(self, word: str) -> RunColumn:
        column = self.columns.find(word)
        if column is None:
            raise CommandError(Text("There is no column “{name}”.", {"name": word[:80]}), status=USAGE)
        return column

    def values(self, run: TrackedRun) -> dict[str, Any]:
        """Of the columns that were asked for, by their keys."""
        return {column.key: column.value_of(run) for column in self.shown}


def _view(folder: Path, name: str | None) -> View | None:
    if name is None:
        return None
    view = read_views(folder).find(name)
    if view is None:
        raise CommandError(Text("There is no view “{name}”.", {"name": name[:80]}), status=USAGE)
    return view
