"""The kinds of plots on the board: each is a module in `kinds` that has a `KIND`, so adding one touches one file.

Free of Qt at run time: what a kind needs for drawing it imports when a plot is made, since pyqtgraph takes long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.panels.plots.collecting import kinds_with
from app.panels.plots.shown_runs import ShownRuns

if TYPE_CHECKING:
    from app.look.theme_source import ThemeSource
    from app.panels.plots.board_plot import BoardPlot


@dataclass(frozen=True, slots=True)
class PlotKind:
    """`names` are those of the plots that there are to be, in their order; `make` makes the one of a name.

    Kinds stand on the board in the order of `order`.
    """

    key: str
    order: int
    names: Callable[[ShownRuns], Sequence[str]]
    make: Callable[[str, ThemeSource], BoardPlot]


def plot_kinds() -> tuple[PlotKind, ...]:
    found: list[PlotKind] = [module.KIND for module in kinds_with("KIND")]
    return tuple(sorted(found, key=lambda kind: (kind.order, kind.key)))
