"""How a figure is drawn: colours, what is chosen in it, and what lies under the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.look.theme import Theme
from app.panels.plots.formats import value_text
from resources.plain import shown_name
from runtime.messages.views import Label

Share = Literal["counts", "row", "column"]
Order = Literal["class", "confusion"]
SERIES = 8  # colours that tell lines and groups apart


@dataclass(frozen=True, slots=True)
class FigureLook:
    """`share`, `order` are of matrices; `label`, `threshold` of what depends on a threshold.

    `marked` is the part that is pointed at or has the keyboard, by the numbers that `hit` gives. `curve` is the line
    that stands out, None for all alike.
    """

    theme: Theme
    share: Share = "counts"
    order: Order = "class"
    label: int = 0
    threshold: float | None = None
    marked: tuple[int, ...] | None = None
    curve: int | None = None

    def series(self, number: int) -> str:
        """The colour of line or group `number`."""
        return self.theme.color(f"plot.{number % SERIES + 1}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of a figure: its numbers, and what it says."""

    part: tuple[int, ...]
    text: str


def label_text(label: Label) -> str:
    return str(label.text) if label.text is not None else shown_name(label.name)


def number_text(value: float | None) -> str:
    """Such as 0.969; whole numbers without a point."""
    if value is not None and abs(value) < 1e15 and float(value).is_integer() and abs(value) >= 10:
        return f"{value:,.0f}"
    return value_text(value)
