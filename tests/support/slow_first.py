"""The order of the test files: slow ones first, so that nobody waits at the end for one that was begun last."""

from __future__ import annotations

from typing import Final

# Ten seconds and more each.
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


def turn(file: str) -> int:
    """Where a test file stands, told by its path as pytest writes it."""
    return next((index for index, slow in enumerate(SLOW_FIRST) if f"tests/{slow}" in file), len(SLOW_FIRST))
