"""Python expressions as trees, written in lines of at most `WIDTH` characters, as a formatter would write them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 100
INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or dict: what stands between `open` and `close`; each item is preceded by its text in `keys`."""

    open: str
    close: str
    items: tuple["Code", ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallCode:
    """A call; named arguments come after the others."""

    function: "Code"
    args: tuple["Code", ...] = ()
    kwargs: Mapping[str, "Code"] = field(default_factory=dict)


Code = str | Items | CallCode


def call(function: Code, *args: Code, **kwargs: Code) -> CallCode:
    return CallCode(function, args, kwargs)


def list_of(items: Iterable[Code]) -> Items:
    return Items("[", "]", tuple(items))


def tuple_of(items: Sequence[Code]) -> Items:
    return Items("(", ",)" if len(items) == 1 else ")", tuple(items))


def dict_of(entries: Mapping[str, Code]) -> Items:
    """`entries` maps keys to values; keys are any text."""
    return Items("{", "}", tuple(entries.values()), tuple(f"{quoted(key)}: " for key in entries))


def quoted(text: str) -> str:
    """A string literal: never anything but a string, whatever it holds."""
    if '"' in text:
        return repr(text)
    return '"' + repr(f"'{text}")[2:]  # with a ' in it, Python writes " around it


def flat(code: Code) -> str:
    """In one line."""
    if isinstance(code, str):
        return code
    if isinstance(code, CallCode):
        return f"{flat(code.function)}({_joined(_arguments(code))})"
    return f"{code.open}{_joined(_entries(code))}{code.close}"


def statement(start: str, code: Code, depth: int = 1) -> list[str]:
    """The lines of `start` (such as "x = ") and the expression, `depth` levels deep."""
    indent = INDENT * depth
    return f"{indent}{start}{_laid_out(code, len(indent) + len(start), depth, 0)}".split("\n")


def _laid_out(code: Code, column: int, depth: int, after: int) -> str:
    """The expression from `column` on, with room for `after` more characters in its last line."""
    one_line = flat(code)
    if isinstance(code, str) or column + len(one_line) + after <= WIDTH:
        return one_line
    if isinstance(code, Items):
        return _broken(code.open, code.close.lstrip(","), _entries(code), depth, together=False)
    if isinstance(code.function, CallCode):
        last = f"({_joined(_arguments(code))})"
        before = f"{flat(code.function.function)}("
        if column + len(before) <= WIDTH and len(depth * INDENT) + len(last) + after < WIDTH:
            entries = _arguments(code.function)
            if entries:
                return _broken(before, f"){last}", entries, depth, together=False)
    function = _laid_out(code.function, column, depth, 1)
    entries = _arguments(code)
    return _broken(f"{function}(", ")", entries, depth, together=True) if entries else f"{function}()"


def _broken(start: str, end: str, entries: Sequence[tuple[str, Code]], depth: int, *, together: bool) -> str:
    inner = INDENT * (depth + 1)
    line = _joined(entries)
    if together and len(inner) + len(line) <= WIDTH:
        return f"{start}\n{inner}{line}\n{INDENT * depth}{end}"
    lines = [f"{inner}{key}{_laid_out(code, len(inner) + len(key), depth + 1, 1)},\n" for key, code in entries]
    return f"{start}\n{''.join(lines)}{INDENT * depth}{end}"


def _joined(entries: Sequence[tuple[str, Code]]) -> str:
    return ", ".join(key + flat(code) for key, code in entries)


def _arguments(code: CallCode) -> list[tuple[str, Code]]:
    return [*(("", argument) for argument in code.args), *((f"{key}=", value) for key, value in code.kwargs.items())]


def _entries(code: Items) -> list[tuple[str, Code]]:
    keys = code.keys or ("",) * len(code.items)
    return list(zip(keys, code.items, strict=True))


def comment(text: str, depth: int = 0) -> list[str]:
    """`text` as comment lines; line breaks in it do not leave the comment."""
    room = WIDTH - len(INDENT * depth) - 2
    words, lines = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).split(" "), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [f"{INDENT * depth}# {line}" for line in lines if line]
