"""Parquet files. Described from what they say of themselves, read by row groups, of each the columns that are wanted.

No options. Times are seconds since 1970; lists of one length are vectors; what else is nested is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, quoted
from resources.python_code.shared import ARROW_VALUES, AS_NUMBERS, PLACES, READ_CELLS, READ_DATES
from resources.regular_files import open_regular
from resources.text import Text
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.arrow_pictures import LOOKED_AT
from runtime.worker.data.tables.arrow_source import ArrowSource

if TYPE_CHECKING:
    from resources.python_code.in_scripts import arrow
else:
    arrow = LazyModule("resources.python_code.in_scripts.arrow")

KIND = DataKind("parquet", Text("Parquet file"), (".parquet", ".pq", ".parq"))
_MAGIC: Final = b"PAR1"
_LIST: Final = re.compile("[.]list[.](element|item)$")  # behind the name of a column of lists
_LARGEST_GROUP: Final = 2 * 2**30  # bytes of a column in a row group
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    table = pyarrow.parquet.read_table(DATA_FILE, columns=COLUMNS)
    return {name: arrow_values(table[name]) for name in COLUMNS}
'''


def recognise(path: Path) -> Recognised | None:
    try:
        with open_regular(path) as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
        with _open(path) as file:
            facts = file.metadata
            what = Text.of("{rows} rows in {columns} columns", rows=facts.num_rows, columns=facts.num_columns)
    except OSError:
        return None
    except DataError:
        return Recognised(0.9, Text("a Parquet file that cannot be opened"))
    return Recognised(1.0, what)


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path = require_file(source.path)
    return ParquetSource(path.name, _open(path))


def _open(path: Path) -> Any:
    """Raises DataError."""
    import pyarrow as pa
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path, memory_map=False, pre_buffer=False)
        words = _repeated_words(file)
        if words:
            facts = file.metadata
            file.close()
            file = pyarrow.parquet.ParquetFile(
                path, metadata=facts, memory_map=False, pre_buffer=False, read_dictionary=words
            )
        return file
    except (pa.ArrowException, ValueError, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise DataError(
                Text.of("{file} cannot be read: {reason}", file=path.name, reason=os_reason(error))
            ) from error
        if "encrypt" in str(error).lower():
            raise DataError(Text("{file} is encrypted: save it without that.", {"file": path.name})) from error
        text = Text("{file} is no Parquet file, or it is damaged or incomplete.", {"file": path.name})
        raise DataError(text, shown_name(str(error))) from error


def _repeated_words(file: Any) -> list[str]:
    """The columns of texts that lie in the file as places in a dictionary: read so, they take no more memory.

    Otherwise each row gets a copy: a file of megabytes may name a text of kilobytes in each of millions of rows.
    """
    facts, schema = file.metadata, file.schema_arrow
    if not facts.num_row_groups:
        return []
    words = {field.name for field in schema if arrow.is_words(field.type)}
    first = facts.row_group(0)
    columns = [first.column(number) for number in range(facts.num_columns)] if words else []
    return [
        column.path_in_schema for column in columns if column.path_in_schema in words and column.has_dictionary_page
    ]


class ParquetSource(ArrowSource):
    def __init__(self, title: str, file: Any) -> None:
        """Raises DataError."""
        self._file, self._gaps = file, dict[str, bool]()
        facts = file.metadata
        starts, rows = [], 0
        for number in range(facts.num_row_groups):
            starts.append(rows)
            rows += facts.row_group(number).num_rows
        if rows == 0:
            file.close()
            raise DataError(Text("{file} holds no rows.", {"file": title}))
        self._places = {_LIST.sub("", facts.schema.column(n).path): n for n in range(facts.num_columns)}
        super().__init__(title, file.schema_arrow, starts, rows)

    def piece(self, name: str, number: int) -> Any:
        import pyarrow as pa

        size = self._bytes(name, number)
        if size > _LARGEST_GROUP:
            large = Text.of(
                "{file}: {column} has row groups of more than 2 GB: write smaller ones.", file=self.title, column=name
            )
            raise DataError(large)
        try:
            return self._file.read_row_group(number, columns=[name], use_threads=False)[name]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(name, error) from error

    def head(self, name: str) -> Any:
        """Of a large row group no more than what is asked for."""
        import pyarrow as pa

        try:
            for batch in self._file.iter_batches(LOOKED_AT, columns=[name], use_threads=False):
                return batch.column(0)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(name, error) from error
        raise AssertionError

    def _damaged(self, name: str, error: Exception) -> DataError:
        text = Text("{file} is damaged: its column {column} cannot be read.", {"file": self.title, "column": name})
        return DataError(text, shown_name(str(error)))

    def _bytes(self, name: str, number: int) -> int:
        place = self._places.get(name, self._places.get(f"{name}.bytes"))
        if place is None:  # a list
            return 0
        return int(self._file.metadata.row_group(number).column(place).total_uncompressed_size)

    def text_bytes(self, name: str) -> int:
        return sum(self._bytes(name, number) for number in range(self._file.metadata.num_row_groups))

    def has_gaps(self, name: str) -> bool:
        """From the statistics of the file; without them a value may be missing."""
        if name not in self._gaps:  # asked of each row group, of which there may be many
            self._gaps[name] = self._look_for_gaps(name)
        return self._gaps[name]

    def _look_for_gaps(self, name: str) -> bool:
        place = self._places.get(name)
        for number in range(self._file.metadata.num_row_groups) if place is not None else ():
            facts = self._file.metadata.row_group(number).column(place).statistics
            if facts is None or not facts.has_null_count or facts.null_count:
                return self._optional(name)
        return place is None and self._optional(name)

    def _optional(self, name: str) -> bool:
        field = self._file.schema_arrow.field(name)
        return bool(field.nullable)

    def close(self) -> None:
        super().close()
        self._file.close()


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    constants = (data_file(source), Constant("COLUMNS", list_of(map(quoted, columns))))
    imports = ("import pyarrow.parquet",)
    return Loading(imports, constants, (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, ARROW_VALUES, _LOAD))
