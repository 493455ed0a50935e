"""What the process that reads a stranger's file may say, and what is taken of it: plain values within limits, no more.

The process may have been taken over by the file that it read. So its answer is a file of a stranger as well: decoded by
type, no longer than `MOST_BYTES`, its sentences ours in form, and its project read by the reader of project files.
"""

from __future__ import annotations

import string
from typing import Final

import msgspec

from resources.text import Text

MOST_BYTES: Final = 96 * 2**20  # a config of 32 MB becomes a project of up to twice that
_MOST_NOTES: Final = 10_000
_LONGEST: Final = 4_000  # characters of a sentence, filled or not
_DEEPEST: Final = 4  # sentences in sentences


class AnswerError(ValueError):
    """What came is no answer."""


class ReadModel(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """The model as the bytes of a project file; `weights` tells whether there are some to start from."""

    project: bytes
    weights: bool
    notes: tuple[Text, ...] = ()


class Refused(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Why the file is not opened; `detail` is for the log."""

    text: Text
    detail: str = ""


Answer = ReadModel | Refused


def encoded(answer: Answer) -> bytes:
    return msgspec.msgpack.encode(answer)


def decoded(content: bytes) -> Answer:
    """Raises AnswerError."""
    try:
        answer: Answer = msgspec.msgpack.decode(content, type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise AnswerError(str(error)[:_LONGEST]) from error
    texts = (answer.text,) if isinstance(answer, Refused) else answer.notes
    if len(texts) > _MOST_NOTES:
        raise AnswerError("too many notes")
    for text in texts:
        _check(text, 0)
    return answer


def sendable(text: Text) -> Text:
    """The sentence with halves of characters, which file names may hold, written out: no message can carry them."""
    return Text(text.template, {key: _sendable(value) for key, value in text.args.items()})


def _sendable(value: str | float | Text) -> str | int | float | Text:
    if isinstance(value, Text):
        return sendable(value)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()[:_LONGEST]
    return value


def check_text(text: Text) -> None:
    """Raises AnswerError unless it is a sentence of ours in form."""
    _check(text, 0)


def _check(text: Text, depth: int) -> None:
    """Only names stand between braces: no attributes, no widths of a million, nothing that is not given."""
    if depth > _DEEPEST or len(text.template) > _LONGEST:
        raise AnswerError("a sentence without an end")
    try:
        parts = list(string.Formatter().parse(text.template))
    except ValueError as error:
        raise AnswerError("a sentence in no form") from error
    for _, name, width, conversion in parts:
        if name is not None and (name not in text.args or width or conversion or not name.isidentifier()):
            raise AnswerError("a sentence that asks for more than it was given")
    for value in text.args.values():
        if isinstance(value, Text):
            _check(value, depth + 1)
        elif isinstance(value, str) and len(value) > _LONGEST:
            raise AnswerError("a word without an end")
