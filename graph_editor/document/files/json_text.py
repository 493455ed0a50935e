"""JSON as people like to read it in a diff: short values on one line, long ones a line an item."""

import json
import re
from collections.abc import Mapping
from typing import Any

WIDTH = 100
_HALVES = re.compile("[\ud800-\udfff]")  # of characters: JSON can escape them, UTF-8 cannot hold them
_ONE_LINE = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))  # `dumps` would make one for every value
# What a document holds comes first: to ask whether something is a Mapping takes ten times as long.
_KEYED = (dict, Mapping)
_NESTS = (dict, list, tuple, Mapping)


def plain_json(value: Any, indent: int | None = None) -> str:
    """JSON in any script that UTF-8 can always encode; without ``indent`` in one line."""
    if indent is None:
        text = _ONE_LINE.encode(value)
    else:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ": "), indent=indent)
    if text.isascii():
        return text
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def pretty(value: Any, indent: int = 0) -> str:
    """Stable text of a JSON value; keys stay in their order."""
    nest = isinstance(value, _NESTS) and bool(value)
    if not nest or _least(value, WIDTH - indent) <= WIDTH - indent:
        flat = plain_json(value)
        if not nest or len(flat) + indent <= WIDTH:
            return flat
    pad, end = " " * (indent + 2), " " * indent
    if isinstance(value, Mapping):
        rows = [f"{pad}{plain_json(key)}: {pretty(item, indent + 2)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{end}}}"
    return "[\n" + ",\n".join(pad + pretty(item, indent + 2) for item in value) + f"\n{end}]"


def _least(value: Any, limit: int) -> int:
    """Return how long the value is on one line at the very least; any number above ``limit`` says that it is longer.

    So that a large one is not written at every level only to be thrown away, in one call that stops all threads.
    """
    if isinstance(value, str):
        return len(value) + 2
    if not isinstance(value, _NESTS):
        return 1
    length, keyed = 2, isinstance(value, _KEYED)
    items: Any = value.items() if isinstance(value, _KEYED) else value
    for item in items:
        length += 2 + (len(item[0]) + 4 + _least(item[1], limit) if keyed else _least(item, limit))
        if length - 2 > limit:
            return length
    return length - 2 if value else 2
