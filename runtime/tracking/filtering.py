"""Which runs somebody wants to see, as one line: `val_loss < 0.3 tag:baseline -status:failed`.

    words          every word must stand in the name, note, tags or group ("two words" as one)
    key:words      a tag or a status that is so, a text in which it stands, a number that is so
    key < 0.3      also <= > >= = !=; numbers may have a unit (5min, 2h, 10MB), dates are 2026-12-31
    has:key        the run has such a value
    a or b, -a, not a, ( … )

Terms beside each other must all hold. A run without the value fails all comparisons but !=.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from resources.text import Text

Value = float | str | tuple[str, ...] | None
Get = Callable[[Any], Value]
Test = Callable[[Any], bool]
Operator = Literal[":", "<", "<=", ">", ">=", "=", "!="]

_TOKEN: Final = re.compile(r'\s*(?:([()])|"((?:[^"\\]|\\.)*)"|(<=|>=|!=|==|[<>=:])|([^\s()<>=!:"]+|!))')
_NUMBER: Final = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?)([a-zA-Zµ%]*)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")
_UNITS: Final = {
    "": 1.0, "%": 0.01, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
    "k": 1e3, "b": 1.0, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 2.0**10, "mib": 2.0**20, "gib": 2.0**30,
}  # fmt: skip
_LONGEST: Final = 2000
_DEEPEST: Final = 20


class FilterError(Exception):
    """A line that cannot be understood."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


@dataclass(frozen=True, slots=True)
class Fields:
    """What a filter may ask of a run. `find` gives the value behind a key, None where there is no such key; `words`
    all that words without a key are looked for in."""

    find: Callable[[str], Get | None]
    words: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["bracket", "operator", "word", "quoted"]
    text: str
    start: int
    end: int


def parse(line: str, fields: Fields) -> Test:
    """Return what says whether a run is wanted. Raises FilterError."""
    if len(line) > _LONGEST:
        raise FilterError(Text("The filter is too long."))
    parser = _Parser(_tokens(line), fields)
    return parser.whole() if line.strip() else lambda _run: True


def _tokens(line: str) -> list[_Token]:
    tokens, place = [], 0
    line = line.rstrip()
    while place < len(line):
        match = _TOKEN.match(line, place)
        if match is None:
            raise FilterError(Text("A quotation mark is missing."))
        bracket, quoted, operator, word = match.groups()
        start = place + len(match[0]) - len(match[0].lstrip())
        if bracket:
            tokens.append(_Token("bracket", bracket, start, match.end()))
        elif quoted is not None:
            tokens.append(_Token("quoted", re.sub(r"\\(.)", r"\1", quoted), start, match.end()))
        elif operator:
            tokens.append(_Token("operator", "=" if operator == "==" else operator, start, match.end()))
        else:
            tokens.append(_Token("word", word, start, match.end()))
        place = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[_Token], fields: Fields) -> None:
        self._tokens = tokens
        self._fields = fields
        self._place = 0
        self._depth = 0

    def whole(self) -> Test:
        test = self._either()
        if self._next() is not None:
            raise FilterError(Text("A bracket closes that was never opened."))
        return test

    def _next(self) -> _Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _is_word(self, word: str) -> bool:
        token = self._next()
        return token is not None and token.kind == "word" and token.text.casefold() == word

    @staticmethod
    def _closes(token: _Token) -> bool:
        return token.kind == "bracket" and token.text == ")"

    def _either(self) -> Test:
        tests = [self._all()]
        while self._is_word("or"):
            self._place += 1
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda run: any(test(run) for test in tests)

    def _all(self) -> Test:
        tests: list[Test] = []
        while (token := self._next()) is not None and not self._closes(token) and not self._is_word("or"):
            if tests and self._is_word("and"):
                self._place += 1
            tests.append(self._not())
        if not tests:
            raise FilterError(Text("A condition is missing."))
        return tests[0] if len(tests) == 1 else lambda run: all(test(run) for test in tests)

    def _not(self) -> Test:
        token = self._next()
        if token is not None and token.kind == "word" and token.text.casefold() in ("not", "-", "!"):
            self._place += 1
            test = self._one()
            return lambda run: not test(run)
        if token is not None and token.kind == "word" and token.text.startswith("-") and not _NUMBER.match(token.text):
            self._tokens[self._place] = _Token("word", token.text[1:], token.start + 1, token.end)
            test = self._one()
            return lambda run: not test(run)
        return self._one()

    def _one(self) -> Test:
        token = self._next()
        if token is None:
            raise FilterError(Text("A condition is missing."))
        self._place += 1
        if token.text == "(" and token.kind == "bracket":
            return self._bracket()
        if token.kind in ("operator", "bracket"):
            raise FilterError(Text("Before “{operator}” the name of a column is missing.", {"operator": token.text}))
        operator = self._next()
        if operator is not None and operator.kind == "operator":
            self._place += 1
            return self._compared(token.text, operator)
        words, looked_for = self._fields.words, token.text.casefold()
        return lambda run: looked_for in words(run).casefold()

    def _bracket(self) -> Test:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise FilterError(Text("The filter is too long."))
        test = self._either()
        if self._next() is None:
            raise FilterError(Text("A bracket is not closed."))
        self._place += 1
        self._depth -= 1
        return test

    def _compared(self, key: str, operator: _Token) -> Test:
        value = self._next()
        if value is None or value.kind in ("operator", "bracket"):
            raise FilterError(Text("After “{operator}” a value is missing.", {"operator": operator.text}))
        self._place += 1
        text = value.text
        following = self._next()
        while following is not None and following.start == value.end and following.kind in ("operator", "word"):
            text += following.text  # "12:30" or "a=b" without a gap is one value
            value, self._place = following, self._place + 1
            following = self._next()
        if key.casefold() == "has" and operator.text == ":":
            get = self._found(text)
            return lambda run: get(run) not in (None, "", ())
        return condition(self._found(key), operator.text, text)  # type: ignore[arg-type]

    def _found(self, key: str) -> Get:
        get = self._fields.find(key)
        if get is None:
            raise FilterError(Text("There is no column “{name}”.", {"name": key[:80]}))
        return get


def condition(get: Get, operator: Operator, text: str) -> Test:
    """Return the test of one value against `text`. Raises FilterError where sizes are asked of what has none."""
    number, looked_for = number_of(text), text.casefold()
    if operator in ("<", "<=", ">", ">="):
        if number is None:
            raise FilterError(Text("“{text}” is no number, and no date such as 2026-12-31.", {"text": text[:80]}))
        return _sized(get, operator, number)

    def holds(run: Any) -> bool:
        value = get(run)
        if value is None:
            return False
        if isinstance(value, str):
            return looked_for in value.casefold() if operator == ":" else looked_for == value.casefold()
        if isinstance(value, tuple):
            return any(looked_for == word.casefold() for word in value)
        return number is not None and _same(value, number, text)

    return (lambda run: not holds(run)) if operator == "!=" else holds


def _sized(get: Get, operator: str, number: float) -> Test:
    def holds(run: Any) -> bool:
        value = get(run)
        if not isinstance(value, int | float):
            return False
        if operator in ("<", "<="):
            return value < number or (operator == "<=" and value == number)
        return value > number or (operator == ">=" and value == number)

    return holds


def _same(value: float, number: float, text: str) -> bool:
    """A date is its whole day or month."""
    if _DATE.fullmatch(text):
        try:
            return datetime.fromtimestamp(value).isoformat().startswith(text)
        except (ValueError, OverflowError, OSError):  # a metric that has gone astray is no date
            return False
    if not math.isfinite(value):
        return value == number
    return abs(value - number) <= 1e-9 * max(abs(value), abs(number))


def number_of(text: str) -> float | None:
    """The number in a text, with its unit taken into account: seconds, bytes; of a date, seconds since 1970."""
    if _DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text if len(text) > 7 else f"{text}-01").timestamp()
        except (ValueError, OverflowError, OSError):
            return None
    match = _NUMBER.fullmatch(text)
    unit = _UNITS.get(match[2].lower()) if match else None
    return float(match[1]) * unit if match and unit is not None else None
