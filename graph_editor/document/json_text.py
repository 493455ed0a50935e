"""JSON as people like to read it in a diff: short values on one line, long ones a line an item."""

import json
from collections.abc import Mapping
from typing import Any

WIDTH = 100


def pretty(value: Any, indent: int = 0) -> str:
    """Stable text of a JSON value; keys stay in their order."""
    flat = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    if not isinstance(value, Mapping | list | tuple) or not value or len(flat) + indent <= WIDTH:
        return flat
    pad, end = " " * (indent + 2), " " * indent
    if isinstance(value, Mapping):
        rows = [
            f"{pad}{json.dumps(key, ensure_ascii=False)}: {pretty(item, indent + 2)}" for key, item in value.items()
        ]
        return "{\n" + ",\n".join(rows) + f"\n{end}}}"
    return "[\n" + ",\n".join(pad + pretty(item, indent + 2) for item in value) + f"\n{end}]"
