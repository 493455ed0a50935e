"""Which of the files that were opened before are still there, without waiting for a disk or a network that is not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from graph_editor.background.background import Background

PATIENCE: Final = 0.03  # seconds, for all of them together: a window stands still meanwhile


def still_there(background: Background, names: Sequence[str], patience: float = PATIENCE) -> list[str]:
    """Those that are not known to be gone; one that gives no answer in time counts as there."""
    tasks = [background.run(background, partial(_is_there, name)) for name in names]
    until = time.monotonic() + patience
    return [
        name
        for name, task in zip(names, tasks, strict=True)
        if not task.wait(max(0.0, until - time.monotonic())) or task.error or task.result()
    ]


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False
