"""Which of the files that were opened before are still there, without waiting for a disk or a network that is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

PATIENCE: Final = 0.03  # seconds, for all of them together: a window stands still meanwhile


def still_there(names: Sequence[str], patience: float = PATIENCE) -> list[str]:
    """Those that are not known to be gone; one that gives no answer in time counts as there."""
    gone: set[str] = set()

    def look(name: str) -> None:
        try:
            there = Path(name).exists()
        except (OSError, ValueError):
            there = False
        if not there:
            gone.add(name)

    threads = [threading.Thread(target=look, args=(name,), name="lamella-recent", daemon=True) for name in names]
    for thread in threads:
        thread.start()
    until = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    known = frozenset(gone.copy())
    return [name for name in names if name not in known]
