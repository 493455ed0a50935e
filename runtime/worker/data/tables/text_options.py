"""How a table as text is written: the declared options, and what is found out where they are not given."""

from __future__ import annotations

import codecs
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from resources.text import Text
from resources.training.choice_words import words_of
from resources.training.setting import Setting
from runtime.lazy import LazyModule

if TYPE_CHECKING:
    from resources.python_code.in_scripts import tables, written
else:
    written = LazyModule("resources.python_code.in_scripts.written")
    tables = LazyModule("resources.python_code.in_scripts.tables")

_TABS: Final = {"tab": "\t", "\\t": "\t"}
_NO_QUOTES: Final = "none"


def _option(key: str, title: Text, about: Text, kind: Any, order: int, **more: Any) -> Setting[Any]:
    return Setting(key, title, about, kind, more.pop("default", None), order=order, section="option", **more)


OPTIONS: Final = (
    _option(
        "delimiter",
        Text("Delimiter"),
        Text("The sign between two fields; a tab is written as “tab”. Empty: found by itself."),
        "text",
        10,
    ),
    _option(
        "decimal",
        Text("Decimal mark"),
        Text("The other one of . and , sets thousands apart. If you do not say, the numbers show it."),
        "choice",
        20,
        choices=(".", ","),
        words=words_of({".": Text("a point (.)"), ",": Text("a comma (,)")}),
    ),
    _option(
        "header",
        Text("Header"),
        Text("Whether the first row names the columns. If you do not say, it is found by itself."),
        "bool",
        30,
    ),
    _option(
        "encoding",
        Text("Encoding"),
        Text("How the text is stored, such as utf-8 or cp949. Empty: found by itself."),
        "text",
        40,
    ),
    _option(
        "quote",
        Text("Quotes"),
        Text("The sign around fields that hold a delimiter or a line break."),
        "choice",
        50,
        default='"',
        choices=('"', "'", _NO_QUOTES),
        words=words_of({'"': Text('double quotes (")'), "'": Text("single quotes (')"), _NO_QUOTES: Text("none")}),
    ),
    _option(
        "comment",
        Text("Comments"),
        Text("Lines that begin with this are passed over, such as #. Empty: no line is."),
        "text",
        60,
        none=Text("none"),
    ),
    _option(
        "missing",
        Text("Missing values"),
        Text(
            "Words that mean that there is no value, with commas between them, besides NA, - and their like. "
            "Empty: only those."
        ),
        "text",
        70,
        none=Text("none"),
    ),
    _option(
        "dates",
        Text("Dates"),
        Text(
            "What comes first in a date such as 1/2/2020. If you do not say, only dates that begin with the "
            "year are read."
        ),
        "choice",
        80,
        choices=("day", "month", "year"),
        words=words_of({"day": Text("the day"), "month": Text("the month"), "year": Text("the year")}, Text("none")),
    ),
)


@dataclass(frozen=True, slots=True)
class TextOptions:
    """What a project says; None where it is found out."""

    delimiter: str | None
    decimal: str | None
    header: bool | None
    encoding: str | None
    quote: str | None  # None: quotes are signs as others
    comment: str
    missing: frozenset[str]
    dates: str | None


def text_options(values: dict[str, Any]) -> TextOptions:
    delimiter, quote = values["delimiter"], values["quote"]
    return TextOptions(
        _TABS.get(delimiter, delimiter) or None,
        values["decimal"],
        values["header"],
        values["encoding"] or None,
        None if quote == _NO_QUOTES else quote,
        values["comment"] or "",
        frozenset(word.strip() for word in (values["missing"] or "").split(",")) - {""},
        values["dates"],
    )


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is cut into columns."""

    encoding: str
    delimiter: str
    named: bool  # whether its first row names the columns
    names: tuple[str, ...]


def find_layout(head: bytes, options: TextOptions, encoding: str, *, whole: bool) -> Layout | None:
    """From the beginning of a file, of which `whole` says that it is all. None for a table without rows.

    Raises UnicodeDecodeError, LookupError, csv.Error.
    """
    text = codecs.getincrementaldecoder(encoding)().decode(head, final=whole)
    delimiter = options.delimiter or tables.find_delimiter(text)
    rows = filter(any, tables.reader_of(text, delimiter, options.quote, options.comment))
    top = list(itertools.islice(rows, 2))
    if not top:
        return None
    named = written.looks_like_header(top) if options.header is None else options.header
    names = written.column_names(top[0]) if named else [f"column_{n + 1}" for n in range(len(top[0]))]
    return Layout(encoding, delimiter, named, tuple(names))


def first_encoding(head: bytes, options: TextOptions) -> str:
    """The one that is tried first; what is no UTF-8 is CP949."""
    if options.encoding is not None:
        return options.encoding
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
