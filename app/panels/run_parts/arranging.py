"""The rows of the list of runs: which are shown, in which order, under which headings. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.panels.run_parts.run_columns import RunColumn, RunColumns
from runtime.tracking.filtering import FilterError, Test, Value, parse
from runtime.tracking.run_index import TrackedRun
from runtime.tracking.views import View


@dataclass(frozen=True, slots=True)
class Heading:
    """Above the runs of a group; `title` is empty where they have no value. `collapsed`: they are not in the rows."""

    title: str
    count: int
    size: int
    collapsed: bool


Row = TrackedRun | Heading


@dataclass(frozen=True)
class Arranged:
    """`error`: why the filter was not used. `archived`: how many runs are hidden for being so.

    `matching` are the runs that the filter lets through, those in closed groups and in the archive among them.
    `keys` tell rows from those of another list, `places` has the row of each run, `headings` the rows that are none:
    a table of very many runs need not look at one after the other for them.
    """

    rows: tuple[Row, ...]
    shown: int
    size: int
    archived: int
    matching: tuple[TrackedRun, ...] = ()
    error: FilterError | None = None
    keys: tuple[object, ...] = ()
    places: dict[Path, int] = field(default_factory=dict)
    headings: tuple[int, ...] = ()


def arranged(
    runs: Iterable[TrackedRun], columns: RunColumns, view: View, collapsed: Collection[str] = frozenset()
) -> Arranged:
    """`collapsed` are the titles of groups whose runs are left out."""
    error: FilterError | None = None
    passes: Test = _everything
    try:
        passes = parse(view.filter, columns.fields)
    except FilterError as found:
        error = found
    matching = [run for run in runs if passes(run)]
    with_archived = view.archived or "archived" in view.filter.casefold()
    shown = matching if with_archived else [run for run in matching if not run.info.about.archived]
    ordered = in_order(shown, columns.get(view.sort), view.descending)
    group = columns.get(view.group) if view.group else None
    rows = tuple(ordered) if group is None else tuple(_grouped(ordered, group, collapsed))
    size = sum(run.size for run in shown)
    return Arranged(
        rows, len(shown), size, len(matching) - len(shown), tuple(matching), error, tuple(map(_key, rows)),
        {row.folder: place for place, row in enumerate(rows) if isinstance(row, TrackedRun)},
        tuple(place for place, row in enumerate(rows) if isinstance(row, Heading)),
    )  # fmt: skip


def _key(row: Row) -> object:
    return (row.title, row.collapsed) if isinstance(row, Heading) else str(row.info.folder)


def _everything(_run: object) -> bool:
    return True


def in_order(runs: Sequence[TrackedRun], column: RunColumn | None, descending: bool) -> list[TrackedRun]:
    """Those without a value come last, whatever the direction; of equal ones the newest comes first."""
    newest = sorted(runs, key=lambda run: run.info.number, reverse=True)
    if column is None:
        return newest
    known: list[tuple[object, TrackedRun]] = []
    without: list[TrackedRun] = []
    for run in newest:
        key = _order(column.value_of(run))
        if key is None:
            without.append(run)
        else:
            known.append((key, run))
    known.sort(key=lambda pair: pair[0], reverse=descending)  # type: ignore[arg-type, return-value]
    return [run for _key, run in known] + without


def _order(value: Value) -> tuple[int, float, str] | None:
    """Numbers before texts."""
    if value is None or value in ("", ()):
        return None
    if isinstance(value, tuple):
        return (1, 0.0, ", ".join(value).casefold())
    if isinstance(value, str):
        return (1, 0.0, value.casefold())
    return None if math.isnan(value) else (0, float(value), "")


_LAST: Final = (2, 0.0, "")


def _grouped(runs: Sequence[TrackedRun], column: RunColumn, collapsed: Collection[str]) -> Iterable[Row]:
    groups: dict[str, list[TrackedRun]] = {}
    order: dict[str, tuple[int, float, str]] = {}
    for run in runs:
        key = _order(column.value_of(run))
        title = column.text_of(run) if key is not None else ""
        groups.setdefault(title, []).append(run)
        order.setdefault(title, key or _LAST)
    for title in sorted(groups, key=lambda one: order[one]):
        inside = groups[title]
        closed = title in collapsed
        yield Heading(title, len(inside), sum(run.size for run in inside), closed)
        if not closed:
            yield from inside
