"""Old project files made new: one small function a step, from the version that is its key to the next.

A step leaves alone what it does not understand: the reader says what is wrong with it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

FORMAT_VERSION: Final = 2
Migration = Callable[[dict[str, Any]], dict[str, Any]]


def _several_sources(content: dict[str, Any]) -> dict[str, Any]:
    """In version 1, a project had one source of data."""
    data = content.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("source"), dict) or "sources" in data:
        return content
    return {
        **content,
        "data": dict(("sources", [value]) if key == "source" else (key, value) for key, value in data.items()),
    }


MIGRATIONS: Final[Mapping[int, Migration]] = {1: _several_sources}


def migrate(
    content: dict[str, Any],
    version: int,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    target: int = FORMAT_VERSION,
) -> dict[str, Any]:
    """``content`` of an old ``version`` as the ``target`` version has it."""
    for step in range(version, target):
        content = {**migrations[step](content), "format_version": step + 1}
    return content
