"""The JSON of a model file, or of a part of one, with the place in it when it is refused."""

import json
from typing import Any, Final

from graph_editor.document.checked_json import JsonRefusedError, check, check_count, too_deep
from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any

MAX_BYTES: Final = 32 * 1024 * 1024  # one character beyond ASCII makes Python keep four bytes for each, twice
MAX_VALUES: Final = 2_000_000  # NASNetLarge has 100,000; each costs up to 100 bytes once it is parsed


def parse(content: bytes, place: str) -> Json:
    """The value of UTF-8 JSON. Raises ConfigError with the place inside the file that ``place`` names."""
    if len(content) > MAX_BYTES:
        megabytes = MAX_BYTES // 2**20
        raise ConfigError(place, Text("it is larger than {megabytes} MB.", {"megabytes": megabytes}))
    try:
        check_count(content, MAX_VALUES)
        parsed = json.loads(content.decode("utf-8-sig"))
        check(parsed)
    except JsonRefusedError as error:
        raise ConfigError(place, error.text) from error
    except UnicodeDecodeError as error:
        raise ConfigError(place, Text("byte {number} is not UTF-8 text.", {"number": error.start})) from error
    except json.JSONDecodeError as error:
        raise ConfigError(
            place, Text.of("line {line}, column {column} is not JSON.", line=error.lineno, column=error.colno)
        ) from error
    except RecursionError as error:
        raise ConfigError(place, too_deep()) from error
    except ValueError as error:  # a number with thousands of digits
        raise ConfigError(place, Text("it is not JSON: {reason}", {"reason": str(error)})) from error
    return parsed
