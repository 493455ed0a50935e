"""Sheets of Excel (.xlsx, .xlsm, .xls) and OpenDocument (.ods).

`options`: {"sheet": "2024", "area": "B3:F100", "header": true}.

What is not given is found out: the first sheet that is not hidden, all of it, a header by its words. Formulas have the
values that the file keeps of them. A cell with an error is a problem with its place; of .xls and .ods an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from resources.plain import listed
from resources.python_code.parts import Constant, Loading
from resources.python_code.pieces import list_of, literal, quoted
from resources.python_code.shared import AS_NUMBERS, AS_WRITTEN, PLACES, READ_CELLS, READ_DATES, READ_SHEETS
from resources.text import Text
from resources.training.setting import Setting
from runtime.data_kinds import DataKind, Recognised
from runtime.lazy import LazyModule
from runtime.messages.checking import DataProblem
from runtime.python_code import data_file
from runtime.spec import DataSource
from runtime.worker.data.files import require_file
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.tables.cells_source import CellColumns, CellsSource
from runtime.worker.data.tables.options import options_of, told_by_exporters
from runtime.worker.data.tables.workbooks import SheetFacts, check_archive, damaged, look_through, password

if TYPE_CHECKING:
    from resources.python_code.in_scripts import sheets
else:
    sheets = LazyModule("resources.python_code.in_scripts.sheets")

SHEET: Final[Setting[str | None]] = Setting(
    "sheet",
    Text("Sheet"),
    Text("The sheet that is read. Empty: the first one that is not hidden."),
    "text",
    None,
    order=10,
    section="option",
    none=Text("the first one"),
)
AREA: Final[Setting[str | None]] = Setting(
    "area",
    Text("Area"),
    Text("The cells that are read, such as B3:F100. Empty: all cells of the sheet."),
    "text",
    None,
    order=20,
    section="option",
    none=Text("all cells"),
    pattern="[A-Za-z]{1,3}[1-9][0-9]{0,6}:[A-Za-z]{1,3}[1-9][0-9]{0,6}",
    form_of_text=Text("two corners, such as B3:F100"),
)
HEADER: Final[Setting[bool | None]] = Setting(
    "header",
    Text("Header"),
    Text("Whether the first row names the columns. If you do not say, it is found by itself."),
    "bool",
    None,
    order=30,
    section="option",
)
KIND = DataKind(
    "excel", Text("Excel or OpenDocument"), (".xlsx", ".xlsm", ".xls", ".ods"), options=(SHEET, AREA, HEADER)
)
_LOAD: Final = '''def load_data():
    """The columns that the model is trained on."""
    workbook = python_calamine.CalamineWorkbook.from_path(DATA_FILE)
    sheet = workbook.get_sheet_by_name(SHEET) if SHEET else workbook.get_sheet_by_index(0)
    columns = sheet_columns(sheet_rows(sheet, AREA), HEADER)
    return {name: cells_column(columns[name]) for name in COLUMNS}
'''


def recognise(path: Path) -> Recognised | None:
    import python_calamine

    if path.suffix.lower() not in KIND.suffixes:
        return None
    try:
        check_archive(path)
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            names = workbook.sheet_names
    except (DataError, OSError, python_calamine.CalamineError):
        return Recognised(0.9, Text("a workbook that cannot be opened"))
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            return Recognised(0.9, Text("a workbook that cannot be opened"))
        raise
    if len(names) == 1:
        return Recognised(1.0, Text("the sheet {name}", {"name": names[0]}))
    return Recognised(1.0, Text("{count} sheets: {names}", {"count": len(names), "names": listed(names)}))


def open_source(source: DataSource) -> Source:
    """Raises DataError."""
    import python_calamine

    path = require_file(source.path)
    values = options_of(KIND, source)
    check_archive(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(str(path)) as workbook:
            name = _sheet_name(workbook, values["sheet"], path.name)
            facts = look_through(path, name, workbook.sheet_names.index(name))
            sheet = workbook.get_sheet_by_name(name)
            rows = sheets.sheet_rows(sheet, values["area"])
            first = sheets.first_column(sheet, values["area"])
    except python_calamine.PasswordError as error:
        raise password(path.name) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged(path.name, error) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # of Rust, which is no Exception
            raise damaged(path.name, error) from error
        raise
    return _source(path.name, name, rows, values["header"], facts, first)


def _source(
    title: str, sheet: str, rows: list[tuple[int, list[Any]]], header: bool | None, facts: SheetFacts, first: int
) -> Source:
    columns = sheets.sheet_columns(rows, header)
    count = len(next(iter(columns.values()), ()))
    if count == 0:
        if rows:
            raise DataError(Text.of("{file}: the sheet {sheet} has a header, but no rows.", file=title, sheet=sheet))
        raise DataError(Text.of("{file}: the sheet {sheet} is empty.", file=title, sheet=sheet))
    numbers = [number for number, _ in rows[len(rows) - count :]]
    below, errors = set(numbers), dict[str, str]()
    letters = [sheets.column_letters(first + place) for place in range(len(columns))]
    for cell, row in facts.errors.items():
        letter = cell.rstrip("0123456789")
        if row in below and letter in letters:
            errors.setdefault(list(columns)[letters.index(letter)], cell)
    found = CellColumns(title)
    found.add(columns, count)
    return ExcelSource(title, sheet, found, numbers, errors)


class ExcelSource(CellsSource):
    def __init__(
        self, title: str, sheet: str, found: CellColumns, numbers: list[int], errors: Mapping[str, str]
    ) -> None:
        """`errors` are the first cells with an error, by the names of their columns."""
        super().__init__(title, found, lambda row: Text.of("row {row} of {sheet}", row=numbers[row], sheet=sheet))
        self._sheet, self._errors = sheet, errors

    def doubts(self, name: str) -> Iterator[DataProblem]:
        yield from super().doubts(name)
        if name in self._errors:
            text = Text.of(
                "{file}: the cell {cell} of {sheet} holds an error instead of a value: mend its formula, or empty it.",
                file=self.title,
                cell=self._errors[name],
                sheet=self._sheet,
            )
            yield DataProblem("error", text, column=name, kind="cell")


def _sheet_name(workbook: Any, chosen: str | None, file: str) -> str:
    names: list[str] = workbook.sheet_names
    if chosen is not None and chosen not in names:
        text = Text.of("{file} has no sheet {sheet}. It has: {names}.", file=file, sheet=chosen, names=listed(names))
        raise DataError(text)
    if chosen is not None:
        return chosen
    if not names:
        raise DataError(Text("{file} has no sheets.", {"file": file}))
    shown = [one.name for one in workbook.sheets_metadata if str(one.visible).endswith(".Visible")]
    return shown[0] if shown else names[0]


def source_code(source: DataSource, columns: Sequence[str]) -> Loading:
    """Raises SourceError."""
    with told_by_exporters():
        values = options_of(KIND, source)
    constants = (
        data_file(source),
        Constant("SHEET", literal(values["sheet"]), behind="None: the first one"),
        Constant("AREA", literal(values["area"]), behind="None: all cells"),
        Constant("HEADER", literal(values["header"]), behind="None: found out from the cells"),
        Constant("COLUMNS", list_of(map(quoted, columns))),
    )
    imports = ("import python_calamine",)
    return Loading(imports, constants, (PLACES, AS_NUMBERS, READ_DATES, READ_CELLS, AS_WRITTEN, READ_SHEETS, _LOAD))
