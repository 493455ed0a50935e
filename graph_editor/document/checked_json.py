"""JSON from a file that nobody vouches for: counted before it is parsed, measured before anything walks through it."""

from typing import Any, Final

from resources.text import Text

Json = Any

MAX_DEPTH: Final = 250  # a model inside a model costs six levels
_MARKS: Final = b",:[{"  # each value but the first comes after one of them


class JsonRefusedError(ValueError):
    """The value is none that can be shown, saved and sent; `text` is a sentence without a beginning."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


def check_count(content: bytes, most: int) -> None:
    """Raises JsonRefusedError before values that take up to 100 bytes each are made of one byte each."""
    if sum(content.count(mark) for mark in _MARKS) > most:
        raise JsonRefusedError(Text("it has more than {count} values.", {"count": f"{most:,}"}))


def each_key_once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """For `json.loads(object_pairs_hook=…)`: of two values under one name, nobody says which is meant."""
    value = dict(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise JsonRefusedError(Text("the name “{name}” is there twice in one object.", {"name": twice[:80]}))
    return value


def check(parsed: Json, depth_alone: bool = False) -> None:
    """No deeper than MAX_DEPTH, no number of more than 64 bits, no half of a character. Raises JsonRefusedError.

    `depth_alone`: for files of our own, which keep whatever a person has typed.
    """
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
            elif not depth_alone and isinstance(item, int) and not -(2**63) <= item < 2**63:
                raise JsonRefusedError(Text("it holds a number of more than 64 bits."))
        for text in () if depth_alone else texts:
            if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
                raise JsonRefusedError(Text("it holds half of a character, which no text may."))
        level = deeper
        if not level:
            return
    raise JsonRefusedError(too_deep())


def too_deep() -> Text:
    return Text("it is nested more than {depth} levels deep.", {"depth": MAX_DEPTH})
