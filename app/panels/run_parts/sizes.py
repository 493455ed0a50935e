"""Bytes as people read them."""

from __future__ import annotations


def size_text(size: float) -> str:
    """ "812 B", "3.1 kB", "45 MB": in steps of 1,000, as file managers and disks count."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 999.5:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 9.95 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
