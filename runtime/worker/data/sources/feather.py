"""Feather and other files of Arrow: memory mapped where they are not compressed, otherwise read batch by batch.

No options.
What Hugging Face's `datasets` stores (a stream of batches) is read as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from resources.plain import shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import ARROW_VALUES, AS_NUMBERS, PLACES, READ_CELLS, READ_DATES
from resources.regular_files import open_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.arrow_source import ArrowSource

KIND = DataKind("feather", Text("Feather or Arrow file"), (".feather", ".arrow", ".ipc"))
_MAGIC: Final = b"ARROW1"
_STREAM: Final = b"\xff\xff\xff\xff"
_OLD: Final = b"FEA1"
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    with pa.memory_map(DATA_FILE) as file:
        is_file = file.read(6) == b"ARROW1"
        file.seek(0)
        table = (pa.ipc.open_file if is_file else pa.ipc.open_stream)(file).read_all()
        return {name: arrow_values(table[name]).copy() for name in COLUMNS}
'''


def recognise(path: Path) -> Recognised | None:
    try:
        with open_regular(path) as file:
            begins = file.read(len(_MAGIC))
    except OSError:
        return None
    if begins != _MAGIC and not (begins.startswith(_STREAM) and path.suffix.lower() in KIND.suffixes):
        return None
    return Recognised(1.0, Text("a table of Arrow"))


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    import pyarrow as pa
    import pyarrow.ipc

    path = require_file(source.path)
    with open_regular(path) as file:
        begins = file.read(len(_MAGIC))
    if begins.startswith(_OLD):
        raise DataError(Text("{file} is of Feather's first version: write it again as version 2.", {"file": path.name}))
    try:
        mapped = pa.memory_map(str(path))
        if begins == _MAGIC:
            reader = pyarrow.ipc.open_file(mapped)
            batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        else:
            reader = pyarrow.ipc.open_stream(mapped)
            batches = list(reader)
        for batch in batches:
            batch.validate()
        return FeatherSource(path.name, mapped, reader.schema, batches, [path])
    except (pa.ArrowException, OSError, ValueError) as error:
        text = Text("{file} is no Arrow file, or it is damaged or incomplete.", {"file": path.name})
        raise DataError(text, shown_name(str(error))) from error


def _stamp(file: Path) -> object:
    status = file.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


class FeatherSource(ArrowSource):
    is_mapped = True

    def __init__(self, title: str, mapped: Any, schema: Any, batches: list[Any], files: Sequence[Path]) -> None:
        """`files` are those that are mapped. Raises DataError, OSError."""
        self._mapped, self._batches = mapped, batches
        self._stamps = {file: _stamp(file) for file in files}
        starts, rows = [], 0
        for batch in batches:
            starts.append(rows)
            rows += batch.num_rows
        if rows == 0:
            raise DataError(Text("{file} holds no rows.", {"file": title}))
        super().__init__(title, schema, starts, rows)

    def piece(self, name: str, number: int) -> Any:
        import pyarrow as pa

        self._require_unchanged()
        column = self._batches[number].column(name)
        try:
            column.validate(full=True)  # offsets of a hostile file lead anywhere
        except pa.ArrowException as error:
            text = Text.of("{file} is damaged: its column {column} cannot be read.", file=self.title, column=name)
            raise DataError(text, shown_name(str(error))) from error
        return column

    def _require_unchanged(self) -> None:
        """To touch what a mapped file has lost ends the process. Raises DataError."""
        for file, stamp in self._stamps.items():
            try:
                now: object = _stamp(file)
            except OSError:
                now = None
            if now != stamp:
                raise DataError(Text("{file} has changed since it was opened.", {"file": file.name}))

    def _held(self, name: str, number: int) -> Any:
        self._require_unchanged()  # pictures are kept where they lie
        return super()._held(name, number)

    def text_bytes(self, name: str) -> int:
        self._require_unchanged()
        return sum(batch.column(name).nbytes for batch in self._batches)

    def has_gaps(self, name: str) -> bool:
        self._require_unchanged()
        return any(batch.column(name).null_count for batch in self._batches)

    def close(self) -> None:
        super().close()
        self._batches.clear()
        self._mapped.close()


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    return Loading((), constants, (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, ARROW_VALUES, _LOAD))
