"""Sheets of Excel and OpenDocument as columns of cells. Scripts hold this word by word."""

import datetime
import re
import typing

from resources.python_code.in_scripts.written import column_names, looks_like_header

Row = tuple[int, list[typing.Any]]
CORNERS = re.compile("([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})")


def sheet_rows(sheet: typing.Any, area: str | None = None) -> list[Row]:
    """The rows of a sheet that are not empty, each with its number; an empty cell is None.

    Of `area` ("B3:F100"), or all. Formulas have the values that the file keeps of them.
    """
    if sheet.start is None:
        return []
    top, left = sheet.start
    last_row, first_column, last_column = None, 0, None
    first_row = top
    if area is not None:
        match = CORNERS.fullmatch(area)
        assert match is not None, "an area looks like B3:F100"
        first_row, last_row = int(match[2]) - 1, int(match[4])
        first_column, last_column = (
            column_number(match[1]) - left,
            column_number(match[3]) + 1 - left,
        )
    rows = []
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=top):
        if number < first_row or (last_row is not None and number >= last_row):
            continue
        row = [usual_cell(cell) for cell in cells[max(0, first_column) : last_column]]
        if any(cell is not None for cell in row):
            rows.append((number + 1, row))
    return rows


def first_column(sheet: typing.Any, area: str | None = None) -> int:
    """The number of the first column that is read, 0 for A."""
    left = sheet.start[1] if sheet.start else 0
    return int(
        left if area is None else max(left, column_number(area.split(":")[0].rstrip("0123456789")))
    )


def column_letters(number: int) -> str:
    """Of 0 A, of 27 AB."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def column_number(letters: str) -> int:
    """Of A 0, of AB 27."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def usual_cell(cell: typing.Any) -> typing.Any:
    """Sheets have whole numbers as floats, and "" where nothing is in a cell."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return int(cell)
    return None if isinstance(cell, str) and not cell.strip() else cell


def sheet_columns(rows: list[Row], header: bool | None = None) -> dict[str, list[typing.Any]]:
    """The cells below each name. Without `header` it is found out if the first row has them."""
    if not rows:
        return {}
    top = [["" if cell is None else text_of(cell) for cell in cells] for _, cells in rows[:2]]
    named = looks_like_header(top) if header is None else header
    names = column_names(top[0]) if named else [f"column_{n + 1}" for n in range(len(top[0]))]
    below = [cells for _, cells in rows[int(named) :]]
    return {name: [cells[place] for cells in below] for place, name in enumerate(names)}


def text_of(cell: typing.Any) -> str:
    """Times are no names of columns: they count as numbers."""
    return "0" if isinstance(cell, datetime.date | datetime.time | bool) else str(cell)
