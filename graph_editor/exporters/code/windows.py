"""Windows over the rows of a time series as Python source: which rows each holds, and which one it tells."""

from collections.abc import Mapping
from typing import Any, Final

from resources.python_code import shared
from resources.python_code.layout import assigned, comment
from resources.python_code.pieces import (
    CallCode,
    Code,
    SourceError,
    bounds,
    call,
    name,
    number,
    quoted,
    subscript,
)
from resources.text import Text
from resources.training.settings.split import LAST, TIME
from resources.training.settings.split import SETTING as SPLIT
from resources.training.settings.split_column import SETTING as SPLIT_COLUMN

SIDE_BY_SIDE: Final = "side_by_side_in_time"
SIDE_BY_SIDE_HELPER: Final = '''def side_by_side_in_time(columns, dtype):
    """All values that these columns have at each time of a window, in a row: shape (windows, times, values)."""
    rows = [column.reshape(*column.shape[:2], np.prod(column.shape[2:], dtype=int)) for column in columns]
    return np.concatenate(rows, axis=2).astype(dtype)
'''
PAST: Final = name("past")
TRUTH: Final = name("truth")
_SPANS: Final = name("spans")
# What a script with windows calls its own.
NAMES: Final = ("spans", "past", "truth", "rows", SIDE_BY_SIDE)
_ABOUT: Final = "The rows of each sample: those of its window, and behind them up to the one that is its truth."
_ALL: Final = bounds(None, None, None)


class WindowsCode:
    """Of the `windows` in the data section of a project. Raises SourceError for what are no windows."""

    def __init__(self, windows: Any) -> None:
        self._windows = windows if isinstance(windows, Mapping) else {}
        self.length, self._horizon, self._stride = (
            self._count(key, usual) for key, usual in (("length", None), ("horizon", 1), ("stride", 1))
        )
        if min(self.length, self._stride) < 1 or self._horizon < 0:
            raise _no_windows()
        self._keys = {key: str(self._windows.get(key) or "") for key in ("order_by", "group_by")}

    def _count(self, key: str, usual: int | None) -> int:
        value = self._windows.get(key, usual)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _no_windows()
        return value

    @property
    def columns(self) -> list[str]:
        """What of the data is read to order and group rows."""
        return [column for column in self._keys.values() if column]

    def split(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The data section, whose last samples are the latest ones where rows have an order."""
        if SPLIT.sound(data) == LAST and self._keys["order_by"]:
            return {**data, SPLIT.key: TIME, SPLIT_COLUMN.key: self._keys["order_by"]}
        return data

    def functions(self, *, splits: bool, prepares: bool, side_by_side: bool) -> list[str]:
        used = ["row_spans", *(["spans_in_parts"] if splits else []), *(["rows_of_spans"] if prepares else [])]
        more = [SIDE_BY_SIDE_HELPER] if side_by_side else []
        return [*shared.definitions("windows.py", used), *more]

    def lines(self, column: str, *, splits: bool) -> list[str]:
        """Lines that leave the rows of all windows in `spans`, and in `parts` which windows are in which part."""
        keys: dict[str, Code] = {key: _column(column) for key, column in self._keys.items() if column}
        size, stride = number(self.length + self._horizon), number(self._stride)
        count = call(name("len"), _column(column))
        made = CallCode(name("row_spans"), (count, size, stride), keys)
        lines = [*comment(_ABOUT, 1), *assigned("spans", made)]
        return [*lines, *(assigned("parts", call(name("spans_in_parts"), _SPANS, name("parts"))) if splits else [])]

    def learnt_rows(self, training: Code | None) -> Code:
        """The rows that steps learn of: those that windows of the training part hold."""
        spans = _SPANS if training is None else subscript(_SPANS, training)
        return call(name("rows_of_spans"), spans, number(self.length))

    def ends(self) -> list[str]:
        """Lines that leave the rows of all windows in `past`, and the rows that they tell in `truth`."""
        past = subscript(_SPANS, _ALL, bounds(None, number(self.length), None))
        return [*assigned("past", past), *assigned("truth", subscript(_SPANS, _ALL, number(-1)))]

    def filled(self, shape: list[Any]) -> list[Any]:
        """The shape of an input with the length of a window where it is open."""
        return [self.length, *shape[1:]] if shape and shape[0] is None else shape


def _column(column: str) -> Code:
    return subscript(name("data"), quoted(column))


def _no_windows() -> SourceError:
    return SourceError(Text("Windows have a length and a stride of at least 1, and a horizon of at least 0."))
