"""Workbooks of strangers, looked through before a library opens them: size, passwords, extent, cells with errors.

The library holds a sheet as one rectangle of cells: a single cell far away from the others takes the process along.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from resources.os_reasons import os_reason
from resources.plain import shown_name
from resources.regular_files import open_regular
from resources.text import Text
from runtime.worker.data.source import DataError
from runtime.worker.process.memory import free_memory

MOST_CELLS: Final = 20_000_000  # of the rectangle around all cells of a sheet
_CELL_BYTES: Final = 120  # that a cell takes while its sheet is read (measured: 110)
_UNPACKED: Final = 2 * 2**30  # bytes that a workbook may unpack to
_IN_MEMORY: Final = 2  # times as much as it unpacks to, which the library takes (measured: 1.7)
_CHUNK: Final = 2**20
_TAIL: Final = 1024  # bytes in which a tag fits
_MOST_LETTERS, _MOST_DIGITS = 3, 7  # of XFD1048576, the last cell
_OLE: Final = b"\xd0\xcf\x11\xe0"
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^<>]*>")
# Where cells and rows say they are, whatever tag it is in: it only has to hold all that the library may see.
_WHERE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]*)([0-9]+)[\"']")
_ERROR: Final = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_OPEN_TAG: Final = re.compile(rb"<table:(table-row|table-cell|covered-table-cell)\b([^<>]*)>")
_REPEATED: Final = re.compile(rb"number-(?:columns|rows)-repeated\s*=\s*[\"']([0-9]{1,10})[\"']")


@dataclass
class SheetFacts:
    """Cells with errors by their names, each with its row from 1; known of .xlsx and .xlsm."""

    errors: dict[str, int] = field(default_factory=dict)


def check_archive(path: Path) -> None:
    """Raises DataError for a workbook with a password, a damaged one, and one that unpacks to more than the memory."""
    try:
        with open_regular(path) as file:
            begins = file.read(len(_OLE))
            if begins == _OLE and path.suffix.lower() != ".xls":
                raise password(path.name)  # what Excel encrypts is an archive of that older kind
            if not begins.startswith(b"PK"):
                return
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                if any(member.flag_bits & 1 for member in members) or _is_encrypted(archive):
                    raise password(path.name)
                size = sum(member.file_size for member in members)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise damaged(path.name, error) from error
    except OSError as error:
        raise DataError(Text.of("{file} cannot be read: {reason}", file=path.name, reason=os_reason(error))) from error
    if size > min(_UNPACKED, free_memory() // _IN_MEMORY):
        raise DataError(Text("{file} unpacks to more than fits into memory.", {"file": path.name}))


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    name = "META-INF/manifest.xml"
    if name not in archive.namelist():
        return False
    with archive.open(name) as manifest:
        return b"encryption-data" in manifest.read(_CHUNK)


def look_through(path: Path, sheet: str, place: int) -> SheetFacts:
    """Facts of the sheet at that place. Raises DataError for one whose cells lie too far apart."""
    try:
        with open_regular(path) as file:
            if not file.read(2).startswith(b"PK"):
                return SheetFacts()
            archive = zipfile.ZipFile(file)
            if "content.xml" in archive.namelist():
                _check_repeated(path.name, sheet, _chunks(archive, "content.xml"))
                return SheetFacts()
            part = _part_of_sheet(archive, place)
            if part:
                return _look_at_cells(path.name, sheet, _chunks(archive, part))
            for name in archive.namelist():  # the library finds sheets by other names, too
                _look_at_cells(path.name, sheet, _chunks(archive, name))
            return SheetFacts()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise damaged(path.name, error) from error


def _part_of_sheet(archive: zipfile.ZipFile, place: int) -> str:
    """Where the sheet of that place lies in the archive; "" where that is not told."""
    names = archive.namelist()
    links = "xl/_rels/workbook.xml.rels"
    if "xl/workbook.xml" not in names or links not in names:
        return ""
    with archive.open("xl/workbook.xml") as book, archive.open(links) as file:
        ids = re.findall(rb"<(?:\w+:)?sheet\s[^<>]*?\b\w+:id=\"([^\"]+)\"", book.read(_CHUNK))
        related = re.findall(rb"<(?:\w+:)?Relationship\s[^<>]*>", file.read(_CHUNK))
    for link in related if place < len(ids) else ():
        target = re.search(rb"\bTarget=\"([^\"]+)\"", link)
        if target and re.search(rb"\bId=\"" + re.escape(ids[place]) + rb"\"", link):
            where = target[1].decode("utf-8", "replace")
            part = where.lstrip("/") if where.startswith("/") else f"xl/{where}"
            return part if part in names else ""
    return ""


def _look_at_cells(file: str, sheet: str, chunks: Iterator[bytes]) -> SheetFacts:
    facts, count = SheetFacts(), 0
    rows, columns = set[int](), set[bytes]()
    most = most_cells()
    for chunk in chunks:
        for letters, digits in _WHERE.findall(chunk):
            if len(letters) > _MOST_LETTERS or len(digits) > _MOST_DIGITS:
                raise too_far_apart(file, sheet)
            rows.add(int(digits))
            if letters:
                columns.add(letters.upper())
        for match in _CELL.finditer(chunk):
            count += 1
            if _ERROR.search(match[0]):
                facts.errors[(match[1] + match[2]).decode()] = int(match[2])
        if rows and (around := (max(rows) - min(rows) + 1) * _width(columns)) > most:
            raise too_many(file, sheet, most) if 2 * count > around else too_far_apart(file, sheet)
        rows = {min(rows), max(rows)} if rows else rows
    return facts


def _width(columns: set[bytes]) -> int:
    places = [_place(letters) for letters in columns]
    return max(places) - min(places) + 1 if places else 1


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + letter - 64
    return place


def _check_repeated(file: str, sheet: str, chunks: Iterator[bytes]) -> None:
    """OpenDocument writes equal cells and rows once, with how often they stand there."""
    rows, cells, most = 1, 0, most_cells()
    for chunk in chunks:
        for match in _OPEN_TAG.finditer(chunk):
            repeated = _REPEATED.search(match[2])
            count = int(repeated[1]) if repeated else 1
            if match[1] == b"table-row":
                rows = count
            elif b"value-type" in match[2]:
                if count * rows > MOST_CELLS // 100:
                    raise too_far_apart(file, sheet)
                cells += count * rows
        if cells > most:
            raise too_many(file, sheet, most)


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """What lies in a part of the archive, in pieces that overlap by a tag."""
    with archive.open(name) as part:
        tail = b""
        while chunk := part.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-_TAIL:]


def password(file: str) -> DataError:
    return DataError(Text("{file} is protected by a password: save it without one.", {"file": file}))


def damaged(file: str, error: BaseException) -> DataError:
    return DataError(Text.of("{file} is no readable workbook: {reason}", file=file, reason=shown_name(str(error))))


def most_cells() -> int:
    """Of one sheet, of which nothing is read before all of it is: there has to be room for it."""
    return min(MOST_CELLS, free_memory() // _CELL_BYTES)


def too_many(file: str, sheet: str, most: int) -> DataError:
    text = Text(
        "{file}: {sheet} has more than {count} cells, and a sheet has to fit into memory: store it as CSV or Parquet.",
        {"file": file, "sheet": sheet, "count": f"{most:,}"},
    )
    return DataError(text)


def too_far_apart(file: str, sheet: str) -> DataError:
    text = Text(
        "{file}: the cells of {sheet} lie too far apart: delete what stands far from the table, or store it as CSV.",
        {"file": file, "sheet": sheet},
    )
    return DataError(text)
