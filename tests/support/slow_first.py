"""The order of the test files: slow ones first, so that nobody waits at the end for one that was begun last."""

from __future__ import annotations

from typing import Final

# Ten seconds and more each.
SLOW_FIRST: Final[tuple[str, ...]] = (
    "e2e/",
    "unit/runtime/training/test_scenarios.py",
    "gui/app/shell/test_memory.py",
    "gui/app/shell/test_nothing_clipped.py",
    "unit/app/cli/test_verbs.py",
    "unit/graph_editor/document/test_properties.py",
    "gui/app/shell/test_nothing_piles_up.py",
    "unit/graph_editor/exporters/test_python_source.py",
    "unit/graph_editor/import_files/",
    "gui/app/shell/",
    "gui/panels/test_refilled_rows.py",
    "gui/training/",
    "unit/runtime/evaluating/test_loaded.py",
    "unit/one_file/test_training_setting.py",
    "unit/house/test_project_rules.py",
    "gui/app/",
    "unit/runtime/training/",
    "unit/app/cli/",
    "unit/graph_editor/document/",
    "gui/",
)


def turn(file: str) -> int:
    """Where a test file stands, told by its path as pytest writes it."""
    return next((index for index, slow in enumerate(SLOW_FIRST) if f"tests/{slow}" in file), len(SLOW_FIRST))
