"""JSON as people like to read it in a diff: short values on one line, long ones a line an item."""

import json
import re
from collections.abc import Mapping
from typing import Any

WIDTH = 100
_HALVES = re.compile("[\ud800-\udfff]")  # of characters: JSON can escape them, UTF-8 cannot hold them


def plain_json(value: Any, indent: int | None = None) -> str:
    """JSON in any script that UTF-8 can always encode; without ``indent`` in one line."""
    between = (", ", ": ") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, separators=between, indent=indent)
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def pretty(value: Any, indent: int = 0) -> str:
    """Stable text of a JSON value; keys stay in their order."""
    flat = plain_json(value)
    if not isinstance(value, Mapping | list | tuple) or not value or len(flat) + indent <= WIDTH:
        return flat
    pad, end = " " * (indent + 2), " " * indent
    if isinstance(value, Mapping):
        rows = [f"{pad}{plain_json(key)}: {pretty(item, indent + 2)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{end}}}"
    return "[\n" + ",\n".join(pad + pretty(item, indent + 2) for item in value) + f"\n{end}]"
