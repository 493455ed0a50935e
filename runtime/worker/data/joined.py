"""Several sources as one, whose samples find each other by their order or by a key. Free of Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from resources.plain import shown_name
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem, OptionChange, ProposedMend, SettingChange
from runtime.messages.describing import Column
from runtime.spec import ColumnKind, DataSource, Join, Step
from runtime.worker.data.join_keys import MISSING, Keys, Matches, keys_of, matched
from runtime.worker.data.source import Array, DataError, Part, Source, Unreadable

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_SHOWN_KEY: Final = 60
_OTHER_COUNT: Final = Text("it has another number of samples than the column that the sources are joined by")


class _Place(NamedTuple):
    """Where a column is read: the source, its number, its name there."""

    source: Source
    number: int
    own: str


class JoinedSource(Source):
    """The columns of the first source, and those of others as NAME/column.

    `rows[n]` says which row of source n belongs to each sample, None: as they stand; MISSING: none, which is read as
    NaN, as a missing word, or as zeros (the check refuses it).
    """

    def __init__(self, sources: Sequence[Source], specs: Sequence[DataSource]) -> None:
        """The sources are closed by whoever opened them. Raises DataError for a join by columns that are none."""
        self._sources = tuple(sources)
        self._rows: list[Array | None] = [None for _ in sources]
        self._problems: list[DataProblem] = []
        self._left_out: dict[str, Text] = dict(sources[0].left_out)
        joins = [spec.join or Join() for spec in specs]
        kept: Array | None = None
        for number in range(1, len(sources)):
            if joins[number].by == "key":
                found = self._join_by_key(number, specs[number].name, joins[number])
                if joins[number].missing == "leave_out":
                    here = found != MISSING
                    kept = here if kept is None else kept & here
            else:
                self._join_by_order(number)
        samples = None if kept is None else np.flatnonzero(kept)
        if samples is not None:
            self._rows = [samples if rows is None else rows[samples] for rows in self._rows]
        self._places = self._all_places(specs, None if kept is None else len(kept))

    def _join_by_key(self, number: int, title: str, join: Join) -> Array:
        first, second = self._sources[0], self._sources[number]
        first_keys, second_keys = _keys(first, join.to), _keys(second, join.column)
        matches = matched(first_keys, second_keys)
        self._rows[number] = matches.rows
        self._problems += self._key_problems(number, title, join, matches, first_keys)
        return matches.rows

    def _key_problems(
        self, number: int, title: str, join: Join, matches: Matches, first_keys: Keys
    ) -> Iterator[DataProblem]:
        first, second = self._sources[0], self._sources[number]
        missing = np.flatnonzero(matches.rows == MISSING)
        if len(missing) == len(matches.rows) and len(missing):
            text = Text.of(
                "No value of {column} in {file} is found in {other_column} of {other}: the first is “{key}”.",
                column=join.to,
                file=first.title,
                other_column=join.column,
                other=second.title,
                key=shown_name(first_keys.text(0), _SHOWN_KEY),
            )
            yield DataProblem("error", text, kind="join")
        elif len(missing) and join.missing == "problem":
            text = Text.of(
                "{count} samples of {file} have no match in {other}; the first at {place}, whose {column} is “{key}”.",
                count=f"{len(missing):,}",
                file=first.title,
                other=second.title,
                place=first.place(int(missing[0])),
                column=join.to,
                key=shown_name(first_keys.text(int(missing[0])), _SHOWN_KEY),
            )
            mend = _mend(Text("Leave these samples out"), number, "missing", "leave_out")
            yield DataProblem("error", text, kind="join", mend=mend)
        if len(matches.double) and join.double == "problem":
            one = int(matches.double[0])
            text = Text.of(
                "{count} samples of {other} share their {column} with another one; the first at {place}.",
                count=f"{len(matches.double):,}",
                other=second.title,
                column=f"{title}/{join.column}",
                place=second.place(one),
            )
            mend = _mend(Text("Take the first of them"), number, "double", "first")
            yield DataProblem("error", text, kind="join", mend=mend)

    def _join_by_order(self, number: int) -> None:
        first, second = self._sources[0], self._sources[number]
        counts = [{source.shape(name)[0] for name in source.names()} for source in (first, second)]
        if len(counts[0]) == len(counts[1]) == 1 and counts[0] != counts[1]:
            text = Text.of(
                "{file} has {count} samples, but {other} has {least}: to be joined by their order, they need as many.",
                file=first.title,
                count=f"{counts[0].pop():,}",
                other=second.title,
                least=f"{counts[1].pop():,}",
            )
            self._problems.append(DataProblem("error", text, kind="join"))

    def _all_places(self, specs: Sequence[DataSource], keyed: int | None) -> dict[str, _Place]:
        """`keyed`: so many samples a column needs where some are left out."""
        places: dict[str, _Place] = {}
        for number, source in enumerate(self._sources):
            before = f"{specs[number].name}/" if number else ""
            self._left_out |= {f"{before}{name}": reason for name, reason in source.left_out.items()}
            for name in source.names():
                joined_by_order = number == 0 or (specs[number].join or Join()).by == "order"
                if keyed is not None and joined_by_order and source.shape(name)[0] != keyed:
                    self._left_out[f"{before}{name}"] = _OTHER_COUNT
                elif f"{before}{name}" not in places:
                    places[f"{before}{name}"] = _Place(source, number, name)
        return places

    # what every source says

    @property
    def note(self) -> Text | None:  # type: ignore[override]  # of the sources, whichever has one
        return next((source.note for source in self._sources if source.note is not None), None)

    @property
    def left_out(self) -> Mapping[str, Text]:  # type: ignore[override]
        return self._left_out

    @property
    def title(self) -> str:
        return " + ".join(source.title for source in self._sources)

    def names(self) -> tuple[str, ...]:
        return tuple(self._places)

    def has(self, name: str) -> bool:
        return name in self._places

    def problems(self) -> Iterator[DataProblem]:
        for number, source in enumerate(self._sources):
            yield from (_of_source(problem, number, None) for problem in source.problems())
        yield from self._problems

    def shape(self, name: str) -> tuple[int, ...]:
        place, rows = self._place(name)
        shape = place.source.shape(place.own)
        return shape if rows is None else (len(rows), *shape[1:])

    def dtype(self, name: str) -> np.dtype[Any]:
        place, rows = self._place(name)
        dtype = place.source.dtype(place.own)
        has_gaps = rows is not None and dtype.kind in "biu" and not place.source.categories(place.own)
        if has_gaps and self._is_single(place) and np.any(rows == MISSING):
            return np.dtype(np.float64)  # which has NaN
        return dtype

    def read(self, name: str, rows: slice) -> Array:
        self.require(name)
        place, chosen = self._place(name)
        if chosen is None:
            return place.source.read(place.own, rows)
        return self._taken(name, place, chosen[rows])

    def take(self, name: str, rows: Array) -> Array:
        self.require(name)
        place, chosen = self._place(name)
        if chosen is None:
            return place.source.take(place.own, rows)
        return self._taken(name, place, chosen[rows])

    def categories(self, name: str) -> tuple[str, ...]:
        place, _ = self._place(name)
        return place.source.categories(place.own)

    def written(self, name: str, row: int) -> str | None:
        place, rows = self._place(name)
        own = row if rows is None else int(rows[row])
        return None if own == MISSING else place.source.written(place.own, own)

    def number_among_words(self, name: str) -> int | None:
        place, rows = self._place(name)
        own = place.source.number_among_words(place.own)
        if own is None or rows is None:
            return own
        found = np.flatnonzero(rows == own)
        return int(found[0]) if len(found) else None

    def doubts(self, name: str) -> Iterator[DataProblem]:
        place, rows = self._place(name)
        for problem in place.source.doubts(place.own):
            yield _of_source(_with_row_here(problem, rows), place.number, name)

    def read_through(self, name: str, tell: Callable[[float], None]) -> None:
        place, _ = self._place(name)
        place.source.read_through(place.own, tell)

    def reshaping(self, name: str, shape: Sequence[int | None]) -> ProposedMend | None:
        place, _ = self._place(name)
        return _mend_in(place.source.reshaping(place.own, shape), place.number)

    def sample_kind(self, name: str) -> ColumnKind | None:
        place, _ = self._place(name)
        return place.source.sample_kind(place.own)

    def run_rows(self, name: str) -> int:
        place, rows = self._place(name)
        return place.source.run_rows(place.own) if rows is None or place.number == 0 else 1

    @property
    def decodes_in_threads(self) -> bool:
        return any(source.decodes_in_threads for source in self._sources)

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        """Those of the first source that has any, among those whose samples stand in this order."""
        for source, rows in zip(self._sources, self._rows, strict=True):
            parts = source.parts()
            if parts and (rows is None or bool((np.diff(rows) > 0).all() and (rows != MISSING).all())):
                return {part: tuple(_moved(piece, rows) for piece in pieces) for part, pieces in parts.items()}
        return {}

    def unreadable(self) -> Sequence[Unreadable]:
        found: list[Unreadable] = []
        for source, rows in zip(self._sources, self._rows, strict=True):
            for each in source.unreadable():
                here = [each.row] if rows is None else np.flatnonzero(rows == each.row).tolist()
                found += [each._replace(row=row) for row in here]
        return found

    def same_samples(self) -> Sequence[tuple[int, ...]]:
        """Of the first source: what the others say of samples is true of none of their columns alone."""
        rows, groups = self._rows[0], self._sources[0].same_samples()
        if rows is None:
            return groups
        places = {int(row): place for place, row in enumerate(rows.tolist())}
        left = [tuple(places[row] for row in group if row in places) for group in groups]
        return [group for group in left if len(group) > 1]

    def is_stale(self) -> bool:
        return any(source.is_stale() for source in self._sources)

    def steps(self, name: str) -> Sequence[Step]:
        place, _ = self._place(name)
        return place.source.steps(place.own)

    def file_format(self, name: str) -> dict[str, Any]:
        place, _ = self._place(name)
        return place.source.file_format(place.own)

    def thumbnail(self, name: str, row: int, size: int) -> Array | None:
        place, rows = self._place(name)
        own = row if rows is None else int(rows[row])
        return None if own == MISSING else place.source.thumbnail(place.own, own, size)

    def in_memory(self) -> bool:
        return all(source.in_memory() for source in self._sources)

    def origin(self, row: int) -> int:
        return row  # what people look at is joined, too

    def place(self, row: int) -> Text:
        rows = self._rows[0]
        return self._sources[0].place(row if rows is None else int(rows[row]))

    def _describe(self, name: str) -> Column:
        place, rows = self._place(name)
        if rows is None:
            return msgspec.structs.replace(place.source.column(place.own), name=name)
        return super()._describe(name)

    def _place(self, name: str) -> tuple[_Place, Array | None]:
        place = self._places[name]
        return place, self._rows[place.number]

    def _is_single(self, place: _Place) -> bool:
        return all(size == 1 for size in place.source.shape(place.own)[1:])

    def _taken(self, name: str, place: _Place, rows: Array) -> Array:
        """Rows of the source of a column; nothing where there is none."""
        here = rows != MISSING
        if here.all():
            return place.source.take(place.own, rows)
        found = place.source.take(place.own, rows[here])
        dtype = self.dtype(name)
        nothing: object = "" if dtype.kind == "O" else np.nan if dtype.kind == "f" else 0
        if place.source.categories(place.own):
            nothing = MISSING
        values: Array = np.full((len(rows), *found.shape[1:]), nothing, dtype)
        values[here] = found
        return values


def _keys(source: Source, name: str) -> Keys:
    """Raises DataError."""
    source.require(name)
    if any(size != 1 for size in source.shape(name)[1:]):
        text = Text.of(
            "{column} of {file} cannot be joined by: it has more than one value a sample.",
            column=name,
            file=source.title,
        )
        raise DataError(text)
    return keys_of(source, name)


def _mend(text: Text, number: int, key: str, value: str) -> ProposedMend:
    return ProposedMend(text, (SettingChange("data", ("sources", str(number), "join", key), value),))


def _of_source(problem: DataProblem, number: int, column: str | None) -> DataProblem:
    """What source `number` says, with what its column is called here."""
    return msgspec.structs.replace(problem, column=column or problem.column, mend=_mend_in(problem.mend, number))


def _with_row_here(problem: DataProblem, rows: Array | None) -> DataProblem:
    """The sample that a source counts as its own, as it is counted here; `rows` are those of the source."""
    if problem.row is None or rows is None:
        return problem
    found = np.flatnonzero(rows == problem.row)
    return msgspec.structs.replace(problem, row=int(found[0]) if len(found) else None)


def _mend_in(mend: ProposedMend | None, number: int) -> ProposedMend | None:
    """What source `number` proposes, which knows itself as the first."""
    if mend is None:
        return None
    changes = tuple(
        msgspec.structs.replace(change, source=number) if isinstance(change, OptionChange) else change
        for change in mend.changes
    )
    return ProposedMend(mend.text, changes)


def _moved(piece: slice, rows: Array | None) -> slice:
    """Where samples of a source stand among those that are left of it."""
    if rows is None:
        return piece
    return slice(int(np.searchsorted(rows, piece.start or 0)), int(np.searchsorted(rows, piece.stop)))
