"""A plot is one file: it stands on the board with what it collects of a run, and nothing is left when it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.look.theme_source import ThemeSource
from app.panels.plots.board import PlotBoard
from app.panels.plots.plot_kind import plot_kinds
from app.panels.plots.run_curves import RunCurves
from runtime import events
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import run_events
from tests.support.dummies import one_more

PACKAGE = "app.panels.plots.kinds"
DUMMY = '''"""How long each epoch took."""
from app.panels.plots.board_plot import BoardPlot
from app.panels.plots.plot_kind import PlotKind
from runtime import events


def COLLECT(kept, event):
    if isinstance(event, events.EpochEnded):
        kept.setdefault("seconds", []).append(event.seconds)
        return True
    return False


class Seconds(BoardPlot):
    drawn = ()
    wide = True

    def draw(self, shown):
        self.drawn = [run.kept["seconds"]["seconds"] for run in shown.runs]


KIND = PlotKind("seconds", 5, lambda shown: ["epochs"] if shown.runs else [], lambda name, look: Seconds(name))
'''


def run_of() -> RunCurves:
    curves = RunCurves("run 1")
    curves.apply_all(run_events())
    return curves


def test_one_more_kind_of_plot(look: ThemeSource, show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    board = PlotBoard(look)
    show(board)
    with one_more(PACKAGE, "seconds", DUMMY, tmp_path):
        assert [kind.key for kind in plot_kinds()] == ["seconds", "metrics"]
        run = run_of()
        board.follow(run, (), {})
        qtbot.waitUntil(lambda: len(board.plots) > 1)
        assert next(iter(board.plots)) == ("seconds", "epochs"), "it comes before the metrics, by its order"
        plot = board.plots["seconds", "epochs"]
        qtbot.waitUntil(lambda: bool(plot.drawn))  # type: ignore[attr-defined]
        assert plot.isVisible() and plot.width() > board.viewport().width() * 0.9, "a wide one has a row to itself"
        before = len(plot.drawn[0])  # type: ignore[attr-defined]
        assert before == run.epoch > 0
        run.apply(events.EpochEnded(run.epoch, {"loss": 0.1}, 0.001, 2.5, seq=1000))
        qtbot.waitUntil(lambda: len(plot.drawn[0]) == before + 1)  # type: ignore[attr-defined]
        assert plot.drawn[0][-1] == 2.5  # type: ignore[attr-defined]
    board.follow(run_of(), (), {})
    qtbot.waitUntil(lambda: list(board.plots) == [("metrics", name) for name in board.cards])
    assert "loss" in board.cards
    assert [kind.key for kind in plot_kinds()] == ["metrics"]


def test_a_kind_of_plot_without_a_run_has_none(look: ThemeSource, show: Show, tmp_path: Path) -> None:
    board = PlotBoard(look)
    show(board)
    with one_more(PACKAGE, "seconds", DUMMY, tmp_path):
        board.redraw()
        assert board.plots == {}
    with pytest.raises(KeyError):
        board.plots["seconds", "epochs"]
