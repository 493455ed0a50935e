"""Tables as text: how they are cut, and which numbers stand in them.

Scripts hold these functions word by word (`resources/python_code/shared.py`): both read the same.
"""

import codecs
import csv
import dataclasses
import itertools
import operator
import re
import typing

import numpy as np

from resources.python_code.in_scripts.dates import has_zone, read_dates
from resources.python_code.in_scripts.words import (
    NO_VALUE,
    are_free_texts,
    only_thousands,
    places_of_words,
    python_numbers,
)
from resources.python_code.in_scripts.written import (
    NUMBER,
    column_names,
    looks_like_header,
    usual,
)

DELIMITERS = (",", ";", "\t", "|")
LINE = re.compile("[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
BLOCK_FIELDS = 2**19  # A field as text takes ten times the room of a number: few are held at once.
TEXT_FIELDS = 2**22  # of columns that are no plain numbers
WITH_UNIT = re.compile("[+-]?[0-9][0-9.,]* ?([^0-9 .,+-]+)")
DECIMAL_COMMA = re.compile(" *[+-]?[0-9]*,[0-9]+ *")
# Decimal mark and mark of thousands, and what a number without its sign looks like.
FORMS = {
    (".", ""): re.compile("[0-9]+[.]?[0-9]*|[.][0-9]+"),
    (",", ""): re.compile("[0-9]+,?[0-9]*|,[0-9]+"),
    (".", ","): re.compile("([0-9]+|[1-9][0-9]{0,2}(,[0-9]{2,3})*,[0-9]{3})([.][0-9]*)?"),
    (",", "."): re.compile("([0-9]+|[1-9][0-9]{0,2}([.][0-9]{3})+)(,[0-9]*)?"),
    (".", " "): re.compile("([0-9]+|[1-9][0-9]{0,2}( [0-9]{3})+)([.][0-9]*)?"),
    (",", " "): re.compile("([0-9]+|[1-9][0-9]{0,2}( [0-9]{3})+)(,[0-9]*)?"),
    (".", "'"): re.compile("([0-9]+|[1-9][0-9]{0,2}('[0-9]{3})+)([.][0-9]*)?"),
    (",", "'"): re.compile("([0-9]+|[1-9][0-9]{0,2}('[0-9]{3})+)(,[0-9]*)?"),
}


@dataclasses.dataclass
class Reading:
    """What the fields of a column are read as.

    `values` are int64, or float64 with NaN where a field is no number. A column of words has
    `words`: its `values` are places in them, and -1 where there is no word. `odd` has the first
    field that says that there is no value and the first one that is no number, by their rows.
    `example` is a field that is not written as Python writes numbers, with its row and value;
    `decimal` the decimal mark that is proven, or "". `number_row` is the first row of a column of
    words that holds a number, `mixed` one whose unit is not that of the rows before it.

    Where a mark can be a decimal mark or one of thousands, `mark` is that mark, `other` what the
    example is by the other way, and `sure` says whether the table tells which way is meant.

    `dates`: the values are seconds since 1970; `zones` is the first row whose time has a zone while
    those before it have none, or the other way round. Free texts are objects, "" where there is
    none.
    """

    values: typing.Any
    words: list[str] = dataclasses.field(default_factory=list)
    odd: dict[int, str] = dataclasses.field(default_factory=dict)
    example: tuple[int, str, float] | None = None
    decimal: str = ""
    number_row: int | None = None
    mixed: int | None = None
    mark: str = ""
    other: float | None = None
    sure: bool = True
    dates: bool = False
    zones: int | None = None


def decoded(data: bytes, encoding: str | None = None) -> str:
    """Return the text of a file. Raises UnicodeDecodeError, LookupError."""
    if encoding is None and data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    if encoding is not None:
        return data.decode(encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949")


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts most of the first lines into equally many fields, and most."""
    lines = text[: 2**20].splitlines()[:50]
    cut = {mark: rows_cut_by(mark, lines) for mark in DELIMITERS}

    def score(mark: str) -> tuple[float, int]:
        widths = [len(row) for row in cut[mark]]
        usual_width = max(set(widths), key=widths.count, default=0)
        return (
            (widths.count(usual_width) / len(widths), usual_width) if usual_width > 1 else (0.0, 0)
        )

    best = max(DELIMITERS, key=score)
    for mark in DELIMITERS[1:] if best == "," else ():
        fields = [field for row in cut[mark] for field in row if "," in field]
        if score(mark)[0] == score(best)[0] and all(
            DECIMAL_COMMA.fullmatch(field) for field in fields
        ):
            return mark  # the commas are decimal marks
    return best


def rows_cut_by(mark: str, lines: list[str]) -> list[list[str]]:
    """Return no rows where a field gets longer than csv takes, as wrong marks do in long lines."""
    try:
        return [row for row in csv.reader(lines, delimiter=mark) if row]
    except csv.Error:
        return []


def reader_of(text: str, delimiter: str, quote: str | None = '"', comment: str = "") -> typing.Any:
    """Return what cuts a table into fields. `quote` None: quotes are signs as others."""
    return rows_of((line[0] for line in LINE.finditer(text)), delimiter, quote, comment)


def rows_of(
    lines: typing.Iterable[str], delimiter: str, quote: str | None = '"', comment: str = ""
) -> typing.Any:
    """A line that begins with `comment` counts as an empty one."""
    if comment:
        lines = ("\n" if line.startswith(comment) else line for line in lines)
    if quote is None:
        return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, quotechar=quote)


def read_table(
    text: str,
    delimiter: str,
    header: bool | None = None,
    decimal: str | None = None,
    *,
    quote: str | None = '"',
    comment: str = "",
    missing: typing.Collection[str] = (),
    order: str | None = None,
) -> dict[str, Reading]:
    """What the columns hold, by name. Raises csv.Error, and ValueError for rows of other widths.

    Lines that begin with `comment` are passed over, fields that are `missing` have no value, and
    `order` says what comes first in a date: "day", "month" or "year".
    """

    def rows(first: int) -> typing.Iterator[list[str]]:
        given = filter(any, reader_of(text, delimiter, quote, comment))
        return itertools.islice(without(missing, given), first, None)

    top = list(itertools.islice(rows(0), 2))
    if not top:
        return {}
    named = looks_like_header(top) if header is None else header
    names = column_names(top[0]) if named else [f"column_{n + 1}" for n in range(len(top[0]))]
    readings = read_columns(lambda: rows(int(named)), len(names), delimiter, decimal)
    for reading in readings:
        find_dates_and_texts(reading, order)
    return dict(zip(names, readings, strict=True))


def without(
    missing: typing.Collection[str], rows: typing.Iterable[list[str]]
) -> typing.Iterator[list[str]]:
    """The rows with empty fields where one of the words stands that mean no value."""
    for row in rows:
        yield ["" if field.strip() in missing else field for field in row] if missing else row


def find_dates_and_texts(reading: Reading, order: str | None = None) -> None:
    """Words that are dates become seconds since 1970, and words that name no classes texts."""
    if not reading.words:
        return
    found = read_dates(reading.words, order)
    if found is not None:
        seconds = np.append(found[0], np.nan)  # the last one is that of -1
        zones = [*map(has_zone, reading.words), None]
        reading.zones = first_other(zones, reading.values)
        reading.values, reading.words = seconds[reading.values], []
        reading.dates, reading.number_row = True, None
    elif are_free_texts(len(reading.words), len(reading.values)):
        texts = np.array([*reading.words, ""], object)
        reading.values, reading.words, reading.number_row = texts[reading.values], [], None


def first_other(zones: list[bool | None], places: typing.Any) -> int | None:
    """The first row with a time zone where those before have none, or the other way round."""
    if len(set(zones) - {None}) < 2:
        return None
    kinds = np.array([-1 if zone is None else int(zone) for zone in zones])[places]
    given = np.flatnonzero(kinds >= 0)
    return int(given[np.argmax(kinds[given] != kinds[given[0]])])


@dataclasses.dataclass
class PlainColumn:
    """A column of numbers as Python writes them, read block by block until other text comes."""

    blocks: list[typing.Any] = dataclasses.field(default_factory=list)
    rows: int = 0
    missing: dict[int, str] = dataclasses.field(default_factory=dict)
    point: bool = False
    only_thousands: bool | None = None
    other: bool = False

    def add(self, fields: typing.Sequence[str]) -> None:
        values = None if self.other else python_numbers(fields)
        if values is None:
            self.other = True
            self.blocks.clear()
            return
        if values.dtype.kind == "f":
            if not self.missing:
                for row in np.flatnonzero(np.isnan(values))[:1].tolist():
                    self.missing = {self.rows + row: fields[row].strip()}
            self.point = self.point or any("." in text for text in fields)
            if self.only_thousands is not False:
                found = only_thousands(fields)
                self.only_thousands = self.only_thousands if found is None else found
        self.blocks.append(values)
        self.rows += len(fields)

    def reading(self, decimal: str | None) -> Reading | None:
        """Return nothing where the points may mean something else. Takes the blocks."""
        marks_thousands = decimal is None and self.only_thousands
        if self.other or marks_thousands or (decimal == "," and self.only_thousands is not None):
            return None
        values = np.concatenate(self.blocks) if self.blocks else np.zeros(0, np.int64)
        self.blocks.clear()
        return Reading(values, odd=self.missing, decimal="." if self.point else "")


def read_columns(
    rows: typing.Callable[[], typing.Iterable[typing.Sequence[str]]],
    width: int,
    delimiter: str,
    decimal: str | None = None,
) -> list[Reading]:
    """What each column holds. Without the decimal mark of the table it is found out.

    `rows` begins anew with each call: texts are read again and held for a part of the columns only.
    """
    columns = [PlainColumn() for _ in range(width)]
    left, count = iter(rows()), 0
    while block := list(itertools.islice(left, max(1, BLOCK_FIELDS // width))):
        for column, fields in zip(columns, zip(*block, strict=True), strict=True):
            column.add(fields)
        count += len(block)
    plain = [column.reading(decimal) for column in columns]
    all_ways = [[reading] if reading is not None else [] for reading in plain]
    doubtful = {}
    for number, texts in texts_of(rows, count, [n for n in range(width) if not all_ways[n]]):
        all_ways[number] = ways_to_read(texts, decimal)
        if len(all_ways[number]) > 1:
            doubtful[number] = texts  # they are asked again
    proven = {ways[0].decimal for ways in all_ways if len(ways) == 1} - {""}
    return [
        chosen(ways, doubtful[number], delimiter, proven) if number in doubtful else ways[0]
        for number, ways in enumerate(all_ways)
    ]


def texts_of(
    rows: typing.Callable[[], typing.Iterable[typing.Sequence[str]]], count: int, numbers: list[int]
) -> typing.Iterator[tuple[int, list[str]]]:
    """The fields of these columns of a table with so many rows. Equal texts are one object."""
    at_once = max(1, TEXT_FIELDS // max(1, count))
    for first in range(0, len(numbers), at_once):
        part = numbers[first : first + at_once]
        texts: list[list[str]] = [[] for _ in part]
        same: dict[str, str] = {}
        pick = operator.itemgetter(*part, part[0])  # the last one makes it a tuple in any case
        for row in rows():
            for fields, field in zip(texts, pick(row), strict=False):
                fields.append(same.setdefault(field, field))
        yield from zip(part, texts, strict=True)


def chosen(
    ways: list[Reading], fields: typing.Sequence[str], delimiter: str, proven: set[str]
) -> Reading:
    """Return that way to read a column that itself or the rest of the table speaks for."""
    found = [NUMBER.fullmatch(usual(text)) for text in fields]
    cores = [one[4].strip() for one in found if one]
    mark = "," if any("," in core for core in cores) else "."
    whole = [core for core in cores if core.isdecimal()]
    # Who writes whole numbers without decimals does not write 1.5 as 1.500; who writes 1500 sets no
    # thousands apart.
    grouped = bool(whole) and any(mark in core and core.endswith("0") for core in cores)
    apart = all(len(core) <= 3 for core in whole)
    meaning: set[str] = set()
    if (grouped and apart) or (mark == delimiter == "," and whole and apart):
        meaning = {"," if mark == "." else "."}
    elif not grouped and (not apart or (mark == "," and delimiter == ";" and not whole)):
        meaning = {mark}
    evidence = meaning | proven if apart or not grouped else set()
    likely = "." if mark == "." or delimiter == "," else ","
    decimal = next(iter(evidence)) if len(evidence) == 1 else next(iter(meaning), likely)
    place = [way.decimal for way in ways].index(decimal)
    sure = len(evidence) == 1 or (mark == "." and not evidence and not whole and delimiter != ";")
    example = next(way.example for way in ways if way.example is not None)
    values = [float(way.values[example[0]]) for way in ways]
    shown = (example[0], example[1], values[place])
    return dataclasses.replace(
        ways[place], example=shown, mark=mark, other=values[1 - place], sure=sure
    )


def ways_to_read(
    fields: typing.Sequence[str],
    decimal: str | None = None,
    counts: typing.Sequence[int] | None = None,
) -> list[Reading]:
    """One way where it is certain, or two: with a decimal point, and with a decimal comma.

    Of fields that are no plain numbers. With `counts`, of different fields and how often they are.
    """
    counts = [1] * len(fields) if counts is None else counts
    texts = [usual(text) for text in fields]
    found = [NUMBER.fullmatch(text) for text in texts]
    marks = {sign for one in found if one for sign in one[4]} | {""}
    forms = [form for form in FORMS if form[1] in marks and decimal in (None, form[0])]
    fitting = {
        form: [bool(one and FORMS[form].fullmatch(one[4].strip())) for one in found]
        for form in forms
    }
    fit = {form: sum(itertools.compress(counts, fits)) for form, fits in fitting.items()}
    most = max(fit.values())
    given = [text.lower() not in NO_VALUE for text in texts]
    if most == 0 or most * 2 < sum(itertools.compress(counts, given)):
        return [words_reading(fields, texts, found)]
    readings: dict[str, Reading] = {}
    for form in forms:
        if fit[form] == most:
            reading = numbers_reading(texts, found, fitting[form], form)
            if not any(
                np.array_equal(reading.values, one.values, equal_nan=True)
                for one in readings.values()
            ):
                readings.setdefault(form[0], reading)
    return list(readings.values())


def words_reading(
    fields: typing.Sequence[str], texts: list[str], found: list[typing.Any]
) -> Reading:
    """The column as words. Signs around a number, or one unit behind all, make no word of it."""
    values, words = places_of_words(fields)
    units = [
        WITH_UNIT.fullmatch(text) for text, value in zip(texts, values, strict=True) if value >= 0
    ]
    measured = bool(units) and all(units) and len({unit[1] for unit in units if unit}) == 1
    bare = [
        one or NUMBER.fullmatch(text.replace("_", "").strip("()").rstrip("-"))
        for one, text in zip(found, texts, strict=True)
    ]
    numbers = [row for row, one in enumerate(bare) if one or (measured and values[row] >= 0)]
    missing = {int(row): fields[row].strip() for row in np.flatnonzero(values < 0)[:1]}
    return Reading(values, words, missing, number_row=numbers[0] if numbers else None)


def numbers_reading(
    texts: list[str], found: list[typing.Any], fits: list[bool], form: tuple[str, str]
) -> Reading:
    """Read those `texts` that fit a form. What a percent sign stands behind is a hundredth."""
    decimal, thousands = form
    reading = Reading(None)
    numbers: list[typing.Any] = []
    units: set[str] = set()
    used = ""
    for row, (text, one) in enumerate(zip(texts, found, strict=True)):
        if not fits[row] or (one[1] and one[3]):
            kind = text.lower() in NO_VALUE
            if kind not in {old.lower() in NO_VALUE for old in reading.odd.values()}:
                reading.odd[row] = text
            numbers.append(np.nan)
            continue
        plain = one[4].strip().replace(thousands, "").replace(decimal, ".") + (one[5] or "")
        number = float(plain) if set(plain) & set(".eE") or len(plain) > 19 else int(plain)
        number = -number if "-" in (one[1], one[3]) else number
        numbers.append(number / 100 if one[6] == "%" else number)
        units.add(one[6] if one[6] == "%" else one[2] or one[6] or "")
        if len(units - {""}) > 1 or (units > {"%"} and reading.mixed is None):
            reading.mixed = row if reading.mixed is None else reading.mixed
        if reading.example is None and one[0].lstrip("+-") != plain:
            reading.example = (row, text, numbers[-1])
        used += "".join(set(one[4]) & {decimal, thousands}) if len(used) < 100 else ""
    if all(isinstance(number, int) and abs(number) < 2**63 for number in numbers):
        reading.values = np.array(numbers, np.int64)
    else:
        reading.values = np.array(numbers, np.float64)
    reading.decimal = decimal if decimal in used or thousands in (",", ".") else ""
    return reading
