"""Python source in typed pieces: the one place where text from a project becomes code.

What a project says becomes either a name, which is checked, or a literal, which is written so that it can be nothing
else. The rest is fixed text of the exporter. Whatever fits neither is a SourceError; nothing is pasted into source.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from resources.python_code.python_names import is_python_name, no_name, shown
from resources.text import Text

Json = Any
INDENT: Final = "    "
LIBRARIES: Final = ("keras", "np")  # roots of what the emitted expressions use
DEEPEST: Final = 90  # brackets in brackets; Python itself reads at most 200
_LONGEST_INT: Final = 14_000  # bits; longer ones Python reads in hexadecimal only


class SourceError(Exception):
    """A project that cannot be written as Python, in one sentence that names the place and the reason."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.english())
        self.text = text


@contextmanager
def place(name: str) -> Iterator[None]:
    """Errors inside say that they are about ``name``."""
    try:
        yield
    except SourceError as error:
        raise SourceError(Text("{place}: {reason}", {"place": shown(name), "reason": error.text})) from error


def too_deep() -> SourceError:
    return SourceError(Text("It is nested too deeply to be written as Python."))


@dataclass(frozen=True, slots=True)
class Atom:
    """Source of an expression that stands in one line. Made in this module alone; a test looks after that."""

    text: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or dict: what stands between `open` and `close`; each item of a dict has its key."""

    open: Literal["[", "(", "{"]
    close: Literal["]", ")", ",)", "}"]
    items: tuple["Code", ...]
    keys: tuple[Atom, ...] = ()
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "depth", _around(self.items))


@dataclass(frozen=True, slots=True)
class CallCode:
    """A call; named arguments come after the others, and their names are names."""

    function: "Code"
    args: tuple["Code", ...] = ()
    kwargs: Mapping[str, "Code"] = field(default_factory=dict)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        for key in self.kwargs:
            checked_name(key)
        object.__setattr__(self, "depth", _around((self.function, *self.args, *self.kwargs.values())))


Code = Atom | Items | CallCode

TRUE, FALSE, ELLIPSIS, SLICE = (Atom(word) for word in ("True", "False", "...", "slice"))


def _around(codes: Iterable[Code]) -> int:
    depth = 1 + max((code.depth for code in codes), default=0)
    if depth > DEEPEST:
        raise too_deep()
    return depth


# Names


def checked_name(text: str) -> str:
    """`text`, which Python takes as a name; SourceError for anything else."""
    if is_python_name(text):
        return text
    raise SourceError(no_name(text))


def name(text: str) -> Atom:
    """A variable, a function or a class of the program itself."""
    return Atom(checked_name(text))


def library(path: str) -> Atom:
    """Something in one of the libraries that are imported, such as "keras.layers.Dense"."""
    root, *rest = path.split(".")
    if root not in LIBRARIES or not rest:
        raise SourceError(no_name(path))
    return Atom(".".join([root, *map(checked_name, rest)]))


def attribute(value: Code, attribute_name: str) -> Atom:
    return Atom(f"{flat(value)}.{checked_name(attribute_name)}", value.depth)


def import_from(module: str, names: Iterable[str]) -> str:
    return f"from {checked_name(module)} import {', '.join(sorted(map(checked_name, names)))}"


def import_as(module: str, known_as: str) -> str:
    return f"import {checked_name(module)} as {checked_name(known_as)}"


# Literals


def quoted(text: str) -> Atom:
    """A string literal: never anything but a string in one line, whatever it holds."""
    if not isinstance(text, str):
        raise _no_literal(text)
    text = str(text)
    if '"' in text:
        return Atom(repr(text))
    return Atom('"' + repr(f"'{text}")[2:])  # with a ' in it, Python writes " around it


def number(value: float) -> Atom:
    """Whole numbers, others, True and False; also those that are no finite numbers."""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int):
        return Atom(repr(int(value)) if value.bit_length() <= _LONGEST_INT else hex(value))
    if isinstance(value, float):
        return Atom(repr(float(value)) if math.isfinite(value) else f'float("{float(value)}")')
    raise _no_literal(value)


def literal(value: Json, *, tuples: bool = False) -> Code:
    """A JSON value (or bytes) as it stands; `tuples` writes lists of it as tuples."""
    if value is None:
        return Atom("None")
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return dict_of({_key(key): literal(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        items = [literal(item, tuples=tuples) for item in value]
        return tuple_of(items) if tuples else list_of(items)
    if isinstance(value, bytes):
        return Atom(repr(bytes(value)))
    return number(value)


def _key(key: Json) -> str:
    if not isinstance(key, str):
        raise _no_literal(key)
    return key


def _no_literal(value: object) -> SourceError:
    if type(value).__name__ == "TensorRef":
        return SourceError(Text("A tensor stands among its settings, where it cannot be written as source."))
    return SourceError(Text("A {kind} cannot be written as a value in Python.", {"kind": type(value).__name__}))


# What is made of pieces


def call(function: Code, *args: Code, **kwargs: Code) -> CallCode:
    return CallCode(function, args, kwargs)


def list_of(items: Iterable[Code]) -> Items:
    return Items("[", "]", tuple(items))


def tuple_of(items: Sequence[Code]) -> Items:
    return Items("(", ",)" if len(items) == 1 else ")", tuple(items))


def dict_of(entries: Mapping[str, Code]) -> Items:
    """`entries` maps keys to values; keys are any text."""
    return Items("{", "}", tuple(entries.values()), tuple(quoted(key) for key in entries))


def subscript(value: Code, *index: Code) -> Atom:
    """`value[index]`; several are separated by commas."""
    return Atom(f"{flat(value)}[{', '.join(map(flat, index))}]", _around((value, *index)))


def bounds(start: Code | None, stop: Code | None, step: Code | None) -> Atom:
    """A slice as it stands between the brackets of x[...], and nowhere else."""
    ends = [flat(part) if part is not None else "" for part in (start, stop)]
    parts = [part for part in (start, stop, step) if part is not None]
    return Atom(":".join([*ends, *([flat(step)] if step is not None else [])]), _around(parts))


def arithmetic(left: Code, sign: Literal["*", "+"], right: Code) -> Atom:
    return Atom(f"{flat(left)} {sign} {flat(right)}", _around((left, right)))


def either(condition: Code, one: Code, other: Code) -> Code:
    """`one` where the condition holds, else the other. What is the same in both calls of a function is written once."""
    if flat(one) == flat(other):
        return one
    if isinstance(one, CallCode) and isinstance(other, CallCode):
        named_alike = not one.args and not other.args and one.kwargs.keys() == other.kwargs.keys()
        if named_alike and flat(one.function) == flat(other.function):
            kwargs = {key: either(condition, value, other.kwargs[key]) for key, value in one.kwargs.items()}
            return CallCode(one.function, (), kwargs)
    parts = (one, condition, other)
    return Atom(f"{flat(one)} if {flat(condition)} else {flat(other)}", _around(parts))


def one_line(code: Code) -> Atom:
    """`code`, which is not to be broken into lines."""
    return Atom(flat(code), code.depth)


# Text


def flat(code: Code) -> str:
    """In one line."""
    if isinstance(code, Atom):
        return code.text
    if isinstance(code, CallCode):
        return f"{flat(code.function)}({joined(arguments(code))})"
    return f"{code.open}{joined(entries(code))}{code.close}"


def joined(parts: Sequence[tuple[str, Code]]) -> str:
    return ", ".join(key + flat(code) for key, code in parts)


def arguments(code: CallCode) -> list[tuple[str, Code]]:
    """Return what precedes each argument, and the argument."""
    named = [(f"{key}=", value) for key, value in code.kwargs.items()]
    return [*(("", argument) for argument in code.args), *named]


def entries(code: Items) -> list[tuple[str, Code]]:
    """Return what precedes each item, and the item."""
    keys = [f"{key.text}: " for key in code.keys] or [""] * len(code.items)
    return list(zip(keys, code.items, strict=True))
