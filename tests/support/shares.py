"""The suite in several processes at once: each takes the next file that no other has taken, slow ones first.

`dev.py test` starts one pytest a core with `-p tests.support.shares --share FOLDER`, all with the same empty folder.
A file is never divided, so what its tests share is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pytest

# Ten seconds and more each, so they come first: whoever takes one of them last is waited for.
SLOW_FIRST: Final[tuple[str, ...]] = (
    "unit/runtime/training/test_scenarios.py",
    "e2e/",
    "unit/graph_editor/import_files/test_applications.py",
    "unit/app/cli/test_verbs.py",
    "unit/graph_editor/exporters/test_python_source.py",
    "unit/graph_editor/document/test_properties.py",
    "unit/graph_editor/import_files/",
    "gui/app/shell/test_nothing_clipped.py",
    "unit/house/test_project_rules.py",
    "unit/runtime/training/",
    "unit/app/cli/",
    "unit/graph_editor/document/",
    "gui/app/shell/",
    "gui/view/",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--share", type=Path, metavar="FOLDER", help="run only the files that are not taken in FOLDER yet")


def take(file: str, folder: Path) -> bool:
    """Whether ``file`` is ours from now on; of all processes, one hears yes."""
    try:
        (folder / file.replace("/", "+")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def slow_first(files: Iterable[str]) -> list[str]:
    def place(file: str) -> int:
        return next((index for index, slow in enumerate(SLOW_FIRST) if f"tests/{slow}" in file), len(SLOW_FIRST))

    return sorted(files, key=place)


def share(items: Iterable[pytest.Item], folder: Path) -> Iterator[pytest.Item]:
    """The tests that are left for this process. A file is taken only when the one before it has one test left."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.nodeid.partition("::")[0], []).append(item)
    for file in slow_first(files):
        if take(file, folder):
            yield from files[file]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """pytest's own loop over our share; without `--share`, or when a file could not be read, pytest's own."""
    folder: Path | None = session.config.getoption("--share")
    if folder is None or session.testsfailed or session.config.option.collectonly:
        return None
    items = share(session.items, folder)
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True
