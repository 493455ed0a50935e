"""Old project files made new: one small function a step, from the version that is its key to the next.

There is only one version so far; the first change of the format adds its step here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

FORMAT_VERSION: Final = 1
Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Final[Mapping[int, Migration]] = {}


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
