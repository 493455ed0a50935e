"""What is said of what an input or output wants. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.panels.data.parts.words import shape_text
from resources.text import tr

if TYPE_CHECKING:
    from app.panels.data.state import Target


def wanted_text(target: Target) -> str:
    """Return what a sample for the target looks like."""
    if target.shape is None:
        return "?"
    if target.classes is None:
        return shape_text(target.shape)
    classes = tr("class 0–{last}", last=target.classes - 1)
    return f"{shape_text(target.shape)} · {classes}" if target.shape else classes
