"""Plots: what they draw, what the mouse and the keyboard do to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QRadioButton, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from app.look.theme import Theme, load_theme
from app.look.theme_source import ThemeSource
from app.panels.plots.axes import value_labels
from app.panels.plots.board import PlotBoard
from app.panels.plots.card import PlotCard
from app.panels.plots.lines import PlotOptions
from app.panels.plots.options import OptionsPopup
from app.panels.plots.run_curves import RunCurves
from graph_editor.words.markup import plain
from runtime import events
from tests.gui.training.conftest import Show
from tests.gui.training.fakes import child, run_events

OUTPUTS = {"digit": "digit", "is_even": "is_even"}
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups without a display


def run_of(title: str = "run 2", **how: float) -> RunCurves:
    curves = RunCurves(title)
    curves.apply_all(run_events(**how))  # type: ignore[arg-type]
    return curves


@pytest.fixture
def board(look: ThemeSource, show: Show, qtbot: QtBot) -> PlotBoard:
    board = PlotBoard(look)
    show(board)
    board.follow(run_of(), [run_of("run 1", epochs=5, seed=1)], OUTPUTS)
    qtbot.waitUntil(lambda: "loss" in board.cards and "train.raw" in board.cards["loss"].plot._items)
    return board


def drawn(card: PlotCard, key: str) -> tuple[np.ndarray, np.ndarray]:
    x, y = card.plot._items[key].getData()
    return (np.array([]), np.array([])) if x is None else (x, y)


def popup(card: PlotCard) -> OptionsPopup:
    """Open the options of a plot."""
    QTest.mouseClick(child(card, QPushButton, "plot_how"), Qt.MouseButton.LeftButton)
    assert card._popup is not None
    return card._popup


def unrest(card: PlotCard) -> float:
    """How much the training line turns."""
    return float(np.abs(np.diff(drawn(card, "train")[1], n=2)).sum())


def test_every_reported_metric_gets_a_card_with_its_name(board: PlotBoard) -> None:
    titles = [card.title for card in board.cards.values()]
    assert titles == [
        "Loss", "Accuracy · digit", "AUC · is_even", "Loss · digit", "Loss · is_even", "Learning rate",
    ]  # fmt: skip


def test_a_rate_of_32_bits_is_the_one_that_was_asked_for(look: ThemeSource, show: Show, qtbot: QtBot) -> None:
    board, run = PlotBoard(look), RunCurves("run 1", 0.001)
    show(board)
    run.apply_all(
        [
            events.Steps(0, 0, ("loss",), [[1.0], [0.5]]),
            events.EpochEnded(0, {"loss": 0.5}, float(np.float32(0.001)), 1.0),
        ]
    )
    board.follow(run, [], {})
    qtbot.waitUntil(lambda: "learning_rate" in board.cards)
    board.redraw()
    low, high = board.cards["learning_rate"].plot._view.viewRange()[1]
    labels = value_labels([low, high], high - low)
    assert high - low > 1e-4
    assert all("e" not in label and len(label) <= 7 for label in labels)


def test_lines_hold_steps_and_the_ends_of_epochs(board: PlotBoard) -> None:
    card = board.cards["loss"]
    board.redraw()
    assert set(card.plot._items) == {"train.raw", "train", "validation", "earlier.0"}
    x, _ = drawn(card, "train.raw")
    assert (float(x[0]), float(x[-1])) == (1.0, 60.0)
    assert x.dtype == np.float64
    assert drawn(card, "validation")[0].tolist() == [20.0, 40.0, 60.0]


def test_new_events_are_drawn_by_the_timer(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    run = board.shown.runs[0]
    run.apply(events.Steps(3, 60, ("loss", "brand_new"), [[0.5, 1.0], [0.4, 2.0]]))
    qtbot.waitUntil(lambda: drawn(card, "train.raw")[0][-1] == 62.0)
    qtbot.waitUntil(lambda: "brand_new" in board.cards)


def test_nothing_is_drawn_while_nothing_changes(
    board: PlotBoard, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.redraw()
    count = [0]
    monkeypatch.setattr(PlotCard, "show_lines", lambda _card, _lines: count.__setitem__(0, count[0] + 1))

    def rests() -> bool:
        before = count[0]
        qtbot.wait(200)
        return count[0] == before

    qtbot.waitUntil(rests)


def test_by_epoch_shows_the_ends_of_epochs(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    options = popup(card)
    QTest.mouseClick(child(options, QRadioButton, "by_epoch"), Qt.MouseButton.LeftButton)
    board.redraw()
    assert drawn(card, "train")[0].tolist() == [1.0, 2.0, 3.0]
    assert "train.raw" not in card.plot._items
    assert card.how == "every epoch"


def test_smoothing_follows_the_slider(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    board.redraw()
    before = unrest(card)
    options = popup(card)
    slider = child(options, QSlider, "smoothing")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    board.redraw()
    assert card.how == "every step, smoothed 0.99"
    assert unrest(card) < before / 2
    QTest.keyClick(slider, Qt.Key.Key_Home)
    board.redraw()
    assert card.how == "every step"
    assert "train.raw" not in card.plot._items


def test_a_logarithmic_scale_shows_powers_and_leaves_out_what_has_none(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    run = board.shown.runs[0]
    run.apply(events.Steps(3, 60, ("loss",), [[0.0], [100.0]]))
    options = popup(card)
    QTest.keyClick(child(options, QCheckBox, "log_scale"), Qt.Key.Key_Space)
    board.redraw()
    y = drawn(card, "train.raw")[1]
    assert np.isnan(y[-2])
    assert y[-1] == pytest.approx(2.0)
    assert "logarithmic" in card.how


def test_options_can_be_used_for_all_plots(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    options = popup(card)
    QTest.mouseClick(child(options, QRadioButton, "by_epoch"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(child(options, QPushButton, "use_for_all"), Qt.MouseButton.LeftButton)
    assert {other.options.by for other in board.cards.values()} == {"epoch"}


def test_earlier_runs_can_be_left_out(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    options = popup(card)
    QTest.keyClick(child(options, QCheckBox, "earlier_runs"), Qt.Key.Key_Space)
    board.redraw()
    assert "earlier.0" not in card.plot._items


def test_the_mouse_reads_values_off_every_line(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    board.redraw()
    assert card.legend.entries()["train"].value == f"{board.shown.runs[0].metrics['loss'].steps.raw.y[-1]:.3f}"
    last = card.legend.entries()["validation"].value
    view = card.plot._view

    def at_step_21() -> bool:
        """The axes find their widths meanwhile, and with them that step finds its place."""
        place = card.plot.mapFromScene(view.mapViewToScene(QPointF(21.0, 1.0)))
        QTest.mouseMove(card.plot.viewport(), place)
        return card.plot.cursor == pytest.approx(21.0, abs=1.0)

    qtbot.waitUntil(at_step_21)
    first = run_of().metrics["loss"].validation_at_step.y[0]
    dots = {(float(dot.pos().x()), float(dot.pos().y())) for dot in card.plot._dots.points()}
    assert (20.0, float(first)) in dots  # on its line, where it was measured
    assert card.legend.entries()["validation"].value == f"{first:.3f}" != last
    assert card.how == "step 21"
    QApplication.sendEvent(card.plot, QEvent(QEvent.Type.Leave))
    assert card.plot.cursor is None
    assert card.legend.entries()["validation"].value == last


def test_the_keyboard_moves_the_cursor_and_zooms(board: PlotBoard, qtbot: QtBot) -> None:
    plot = board.cards["loss"].plot
    board.redraw()
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.cursor == pytest.approx(59.0, abs=0.5)
    width = np.ptp(plot._view.viewRange()[0])
    QTest.keyClick(plot, Qt.Key.Key_Plus)
    assert plot._zoomed
    assert np.ptp(plot._view.viewRange()[0]) < width
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert not plot._zoomed
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.cursor is None


def wheel(card: PlotCard, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    viewport = card.plot.viewport()
    middle = QPointF(viewport.rect().center())
    event = QWheelEvent(
        middle, QPointF(viewport.mapToGlobal(middle.toPoint())), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def test_the_wheel_zooms_and_a_double_click_resets(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    board.redraw()
    before = card.plot._view.viewRange()[0]
    wheel(card)
    zoomed = card.plot._view.viewRange()[0]
    assert np.ptp(zoomed) < np.ptp(before)
    board.shown.runs[0].apply(events.Steps(3, 60, ("loss",), [[9.0]] * 400))
    board.redraw()
    assert card.plot._view.viewRange()[0] == pytest.approx(zoomed)  # new points do not pull the view away
    window, viewport = board.window().windowHandle(), card.plot.viewport()
    place = viewport.mapTo(board.window(), viewport.rect().center())
    QTest.mouseDClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: not card.plot._zoomed)
    assert card.plot._view.viewRange()[0][1] >= 460


def test_the_wheel_zooms_steps_while_values_follow_until_they_are_zoomed_too(board: PlotBoard) -> None:
    card = board.cards["loss"]
    board.redraw()
    view = card.plot._view
    wheel(card)
    x, y = view.viewRange()
    values = [value for key in card.plot._items for value in drawn(card, key)[1]]
    assert y[0] < min(values) and max(values) < y[1]
    wheel(card, Qt.KeyboardModifier.ControlModifier)
    assert view.viewRange()[0] == pytest.approx(x)
    chosen = view.viewRange()[1]
    assert np.ptp(chosen) < np.ptp(y)
    board.shown.runs[0].apply(events.Steps(3, 60, ("loss",), [[9.0]] * 4))
    board.redraw()
    assert view.viewRange()[1] == pytest.approx(chosen)
    card.plot.reset_view()
    assert view.viewRange()[1][1] > 9.0


def test_a_run_of_one_epoch_shows_its_validation(look: ThemeSource, show: Show) -> None:
    board = PlotBoard(look)
    show(board)
    board.follow(run_of(epochs=1), (), OUTPUTS)
    board.redraw()
    board.cards["loss"].draw(board.shown)
    assert board.cards["loss"].plot.marks.dots == [20.0]


def test_the_learning_rate_is_drawn_as_steps(board: PlotBoard) -> None:
    board.shown.runs[0].apply(events.LearningRateChanged(60, 0.5, "manual"))
    board.redraw()
    board.cards["learning_rate"].draw(board.shown)
    x, y = drawn(board.cards["learning_rate"], "train")
    assert x[0] == 0.0
    assert (x[-2:].tolist(), y[-1]) == ([60.0, 60.0], 0.5)
    assert board.cards["learning_rate"].how == "By step"


def test_the_options_have_a_button_and_come_with_the_right_button(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    QTest.mouseClick(child(card, QToolButton, "plot_more"), Qt.MouseButton.LeftButton)
    assert card._popup is not None
    card._popup.close()
    card._popup = None
    window, viewport = board.window().windowHandle(), card.plot.viewport()
    place = viewport.mapTo(board.window(), viewport.rect().center())
    QTest.mouseClick(window, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.waitUntil(lambda: card._popup is not None)


def test_a_click_on_the_legend_hides_a_line_and_its_raw_values(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    board.redraw()
    entry = card.legend.entries()["train"]
    QTest.mouseClick(entry, Qt.MouseButton.LeftButton)
    board.redraw()
    assert set(card.plot._items) == {"validation", "earlier.0"}
    QTest.mouseClick(card.legend.entries()["train"], Qt.MouseButton.LeftButton)
    board.redraw()
    assert "train.raw" in card.plot._items


def test_the_question_why_training_is_above_validation_is_answered_in_place(board: PlotBoard, qtbot: QtBot) -> None:
    card = board.cards["loss"]
    assert not card._note.isVisible()
    QTest.mouseClick(card._help, Qt.MouseButton.LeftButton)
    assert card._note.isVisible()
    assert "running mean" in card._note.text()
    assert "Dropout" in card._note.text()


def test_a_theme_changes_the_colours_of_lines_that_are_there(board: PlotBoard, look: ThemeSource) -> None:
    card = board.cards["loss"]
    board.redraw()
    dark = load_theme("dark")
    look.show(dark)
    board.redraw()
    assert card.plot._items["train"].opts["pen"].color().name() == dark.color("plot.1")
    assert card.plot.backgroundBrush().color().name() == dark.color("panel")


def test_nan_breaks_a_line_and_is_named_in_the_legend(board: PlotBoard) -> None:
    board.shown.runs[0].apply(events.Steps(3, 60, ("loss",), [[0.3], [float("nan")]]))
    board.redraw()
    card = board.cards["loss"]
    assert np.isnan(drawn(card, "train.raw")[1][-1])
    assert card.legend.entries()["train"].value == "NaN"


@pytest.mark.parametrize("smoothing", [0.0, 0.6])
def test_points_between_nan_are_dots_and_nan_has_a_mark(look: ThemeSource, show: Show, smoothing: float) -> None:
    board, run = PlotBoard(look), RunCurves("run 1")
    values = [0.5 if step % 2 else math.nan for step in range(40)]  # numbers at the steps 2, 4 ... 40
    run.apply(events.Steps(0, 0, ("loss",), [[value] for value in values]))
    show(board)
    board.follow(run, (), {})
    board.redraw()
    card = board.cards["loss"]
    card.set_options(PlotOptions(smoothing=smoothing))
    card.draw(board.shown)
    marks = card.plot.marks
    assert set(marks.dots) == {float(step) for step in range(2, 41, 2)}
    assert marks.crosses == [float(step) for step in range(1, 40, 2)]


def test_nan_alone_is_marked_and_what_a_logarithmic_scale_leaves_out_is_not(look: ThemeSource, show: Show) -> None:
    board, run = PlotBoard(look), RunCurves("run 1")
    run.apply(events.Steps(0, 0, ("loss", "rate"), [[math.nan, -1.0], [math.inf, 2.0], [math.nan, 0.0]]))
    show(board)
    board.follow(run, (), {})
    board.redraw()
    for card in board.cards.values():
        card.set_options(PlotOptions(smoothing=0.0, log=True))
        card.draw(board.shown)
    assert (board.cards["loss"].plot.marks.dots, board.cards["loss"].plot.marks.crosses) == ([], [1.0, 2.0, 3.0])
    assert (board.cards["rate"].plot.marks.dots, board.cards["rate"].plot.marks.crosses) == ([2.0], [])


def test_crosses_of_a_long_run_of_nan_do_not_touch(look: ThemeSource, show: Show) -> None:
    board, run = PlotBoard(look), RunCurves("run 1")
    run.apply(events.Steps(0, 0, ("loss",), [[1.0]] * 10 + [[math.nan]] * 50_000))
    show(board)
    board.follow(run, (), {})
    board.redraw()
    board.cards["loss"].draw(board.shown)
    assert 20 < len(board.cards["loss"].plot.marks.crosses) < 400


def widths(board: PlotBoard) -> set[float]:
    """How wide the lines of training are, on all cards."""
    return {item.opts["pen"].widthF() for card in board.cards.values() for key, item in card.plot._items.items()
            if key == "train"}  # fmt: skip


def test_all_plots_of_a_board_have_lines_of_one_width(board: PlotBoard) -> None:
    board.resize(900, 2400)
    board.redraw()
    assert widths(board) == {2.0}
    rng = np.random.default_rng(0)
    run = RunCurves("restless")
    run.apply(events.Steps(0, 0, ("loss", "calm"), [[float(value), 1.0] for value in rng.random(3000)]))
    board.follow(run, (), {})
    board.redraw()
    for card in board.cards.values():
        card.set_options(PlotOptions(smoothing=0.0))
    board.redraw()
    assert widths(board) == {1.0}
    board.follow(run_of(), (), OUTPUTS)
    board.redraw()
    assert widths(board) == {2.0}


def test_a_long_name_of_a_run_is_whole_where_there_is_room_and_in_the_tooltip_where_not(
    board: PlotBoard, qtbot: QtBot
) -> None:
    names = ["A comparison of two heads, the second of which is frozen: run 12", "run 2"]
    board.compare([run_of(name) for name in names], OUTPUTS)
    board.resize(1200, 800)
    board.redraw()
    legend = board.cards["loss"].legend
    entry = legend.entries()["0.train"]
    qtbot.waitUntil(lambda: entry.width() == entry.whole_width())
    legend.resize(200, legend.height())
    legend.flow()
    assert entry.width() <= 200
    assert entry.toolTip().startswith(plain(names[0]))
    assert all(other.geometry().right() <= 200 for other in legend.entries().values())


def test_runs_are_compared_in_colours_of_their_own(board: PlotBoard, theme: Theme) -> None:
    board.compare([run_of("run 1"), run_of("run 2", seed=3)], OUTPUTS)
    board.redraw()
    items = board.cards["loss"].plot._items
    assert set(items) == {"0.train", "0.val", "1.train", "1.val"}
    assert items["0.train"].opts["pen"].color().name() == theme.color("plot.1")
    assert items["1.train"].opts["pen"].color().name() == theme.color("plot.2")


def test_a_narrow_board_has_one_column(board: PlotBoard, qtbot: QtBot) -> None:
    board.resize(500, 800)
    qtbot.waitUntil(lambda: board._columns == 1)
    board.redraw()
    assert board.horizontalScrollBar().maximum() == 0


def test_long_curves_stay_few_points_on_the_screen(look: ThemeSource, show: Show) -> None:
    run = RunCurves("long")
    run.apply(events.RunStarted("cpu", 1000, 100, 64000, 0, 1, 1))
    rng = np.random.default_rng(0)
    run.apply(events.Steps(0, 0, ("loss",), rng.random((100_000, 1)).tolist()))
    board = PlotBoard(look)
    show(board)
    board.follow(run, (), {})
    board.redraw()
    card = board.cards["loss"]
    for _ in range(5):
        run.apply(events.Steps(0, run.step, ("loss",), rng.random((100, 1)).tolist()))
        card.draw(board.shown)
    assert drawn(card, "train.raw")[0].size < 4000
    assert card.options == PlotOptions()


def test_entries_of_the_legend_make_room_for_a_longer_value(board: PlotBoard, qtbot: QtBot) -> None:
    legend = board.cards["loss"].legend
    first, second = list(legend.entries().values())[:2]
    first.set_value(18.2)
    qtbot.waitUntil(lambda: first.width() == first.sizeHint().width())
    narrow = first.width()
    first.set_value(0.0512)
    qtbot.waitUntil(lambda: first.width() == first.sizeHint().width() > narrow)
    assert second.y() > first.y() or second.x() >= first.geometry().right()
