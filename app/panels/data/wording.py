"""What is said of a sample's shape on the Data page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from resources.text import tr

if TYPE_CHECKING:
    from app.panels.data.state import Target


def shape_text(shape: Sequence[int | None]) -> str:
    """(8, 8) is "8×8"; one number a sample is a "scalar"."""
    return "×".join("?" if size is None else str(size) for size in shape) or tr("scalar")


def wanted_text(target: Target) -> str:
    """Return what a sample for the target looks like."""
    if target.shape is None:
        return "?"
    if target.classes is None:
        return shape_text(target.shape)
    classes = tr("class 0–{last}", last=target.classes - 1)
    return f"{shape_text(target.shape)} · {classes}" if target.shape else classes
