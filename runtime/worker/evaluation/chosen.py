"""Which samples are meant: rows of the data of a run, or of other data. Free of Keras."""

from __future__ import annotations

from typing import Final

from resources.text import Text
from runtime.messages.trained import On
from runtime.worker.data.keeping.kept_facts import bound_columns, parts_of
from runtime.worker.data.source import DataError, Rows, Source
from runtime.worker.evaluation.known import Known


class Chosen:
    """Samples `rows` of `source`, which is behind all steps. `notes` are what people should know of them."""

    def __init__(self, known: Known, source: Source, on: On, notes: tuple[Text, ...] = ()) -> None:
        """Raises DataError for a part that is empty."""
        self.source, self.notes = source, notes
        self.rows: Rows = _rows(known, source, on)
        if not len(self.rows):
            raise DataError(_EMPTY[on.part])

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def count(self) -> int:
        return len(self.rows)

    def require(self, place: int) -> None:
        """Raises DataError for a sample, counted from 0 within these, that is not there."""
        if not 0 <= place < self.count:
            raise DataError(
                Text.of("There is no sample {number}: the last one is {count}.", number=place + 1, count=self.count)
            )


def require_columns(known: Known, target: str) -> tuple[str, ...]:
    """Those that feed an input. Raises DataError where there are none."""
    columns = known.columns_of(target)
    if not columns:
        raise DataError(Text("The input {name} has no data.", {"name": known.title(target)}))
    return columns


def _rows(known: Known, source: Source, on: On) -> Rows:
    if on.other is None and on.part != "all":
        return parts_of(source, known.spec).rows(on.part)
    return range(min((source.shape(name)[0] for name in bound_columns(known.spec, source)), default=0))


_EMPTY: Final = {
    "training": Text("There is no sample to train with."),
    "validation": Text("The run has no validation part: choose another part, or another file."),
    "test": Text("The run has no test part: keep one back in Data, or choose another file."),
    "all": Text("There are no samples."),
}
