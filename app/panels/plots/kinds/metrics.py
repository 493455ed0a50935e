"""A plot for every metric that is reported, and for the learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.panels.plots.plot_kind import PlotKind
from app.panels.plots.run_curves import LEARNING_RATE
from app.panels.plots.shown_runs import ShownRuns

if TYPE_CHECKING:
    from app.look.theme_source import ThemeSource
    from app.panels.plots.board_plot import BoardPlot


def _names(shown: ShownRuns) -> Sequence[str]:
    order = {name: None for run in shown.runs if run.has_values for name in run.names()}
    return [name for rank in range(4) for name in order if _rank(name) == rank]


def _rank(name: str) -> int:
    return 0 if name == "loss" else 3 if name == LEARNING_RATE else 2 if name.endswith("_loss") else 1


def _make(name: str, look: ThemeSource) -> BoardPlot:
    from app.panels.plots.card import PlotCard

    return PlotCard(name, look)


KIND: Final = PlotKind("metrics", 10, _names, _make)
