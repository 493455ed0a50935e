"""JSON as Keras writes it: with NaN, Infinity and -Infinity, which strict readers refuse and others turn to null."""

import json
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")
_WORDS: Final = (b"NaN", b"Infinity")


def decode(content: bytes, to: type[T]) -> T:
    """The value of UTF-8 JSON. Raises msgspec.MsgspecError, ValueError and RecursionError."""
    if any(word in content for word in _WORDS):
        return msgspec.convert(json.loads(content), to)
    return msgspec.json.decode(content, type=to)  # many times as fast


def encode(value: msgspec.Struct, *, lines: bool = True) -> bytes:
    """Every number as it is; in lines that people can read, unless they are many."""
    text = json.dumps(msgspec.to_builtins(value), indent=2 if lines else None, ensure_ascii=False)
    return text.encode() + b"\n"


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same as JSON: NaN is NaN, and lists are tuples."""
    return json.dumps(left) == json.dumps(right)
