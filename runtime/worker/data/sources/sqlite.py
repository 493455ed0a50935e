"""SQLite databases. `options`: {"table": "people"} or {"query": "SELECT …"}; what is not given: the first table.

Nothing is ever written: the file is opened read-only and as one that nobody changes, and a query may read and compute,
and nothing else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from resources.plain import listed, shown_name
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, PLACES, READ_CELLS, READ_DATES
from resources.regular_files import open_regular
from resources.text import Text
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, Recognised
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.cells_source import CellColumns, CellsSource
from runtime.worker.data.tables.heads import LARGE
from runtime.worker.data.tables.large_cells import CellBlock, Cells, open_large_cells
from runtime.worker.data.tables.options import options_of, told_by_exporters
from runtime.worker.process.waiting import got_on, is_waited_for, require_waiting

TABLE: Final[Setting[str | None]] = Setting(
    "table",
    Text("Table"),
    Text("The table or view that is read. Empty: the first one."),
    "text",
    None,
    order=10,
    section="option",
    none=Text("the first one"),
)
QUERY: Final[Setting[str | None]] = Setting(
    "query",
    Text("Query"),
    Text("A SELECT in SQL whose rows are the samples, used in place of the table. Empty: the table is read."),
    "text",
    None,
    order=20,
    section="option",
    none=Text("none"),
)
KIND = DataKind(
    "sqlite", Text("SQLite database"), (".sqlite", ".sqlite3", ".db", ".db3"), options=(TABLE, QUERY), peeks=True
)
_MAGIC: Final = b"SQLite format 3\0"
_BLOCK: Final = 10_000  # rows
_FIRST: Final = 100  # rows that are looked at first
_BLOCK_BYTES: Final = 16 * 2**20  # of the texts of a block, about
_MOST_BLOCK_BYTES: Final = 64 * 2**20
_SIZED: Final = (str, bytes)
_SECONDS: Final = 120  # that a query may take from one block to the next
_STEPS: Final = 100_000  # of SQLite's machine between two looks at the clock
_LONGEST: Final = 16 * 2**20  # bytes of a value
_ALLOWED: Final = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
)
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND substr(name, 1, 7) <> 'sqlite_' "
    "ORDER BY type, rowid"
)
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on. The database is only read."""
    place = "file:" + urllib.parse.quote(DATA_FILE) + "?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(place, uri=True)) as database:
        table = TABLE or database.execute(FIRST_TABLE).fetchone()[0]
        rows = database.execute(QUERY or 'SELECT * FROM "' + table.replace('"', '""') + '"')
        names = [entry[0] for entry in rows.description]
        cells = dict(zip(names, zip(*rows)))
    return {name: cells_column(cells[name]) for name in COLUMNS}
'''


def recognise(path: Path) -> Recognised | None:
    try:
        with open_regular(path) as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                return None
        with _told(path.name), closing(_Connection(path)) as connection:
            names = _tables(connection.database)
    except (OSError, DataError):
        return Recognised(0.9, Text("a database that cannot be opened")) if path.suffix in KIND.suffixes else None
    if len(names) == 1:
        return Recognised(1.0, Text("the table {name}", {"name": names[0]}))
    return Recognised(1.0, Text("{count} tables: {names}", {"count": len(names), "names": listed(names)}))


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    path = require_file(source.path)
    with open_regular(path) as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise DataError(Text("{file} is no SQLite database, or it is encrypted.", {"file": path.name}))
    values = options_of(KIND, source)
    if path.stat().st_size >= LARGE and not _is_random(values["query"]):
        options = (KIND.key, values["table"], values["query"])
        return open_large_cells(
            Cells(path, options, partial(_cells, path, values), _place, _empty(path)), _newer_rows(path)
        )
    return _read(path, values)


def _is_random(query: str | None) -> bool:
    """Whether a query may give other rows each time: what is large may have to be read twice."""
    return query is not None and "random" in query.lower()


def peek(source: DataSource) -> Source | None:
    """The first rows of a table in a large file. What a query costs is not known, so it is not asked twice."""
    path, values = require_file(source.path), options_of(KIND, source)
    if path.stat().st_size < LARGE or values["query"]:
        return None
    return _read(path, values, _FIRST)


def _read(path: Path, values: dict[str, Any], most: int | None = None) -> Source:
    """With `most` so many rows alone. Raises DataError."""
    found = CellColumns(path.name)
    with closing(_cells(path, values, None, False, most or _BLOCK)) as blocks:
        for block in blocks:
            found.add(block.columns, block.rows)
            if most is not None:
                break
    if found.rows == 0:
        raise DataError(_empty(path))
    return CellsSource(path.name, found, lambda row: _place(row + 1), _newer_rows(path))


def _place(row: int) -> Text:
    return Text("row {row}", {"row": row})


def _empty(path: Path) -> Text:
    return Text("{file}: the table or the query has no rows.", {"file": path.name})


def _cells(
    path: Path, values: dict[str, Any], chosen: Sequence[str] | None, again: bool, most: int = _BLOCK
) -> Generator[CellBlock]:
    """The rows in blocks of at most so many, of all columns or of the chosen ones. Raises DataError."""
    with _told(path.name), closing(_Connection(path)) as connection:
        query = _query(connection.database, path.name, values["table"], values["query"])
        about = None if values["query"] else _about(connection.database, values["table"])
        names, rows = _rows(connection, query, path.name)
        places = [place for place, name in enumerate(names) if chosen is None or name in chosen]
        done, count = 0, min(most, _FIRST)
        while block := connection.fetch(rows, count):
            got_on(done, about, "rows", again=again)
            cells = list(zip(*block, strict=True))
            yield CellBlock({names[place]: cells[place] for place in places}, len(block), done + 1)
            done += len(block)
            count = _next_count(block, min(most, _BLOCK))


def _next_count(block: list[tuple[Any, ...]], most: int) -> int:
    """How many rows are fetched next: no more than what may well take some megabytes, and twice as many as these."""
    size = sum(len(cell) for row in block for cell in row if isinstance(cell, str | bytes))
    each = max(1, size // len(block))
    return max(1, min(most, 2 * len(block), _BLOCK_BYTES // each))


def _about(database: sqlite3.Connection, table: str | None) -> int | None:
    """About how many rows a table has, found out without counting them; None of views and the like."""
    name = (table or _tables(database)[0]).replace('"', '""')
    try:
        first, last = database.execute(
            f'SELECT (SELECT rowid FROM "{name}" ORDER BY rowid LIMIT 1), (SELECT max(rowid) FROM "{name}")'
        ).fetchone()
    except sqlite3.Error:
        return None
    is_rowid = isinstance(first, int) and isinstance(last, int)
    return last - first + 1 if is_rowid and last >= first else None


def _newer_rows(path: Path) -> Text | None:
    """What others have written and not yet put into the file is not read."""
    beside = path.with_name(path.name + "-wal")
    try:
        waiting = beside.stat().st_size > 0
    except OSError:
        return None
    if not waiting:
        return None
    return Text.of(
        "{file} is open in another program: its newest rows are still in {other}, and are not read.",
        file=path.name,
        other=beside.name,
    )


class _Connection:
    """A database that is only read. Between two rows it may work for `_SECONDS`, as long as somebody waits."""

    def __init__(self, path: Path) -> None:
        """Raises sqlite3.Error."""
        self._ends = time.monotonic() + _SECONDS
        database = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
        try:
            database.execute("PRAGMA trusted_schema = OFF")  # what a stranger's views and triggers may call
        except BaseException:
            database.close()
            raise
        database.text_factory = _text
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        database.set_authorizer(_authorize)
        database.set_progress_handler(self._is_over, _STEPS)
        self.database = database

    def _is_over(self) -> int:
        return int(time.monotonic() > self._ends or not is_waited_for())

    def fetch(self, rows: sqlite3.Cursor, count: int) -> list[tuple[Any, ...]]:
        """Fewer rows where they take more memory than those before made expect: what is computed takes no room."""
        self._ends = time.monotonic() + _SECONDS
        block, size = list[tuple[Any, ...]](), 0
        for row in islice(rows, count):
            block.append(row)
            size += sum([len(cell) for cell in row if cell.__class__ in _SIZED])
            if size > _MOST_BLOCK_BYTES:
                break
        return block

    def close(self) -> None:
        self.database.close()


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace")


def _authorize(action: int, *_about: str | None) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


@contextmanager
def _told(file: str) -> Iterator[None]:
    """Errors of SQLite as DataError."""
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _failure(file, error) from error


def _failure(file: str, error: Exception) -> DataError:
    code = getattr(error, "sqlite_errorname", "") or ""
    if code.startswith("SQLITE_INTERRUPT"):
        require_waiting()
        slow = Text.of("{file}: the query takes longer than {seconds} seconds.", file=file, seconds=_SECONDS)
        return DataError(slow)
    if code.startswith(("SQLITE_AUTH", "SQLITE_READONLY")) or "not authorized" in str(error):
        return DataError(Text("{file}: a query may read (SELECT), and do nothing else.", {"file": file}))
    if "one statement at a time" in str(error):
        return DataError(Text("{file}: the query must be one SELECT.", {"file": file}))
    return DataError(Text.of("{file}: SQLite cannot read it: {reason}.", file=file, reason=shown_name(str(error))))


def _tables(database: sqlite3.Connection) -> list[str]:
    return [str(name) for (name,) in database.execute(_TABLES)]


def _query(database: sqlite3.Connection, file: str, table: str | None, query: str | None) -> str:
    """Raises DataError, sqlite3.Error."""
    if query is not None and query.strip():
        return query
    names = _tables(database)
    if not names:
        raise DataError(Text("{file} has no tables.", {"file": file}))
    if table is not None and table not in names:
        raise DataError(
            Text.of("{file} has no table {table}. It has: {names}.", file=file, table=table, names=listed(names))
        )
    return _select(table or names[0])


def _select(table: str) -> str:
    name = table.replace('"', '""')
    return f'SELECT * FROM "{name}"'


def _rows(connection: _Connection, query: str, file: str) -> tuple[list[str], sqlite3.Cursor]:
    """The names of the columns, and where the rows come from. Raises DataError, sqlite3.Error."""
    cursor = connection.database.execute(query)
    if cursor.description is None:
        raise DataError(Text("{file}: a query may read (SELECT), and do nothing else.", {"file": file}))
    names = [str(entry[0]) for entry in cursor.description]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise DataError(
            Text.of(
                "{file}: two columns of the query are called {name}: name them apart with AS.", file=file, name=double
            )
        )
    return names, cursor


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    with told_by_exporters():
        values = options_of(KIND, source)
    constants = (
        data_file(source),
        Constant("TABLE", literal(values["table"]), behind="None: the first one"),
        Constant("QUERY", literal(values["query"]), behind="None: all of the table"),
        Constant("FIRST_TABLE", quoted(_TABLES)),
        Constant("COLUMNS", list_of(map(quoted, columns))),
    )
    imports = ("import contextlib", "import sqlite3", "import urllib.parse")
    return Loading(imports, constants, (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, _LOAD))
