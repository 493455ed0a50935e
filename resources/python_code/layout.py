"""Lines of Python: statements of at most `WIDTH` characters, written as a formatter would write them."""

import re
from collections.abc import Sequence
from typing import Final

from resources.python_code.pieces import (
    INDENT,
    Atom,
    CallCode,
    Code,
    Items,
    arguments,
    checked_name,
    entries,
    flat,
    joined,
)

WIDTH: Final = 100


def assigned(variable: str, code: Code, depth: int = 1) -> list[str]:
    """The lines of `variable = code`, `depth` levels deep."""
    return _statement(f"{checked_name(variable)} = ", code, depth)


def attribute_set(variable: str, attribute: str, code: Code, depth: int = 1) -> list[str]:
    """The lines of `variable.attribute = code`."""
    return _statement(f"{checked_name(variable)}.{checked_name(attribute)} = ", code, depth)


def item_set(variable: str, key: Code, code: Code, depth: int = 1) -> list[str]:
    """The lines of `variable[key] = code`."""
    return _statement(f"{checked_name(variable)}[{flat(key)}] = ", code, depth)


def returned(code: Code, depth: int = 1) -> list[str]:
    return _statement("return ", code, depth)


def done(code: Code, depth: int = 1) -> list[str]:
    """The lines of an expression that is there for what it does."""
    return _statement("", code, depth)


def function(
    name: str,
    lines: Sequence[str],
    *,
    given: Sequence[str] = (),
    optional: Sequence[str] = (),
    of: str = "",
    about: str = "",
) -> str:
    """A function of the arguments `given`, and of `optional` ones that are None where they are not given.

    `of` is a library's class that it returns, `about` a line of help.
    """
    help_text = [f'{INDENT}"""{_plain(about)}"""'] if about else []
    returns = f" -> {'.'.join(map(checked_name, of.split('.')))}" if of else ""
    arguments = ", ".join([*map(checked_name, given), *(f"{checked_name(each)}=None" for each in optional)])
    return "\n".join([f"def {checked_name(name)}({arguments}){returns}:", *help_text, *lines]) + "\n"


def comment(text: str, depth: int = 0) -> list[str]:
    """`text` as comment lines; line breaks in it do not leave the comment."""
    room = WIDTH - len(INDENT * depth) - 2
    words, lines = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).split(" "), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [f"{INDENT * depth}# {line}" for line in lines if line]


def docstring(*paragraphs: str) -> str:
    """Return what stands at the head of a file; quotes and backslashes do not leave it."""
    return '"""' + "\n\n".join(map(_plain, paragraphs)) + '\n"""\n'


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() and c not in '"\\' else "_" for c in text)


def _statement(start: str, code: Code, depth: int) -> list[str]:
    indent = INDENT * depth
    return f"{indent}{start}{_laid_out(code, len(indent) + len(start), depth, 0)}".split("\n")


def _laid_out(code: Code, column: int, depth: int, after: int) -> str:
    """The expression from `column` on, with room for `after` more characters in its last line."""
    one_line = flat(code)
    if isinstance(code, Atom) or column + len(one_line) + after <= WIDTH:
        return one_line
    if isinstance(code, Items):
        return _broken(code.open, code.close.lstrip(","), entries(code), depth, together=False)
    if isinstance(code.function, CallCode):
        last = f"({joined(arguments(code))})"
        before = f"{flat(code.function.function)}("
        if column + len(before) <= WIDTH and len(depth * INDENT) + len(last) + after < WIDTH:
            parts = arguments(code.function)
            if parts:
                return _broken(before, f"){last}", parts, depth, together=False)
    start = _laid_out(code.function, column, depth, 1)
    parts = arguments(code)
    return _broken(f"{start}(", ")", parts, depth, together=True) if parts else f"{start}()"


def _broken(start: str, end: str, parts: Sequence[tuple[str, Code]], depth: int, *, together: bool) -> str:
    inner = INDENT * (depth + 1)
    line = joined(parts)
    if together and len(inner) + len(line) <= WIDTH:
        return f"{start}\n{inner}{line}\n{INDENT * depth}{end}"
    lines = [f"{inner}{key}{_laid_out(code, len(inner) + len(key), depth + 1, 1)},\n" for key, code in parts]
    return f"{start}\n{''.join(lines)}{INDENT * depth}{end}"
