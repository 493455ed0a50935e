"""A column of a large table as text, read block by block: plain numbers at once, all else by the rules of tables.

Those rules ask for all fields of a column. Of what is not plain they get each different text once, with how often it is
there, and no more than MOST_DIFFERENT of them: a column is what these say, and what comes later is read in their way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array
from runtime.worker.data.tables.kept_column import Facts, KeptColumn
from runtime.worker.data.tables.kept_columns import Writer

if TYPE_CHECKING:
    import numpy as np

    from resources.python_code.in_scripts import dates, tables, words, written
else:
    np = LazyModule("numpy")
    dates = LazyModule("resources.python_code.in_scripts.dates")
    tables = LazyModule("resources.python_code.in_scripts.tables")
    words = LazyModule("resources.python_code.in_scripts.words")
    written = LazyModule("resources.python_code.in_scripts.written")

MOST_DIFFERENT: Final = 2**17  # texts of a column that are no plain numbers
DECIDING: Final = 4096  # different texts that say what a column may be, after the first block
_SAMPLE: Final = 200
_TEXTS: Final = -1  # as the second number of a part: it holds texts
State = Literal["new", "number", "comma", "date", "words", "late"]


class TextColumn(KeptColumn):
    def __init__(self, decimal: str | None, order: str | None, writer: Writer) -> None:
        super().__init__(writer)
        self.state: State = "new"
        self.capped = False
        self._decimal, self._order = decimal, order
        self._only_thousands: bool | None = None

    def add(self, fields: Any, row: int, has_hex: bool) -> None:
        """The next block: an array of Arrow, null where a field is empty. Raises NoRoomError, MemoryError.

        Numbers of a column that `is_settled` may come as float64.
        """
        if is_float64(fields):
            self._add_converted(fields, row)
            return
        if self.state == "new":
            self.state = self._first(fields, has_hex)
        adds: dict[State, Callable[[Any, int, bool], bool]] = {
            "number": self._add_numbers,
            "comma": self._add_numbers,
            "date": self._add_dates,
            "words": self._add_words,
        }
        if self.state != "late" and not adds[self.state](fields, row, has_hex):
            self.begin_again("late")

    @property
    def is_settled(self) -> bool:
        """Whether it holds numbers that are no whole ones, and it is known how they are written."""
        if self.state == "comma":
            return self.facts.example is not None
        return self.state == "number" and self.facts.is_float and self._only_thousands is False

    def _add_converted(self, fields: Any, row: int) -> None:
        if self.state == "late":
            return
        values = fields.to_numpy(zero_copy_only=False)
        if self.state == "comma" and np.isinf(values).any():
            self.begin_again("late")
            return
        self.put_values(values, row, lambda first: "nan" if fields[first].is_valid else "")

    def begin_again(self, state: State) -> None:
        """All that was found out is forgotten; the column is read from its first block again."""
        self.forget()
        self.state, self._only_thousands, self.capped = state, None, False

    def _first(self, fields: Any, has_hex: bool) -> State:
        if plain_values(fields, has_hex) is not None:
            return "number"
        different, codes = _different(fields)
        if dates.read_dates(different[:_SAMPLE], self._order) is not None:
            return "date"
        counts = np.bincount(codes, minlength=len(different))
        ways = tables.ways_to_read(different[:DECIDING], self._decimal, counts[:DECIDING].tolist())
        if ways[0].words:
            return "words"
        comma = len(ways) == 1 and ways[0].decimal == ","
        return "comma" if comma and plain_values(fields, has_hex, comma=True) is not None else "late"

    def _add_numbers(self, fields: Any, row: int, has_hex: bool) -> bool:
        comma = self.state == "comma"
        values = plain_values(fields, has_hex, comma=comma, whole=not self.facts.is_float)
        if values is None:
            return False
        if comma and self.facts.example is None:
            self._find_comma(fields, row, values)
        elif values.dtype.kind == "f" and not comma:
            self.look_at_points(fields)
        self._store(values, fields, row)
        return True

    def _find_comma(self, fields: Any, row: int, values: Array) -> None:
        found = np.flatnonzero(_holds(fields, ","))
        if len(found):
            self.facts.decimal = ","
            self.facts.example = (row + int(found[0]), fields[int(found[0])].as_py().strip(), float(values[found[0]]))

    def look_at_points(self, fields: Any) -> None:
        if self._only_thousands is False:
            return
        some = [text.as_py() or "" for text in fields.slice(0, _SAMPLE)]
        found = words.only_thousands(some)
        if found is not False:
            pointed = fields.filter(_arrow_holds(fields, "."))
            found = words.only_thousands(pointed.to_pylist()) if len(pointed) else None
        if found is not None:
            self._only_thousands = found
            self.facts.decimal = "."

    def has_decimal_points(self) -> None:
        self._only_thousands, self.facts.decimal = False, "."

    def has_gaps(self, count: int, fields: Any, row: int, first: int) -> None:
        """Of the block at `row`, whose field `first` is the first one without a value."""
        if not self.facts.odd:
            self.facts.odd[row + first] = (fields[first].as_py() or "").strip()
        self.facts.missing += count

    def add_read(self, number: int, lowest: float, highest: float, *, is_float: bool = False) -> None:
        """A block of plain numbers, which are array `number` and lie between these (inf, -inf: there are none)."""
        facts, self.state = self.facts, "number"
        facts.parts.append((number, 0))
        facts.minimum, facts.maximum = min(facts.minimum, float(lowest)), max(facts.maximum, float(highest))
        if is_float:
            facts.is_float, self._few = True, None

    def _store(self, values: Array, fields: Any, row: int) -> None:
        self.put_values(values, row, lambda first: (fields[first].as_py() or "").strip())

    def _add_dates(self, fields: Any, row: int, _has_hex: bool) -> bool:
        different, codes = _different(fields)
        found = dates.read_dates(different, self._order)
        if found is None:
            return not any(text.strip().lower() not in words.NO_VALUE for text in different) and self._add_gap(
                fields, row
            )
        kinds = [dates.has_zone(text) for text in different]
        self._compare_zones(kinds, codes, row)
        self.facts.dates = True
        self._store(found[0][codes], fields, row)
        return True

    def _add_gap(self, fields: Any, row: int) -> bool:
        """A block without any value."""
        self._store(np.full(len(fields), np.nan), fields, row)
        return True

    def _compare_zones(self, kinds: list[bool | None], codes: Array, row: int) -> None:
        zones = np.array([-1 if kind is None else int(kind) for kind in kinds])[codes]
        given = np.flatnonzero(zones >= 0)
        if self.facts.zones is not None or not len(given):
            return
        before = getattr(self, "_zone", None)
        self._zone = int(zones[given[0]]) if before is None else before
        other = given[zones[given] != self._zone]
        if len(other):
            self.facts.zones = row + int(other[0])

    def _add_words(self, fields: Any, row: int, _has_hex: bool) -> bool:
        if self.facts.is_text:
            self._store_texts(fields)
            return True
        different, codes = _different(fields)
        self.put_places(different, codes, row)
        if self._texts.are_too_many:
            self.facts.is_text = True
            self.facts.words = list(self._texts.places)
        return True

    def _store_texts(self, fields: Any) -> None:
        self.put_texts([(text or "").strip() for text in fields.to_pylist()])

    def gather(self, fields: Any, row: int) -> None:
        """Second reading of a late column: each different text, until there are too many."""
        if self.capped:
            return
        different, codes = _different(fields)
        self.put_places(different, codes, row)
        self.capped = len(self._texts.places) > MOST_DIFFERENT

    def ways(self) -> list[tables.Reading]:
        """How the different texts can be read."""
        fields = list(self._texts.places)
        return tables.ways_to_read(fields, self._decimal, self._texts.counts.tolist())

    def settle_numbers(self) -> bool:
        """After the last block: whether plain numbers can mean nothing else."""
        doubtful = self._only_thousands is True if self._decimal is None else self._only_thousands is not None
        if self.state == "number" and (doubtful and self._decimal != "."):
            return False
        self.facts.distinct = len(self._few) if self._few is not None else None
        return True

    def choose(self, ways: list[tables.Reading], delimiter: str, proven: set[str]) -> tables.Reading:
        """The way that the column itself, or the rest of the table, speaks for."""
        return ways[0] if len(ways) == 1 else tables.chosen(ways, list(self._texts.places), delimiter, proven)

    def settle(self, ways: list[tables.Reading], delimiter: str, proven: set[str], rows: int) -> None:
        """After the last block, of words, and of late columns that are not capped."""
        fields, facts, first = list(self._texts.places), self.facts, self._texts.first
        if facts.is_text:
            return
        reading = self.choose(ways, delimiter, proven)
        if reading.words:
            of_words = self._of_words(reading, fields, rows)
            if of_words is None:
                return
            reading = of_words
        for name in ("decimal", "mark", "other", "sure", "dates", "words"):
            setattr(facts, name, getattr(reading, name))
        facts.odd = {first[place]: text for place, text in reading.odd.items()}
        facts.number_row = None if reading.number_row is None else first[reading.number_row]
        facts.mixed = None if reading.mixed is None else first[reading.mixed]
        if reading.example is not None:
            facts.example = (first[reading.example[0]], *reading.example[1:])
        facts.table = self._writer.put(reading.values)
        self.summarise(reading.values)

    def _of_words(self, reading: tables.Reading, fields: list[str], rows: int) -> tables.Reading | None:
        """Words that are dates, or free texts (None)."""
        found = dates.read_dates(fields, self._order)
        if found is not None:
            zones = [dates.has_zone(text) for text in fields]
            self.facts.zones = self._zone_row(zones)
            return tables.Reading(found[0], odd=reading.odd, dates=True)
        if words.are_free_texts(len(reading.words), rows):
            self.facts.is_text = True
            self.facts.words = [
                text.strip() if place >= 0 else "" for text, place in zip(fields, reading.values.tolist(), strict=True)
            ]
            return None
        return reading

    def _zone_row(self, zones: list[bool | None]) -> int | None:
        place = tables.first_other(zones, np.arange(len(zones)))
        return None if place is None else self._texts.first[place]

    def convert(self, reading: tables.Reading, decimal: str) -> Callable[[Any, int], None]:
        """Third reading of a capped column as numbers: takes each block, in the form that most of its texts have."""
        fields = [written.usual(text) for text in self._texts.places]
        counts = self._texts.counts.tolist()
        form = _best_form(fields, counts, decimal)
        self.facts = Facts(decimal=decimal, mark=reading.mark, other=reading.other, sure=reading.sure)
        if reading.example is not None:
            self.facts.example = (self._texts.first[reading.example[0]], *reading.example[1:])
        self._few = None

        def add(block: Any, row: int) -> None:
            comma = decimal == ","
            values = plain_values(block, True, comma=comma)
            if values is None:
                values = self._converted(block, row, form)
            self._store(values, block, row)

        return add

    def _converted(self, block: Any, row: int, form: tuple[str, str]) -> Array:
        different, codes = _different(block)
        texts = [written.usual(text) for text in different]
        found = [written.NUMBER.fullmatch(text) for text in texts]
        fits = [bool(one and tables.FORMS[form].fullmatch(one[4].strip())) for one in found]
        reading = tables.numbers_reading(texts, found, fits, form)
        facts = self.facts
        for place, text in reading.odd.items():
            is_word = text.lower() not in words.NO_VALUE
            if all(is_word != (known.lower() not in words.NO_VALUE) for known in facts.odd.values()):
                facts.odd[row + int(np.argmax(codes == place))] = text
        if facts.mixed is None and reading.mixed is not None:
            facts.mixed = row + int(np.argmax(codes == reading.mixed))
        if facts.example is None and reading.example is not None:
            place, text, value = reading.example
            facts.example = (row + int(np.argmax(codes == place)), text, float(value))
        values: Array = reading.values[codes]
        return values

    def as_texts(self) -> Callable[[Any, int], None]:
        """Third reading of a capped column of words: free texts."""
        self.facts = Facts(is_text=True)
        return lambda block, _row: self._store_texts(block)


def _best_form(fields: list[str], counts: list[int], decimal: str) -> tuple[str, str]:
    found = [written.NUMBER.fullmatch(text) for text in fields]

    def fitting(form: tuple[str, str]) -> int:
        pattern = tables.FORMS[form]
        return sum(count for one, count in zip(found, counts, strict=True) if one and pattern.fullmatch(one[4].strip()))

    return max((form for form in tables.FORMS if form[0] == decimal), key=fitting)


def is_float64(fields: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_float64(fields.type))


def _different(fields: Any) -> tuple[list[str], Array]:
    """The different texts, "" for null, in the order in which they come, and which one each field is."""
    encoded = fields.fill_null("").dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)


def _arrow_holds(fields: Any, sign: str) -> Any:
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring(fields, sign), False)


def _holds(fields: Any, sign: str) -> Array:
    found: Array = _arrow_holds(fields, sign).to_numpy(zero_copy_only=False)
    return found


def plain_values(fields: Any, has_hex: bool, *, comma: bool = False, whole: bool = True) -> Array | None:
    """int64, or float64 with NaN where there is no value, of numbers as Python writes them; None for others.

    With `comma` of numbers with a decimal comma and without marks of thousands. Not `whole`: float64 is tried alone.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if (has_hex and _holds(fields, "x").any()) or (has_hex and _holds(fields, "X").any()):
        return None if comma else _by_python(fields)
    if comma:
        if _holds(fields, ".").any():
            return None
        fields = pc.replace_substring(fields, ",", ".")
    elif whole and fields.null_count == 0 and (integers := _cast(fields, pa.int64())) is not None:
        return integers
    values = _cast(fields, pa.float64())
    if values is None:
        trimmed = pc.utf8_trim_whitespace(fields)
        absent = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array(sorted(words.NO_VALUE)))
        trimmed = pc.if_else(absent, None, trimmed)
        integers = _cast(trimmed, pa.int64()) if whole and trimmed.null_count == 0 and not comma else None
        values = _cast(trimmed, pa.float64()) if integers is None else integers
    if values is None:
        return None if comma else _by_python(fields)
    if whole and not comma and values.dtype.kind == "f" and np.array_equal(values, np.floor(values)):
        return _by_python(fields)  # whole numbers with a plus, or too large ones
    return None if comma and np.isinf(values).any() else values


def _cast(fields: Any, kind: Any) -> Array | None:
    import pyarrow as pa

    try:
        values: Array = fields.cast(kind).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None
    return values


def _by_python(fields: Any) -> Array | None:
    """What Python reads and Arrow does not: +5, digits of other scripts. Asked of a few fields first."""
    texts = ["" if text is None else text for text in fields.slice(0, _SAMPLE).to_pylist()]
    if words.python_numbers(texts) is None:
        return None
    values: Array | None = words.python_numbers(["" if text is None else text for text in fields.to_pylist()])
    return values
