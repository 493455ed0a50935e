"""Reads what Keras' docstrings say, as plain sentences."""

import inspect
import re
from typing import Final

HELP_LENGTH: Final = 160

_SECTION = re.compile(r"^(\s*)(Args|Arguments):\s*$")
_ITEM = re.compile(r"^(?:\*\*)?(\w+(?:,\s*\w+)*)\s*(?:\([^)]*\))?:\s*(.*)$")
_SENTENCE_END = re.compile(r"(?<!e\.g\.)(?<!i\.e\.)(?<!\bie\.)(?<!k\.a\.)(?<!vs\.)(?<!al\.)(?<=[.!?])\s+(?=\S)")
_TYPE_WORDS = r"(?:an? )?(?:optional )?(?:strictly )?(?:positive |non-negative )?(?:python )?"
_TYPES = r"(?:ints?|integers?|floats?|bool|boolean|str|strings?|tuples?|lists?|dict|dictionary|scalar|numbers?)"
_TYPE_PREFIX = re.compile(
    rf"^{_TYPE_WORDS}{_TYPES}(?:(?:\s+or\s+|/|,\s+or\s+)(?:an? )?{_TYPES})*"
    rf"(?:\s+of\s+\w+\s+{_TYPES})?(?:\s+or\s+None)?\s*[,.;:]\s+(?=\S)",
    re.IGNORECASE,
)
_OBVIOUS = re.compile(
    r"^(?:defaults? (?:to|is|value)|optional\b.{0,2}$|\(?default|none by default|boolean \(default|float >=|note\.$)",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"^\(?optional\)?[:,]?\s+(?=\w+ )|^\((?:optional)\)\s*", re.IGNORECASE)
_SPECIFYING = re.compile(
    r"^(?:(?:an integer tuple/list of 1 integer|integer|string),? )?(?:specifying|indicating) (?=the|whether|which)",
    re.IGNORECASE,
)
_NEXT_SECTION = re.compile(
    r"^\s*(?:Input shape|Output shape|Call arguments|Returns|Raises|Reference|References|Examples?):"
)


def summary(documentation: str | None) -> str:
    """The first sentence of a docstring, without markup; empty if there is none."""
    first = inspect.cleandoc(documentation or "").split("\n\n")[0]
    sentences = _sentences(plain(first))
    return _shortened(sentences[0]) if sentences else ""


def arguments(documentation: str | None) -> dict[str, str]:
    """Name of a constructor argument -> one line of at most ``HELP_LENGTH`` characters on it."""
    return {name: one_line(text) for name, text in _raw_arguments(documentation).items()}


def quoted(documentation: str | None, name: str) -> tuple[str, ...]:
    """The quoted words in what is said of the argument ``name``, in order: mostly what it may be."""
    text = " ".join(_raw_arguments(documentation).get(name, "").split())
    found = re.findall(r"`?[\"'](\w+)[\"']`?", text)
    return tuple(dict.fromkeys(found))


def one_line(text: str) -> str:
    """Return what is said of an argument: as many whole sentences as fit, without its type and its default."""
    cleaned = _SPECIFYING.sub("", _TYPE_PREFIX.sub("", _PREAMBLE.sub("", plain(text)), count=1))
    line = ""
    for sentence in _sentences(cleaned):
        if _OBVIOUS.match(sentence):
            continue
        sentence = sentence if line else _capitalized(sentence)
        if line and len(line) + 1 + len(sentence) > HELP_LENGTH:
            break
        line = f"{line} {sentence}".strip()
    return _shortened(line)


def plain(text: str) -> str:
    """One paragraph without Markdown."""
    text = re.split(r"\n\s*\n|\n\s*[-*] |\n?```", text)[0]
    text = re.sub(r"\[([^\]]+)\]\(\s*[^)]*\)", r"\1", text)
    text = re.sub(r"`+|\*\*", "", text)
    text = " ".join(text.split())
    return re.sub(r"(?<=\w)\.\.(?=\s|$)", ".", text)


def _raw_arguments(documentation: str | None) -> dict[str, str]:
    lines = inspect.cleandoc(documentation or "").splitlines()
    start = next((index for index, line in enumerate(lines) if _SECTION.match(line)), None)
    if start is None:
        return {}
    outer = len(lines[start]) - len(lines[start].lstrip())
    descriptions: dict[str, list[str]] = {}
    names: list[str] = []
    item_indent: int | None = None
    for line in lines[start + 1 :]:
        indent = len(line) - len(line.lstrip())
        if (line.strip() and indent <= outer) or _NEXT_SECTION.match(line):
            break
        if line.strip() and item_indent is None:
            item_indent = indent
        match = _ITEM.match(line.strip()) if line.strip() and indent == item_indent else None
        if match:
            names = [name.strip() for name in match[1].split(",")]
            descriptions.update({name: [match[2]] for name in names})
        else:
            for name in names:
                descriptions[name].append(line)
    return {name: "\n".join(text) for name, text in descriptions.items()}


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _capitalized(sentence: str) -> str:
    """A sentence that lost its beginning starts with a capital letter, unless it starts with a name from code."""
    first = sentence.split()[0]
    return sentence if "_" in first or any(sign in first for sign in "=(") else sentence[0].upper() + sentence[1:]


def _shortened(text: str) -> str:
    """At most ``HELP_LENGTH`` characters, cut between words, with a full stop or an ellipsis."""
    text = text.removesuffix(" as follows:").removesuffix(", configuring the layer").rstrip(" :;,")
    if len(text) > HELP_LENGTH:
        cut = text[: HELP_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:(")
        return f"{cut}…"
    return text if not text or text[-1] in ".!?…" else f"{text}."
