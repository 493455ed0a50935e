"""Reading the files of a run's folder, which may come from anywhere: regular files only, capped, and checked.

What cannot be read is a DamagedError with one sentence that names the file and the reason.
"""

import os
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from resources.os_reasons import os_reason
from resources.regular_files import FileTooLargeError, NotRegularFileError, open_regular, read_regular
from resources.text import Text
from runtime.model_configs import keras_json

_DEEPEST: Final = 60  # far deeper than any model; what works on it calls itself once or twice for each level
_LARGEST_NUMBER: Final = 2**63
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_STEP: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ODD: Final = re.compile(rb"[0-9]{19}|\\u[dD][89a-fA-F]")

T = TypeVar("T")


class DamagedError(Exception):
    """A file of a run that is not as a trainer leaves it."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


def read_checked(path: Path, to: type[T], limit: int, made_new: Callable[[Any], Any] | None = None) -> T | None:
    """The value in a JSON file of at most `limit` bytes; None when there is no file. Raises DamagedError.

    Its text is text, its numbers are ordinary ones, and it is not deep. `made_new` gets what is not as today's Lamella
    writes it, and gives it as that would.
    """
    try:
        data = read_regular(path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        try:
            value = keras_json.decode(data, to)
        except msgspec.ValidationError:
            if made_new is None:
                raise
            value = msgspec.convert(made_new(keras_json.decode(data, object)), to)
        if _ODD.search(data) or any(depth > _DEEPEST for depth in _depths(data)):
            _check(keras_json.decode(data, object))  # costs more than the rest
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DamagedError(
            Text.of("{file} is not as it was written: {reason}.", file=path.name, reason=str(error)[:200])
        ) from error
    return value


def check_size(path: Path, limit: int) -> None:
    """DamagedError unless the file is regular, readable and has at most `limit` bytes, or is not there."""
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(path, error) from error
    if size > limit:
        raise _too_large(path, limit)


def _depths(data: bytes) -> Iterator[int]:
    """Yield how deep the brackets lie, those within texts as well."""
    return accumulate(map(_STEP.__getitem__, data.translate(None, _NO_BRACKETS)))


def _check(value: Any) -> None:
    """Raises ValueError for what is too deep, for numbers that are no ordinary ones and for text that is none."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError("it is nested too deeply")
        if isinstance(item, dict):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
        elif isinstance(item, int) and abs(item) >= _LARGEST_NUMBER:
            raise ValueError("a number is too large")
        elif isinstance(item, str):
            item.encode()  # UnicodeEncodeError, a ValueError, for half characters


def _unreadable(path: Path, error: OSError) -> DamagedError:
    if isinstance(error, FileTooLargeError):
        return _too_large(path, error.limit)
    if isinstance(error, NotRegularFileError):
        return DamagedError(Text("{file} is no regular file.", {"file": path.name}))
    return DamagedError(Text.of("{file} cannot be read: {reason}.", file=path.name, reason=os_reason(error)))


def _too_large(path: Path, limit: int) -> DamagedError:
    return DamagedError(Text("{file} is larger than {size} MB.", {"file": path.name, "size": f"{limit >> 20:,}"}))
