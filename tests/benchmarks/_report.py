"""What the benchmarks share: medians, and one form of line for a number and its floor."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def milliseconds(values: Sequence[float]) -> str:
    """`values` are seconds."""
    worst = max(values) * 1e3
    return f"{median(values) * 1e3:8.1f} ms median, {min(values) * 1e3:.1f} best, {worst:.1f} worst of {len(values)}"


def against_floor(value: float, floor: float, unit: str) -> str:
    """One line that says whether the floor of the issue is held. Benchmarks print; they assert nothing."""
    verdict = "held" if value <= floor else "MISSED"
    return f"{value:.2f} {unit}, floor {floor:g} {unit}: {verdict}"


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
