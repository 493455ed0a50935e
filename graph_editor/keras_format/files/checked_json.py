"""JSON from a file that nobody vouches for: capped before it is parsed, measured before anything walks through it."""

import json
from typing import Any, Final

from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any

MAX_BYTES: Final = 32 * 1024 * 1024  # one character beyond ASCII makes Python keep four bytes for each, twice
MAX_VALUES: Final = 2_000_000  # NASNetLarge has 100,000; each costs up to 100 bytes once it is parsed
MAX_DEPTH: Final = 250  # a model inside a model costs six levels
_TOO_DEEP: Final = Text("it is nested more than {depth} levels deep.", {"depth": MAX_DEPTH})


def parse(content: bytes, place: str) -> Json:
    """The value of UTF-8 JSON. Raises ConfigError with the place inside the file that ``place`` names."""
    if len(content) > MAX_BYTES:
        megabytes = MAX_BYTES // 2**20
        raise ConfigError(place, Text("it is larger than {megabytes} MB.", {"megabytes": megabytes}))
    if sum(content.count(mark) for mark in b",:[{") > MAX_VALUES:
        raise ConfigError(place, Text("it has more than {count} values.", {"count": f"{MAX_VALUES:,}"}))
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ConfigError(place, Text("byte {number} is not UTF-8 text.", {"number": error.start})) from error
    except json.JSONDecodeError as error:
        facts: dict[str, str | int | float | Text] = {"line": error.lineno, "column": error.colno}
        raise ConfigError(place, Text("line {line}, column {column} is not JSON.", facts)) from error
    except RecursionError as error:
        raise ConfigError(place, _TOO_DEEP) from error
    except ValueError as error:  # a number with thousands of digits
        raise ConfigError(place, Text("it is not JSON: {reason}", {"reason": str(error)})) from error
    _check(parsed, place)
    return parsed


def _check(parsed: Json, place: str) -> None:
    """No deeper than MAX_DEPTH, and all text and numbers can be shown, saved and sent."""
    level = [parsed]
    for _ in range(MAX_DEPTH):
        texts = [item for item in level if isinstance(item, str)]
        deeper: list[Json] = []
        for item in level:
            if isinstance(item, dict):
                texts.extend(item)
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
            elif isinstance(item, int) and not -(2**63) <= item < 2**63:
                raise ConfigError(place, Text("it holds a number of more than 64 bits."))
        for text in texts:
            if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
                raise ConfigError(place, Text("it holds half of a character, which no text may."))
        level = deeper
        if not level:
            return
    raise ConfigError(place, _TOO_DEEP)
