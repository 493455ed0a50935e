"""Curves and progress of a run, from its events."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.plots.axes import value_labels
from app.panels.plots.curves import MOST_POINTS
from app.panels.plots.formats import duration_text, value_text
from app.panels.plots.run_curves import LEARNING_RATE, MOST_METRICS, MOST_RATE_CHANGES, RunCurves
from app.panels.plots.titles import metric_title
from app.panels.run_parts.progress import ProgressMeter
from runtime import events

STARTED = events.RunStarted("cpu", 10, 4, 640, 100, 5, 5, seq=1, time=0.0)


def steps(first: int, count: int, seq: int = 0, time: float = 0.0, epoch: int = 0) -> events.Steps:
    rows = [[float(step), step / 2] for step in range(first, first + count)]
    return events.Steps(epoch, first, ("loss", "accuracy"), rows, seq=seq, time=time)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=10))
def test_steps_come_in_any_portions(portions: list[int]) -> None:
    curves, first = RunCurves("run"), 0
    for portion in portions:
        curves.apply(steps(first, portion))
        first += portion
    raw = curves.metrics["loss"].steps.raw
    assert raw.x.tolist() == [float(step) for step in range(1, first + 1)]
    assert raw.y.tolist() == [float(step) for step in range(first)]
    assert curves.step == first


def test_events_that_were_taken_are_not_taken_again() -> None:
    curves = RunCurves("run")
    curves.apply(steps(0, 5, seq=2))
    version = curves.version
    curves.apply(steps(0, 5, seq=2))
    curves.apply(steps(2, 3))  # without a number, but of steps that are there
    assert curves.version == version
    curves.apply(steps(3, 4))
    assert curves.metrics["loss"].steps.raw.y.tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_epochs_end_at_their_last_step() -> None:
    curves = RunCurves("run")
    curves.apply_all([STARTED, steps(0, 10), events.EpochEnded(0, {"loss": 1.0, "val_loss": 2.0}, 0.01, 1.0)])
    loss = curves.metrics["loss"]
    assert (loss.validation("step").x.tolist(), loss.validation("step").y.tolist()) == ([10.0], [2.0])
    assert (loss.validation("epoch").x.tolist(), loss.train_ends("epoch").y.tolist()) == ([1.0], [1.0])
    assert curves.metrics["learning_rate"].train_ends("epoch").y.tolist() == [0.01, 0.01]
    curves.apply(events.EpochEnded(0, {"loss": 5.0}, 0.01, 1.0))
    assert len(loss.train_ends("epoch")) == 1


def test_the_learning_rate_is_there_from_the_first_step_and_changes_where_it_was_changed() -> None:
    curves = RunCurves("run", 0.001)
    curves.apply_all([STARTED, steps(0, 4), events.LearningRateChanged(4, 0.01, "manual"), steps(4, 6)])
    rate = curves.metrics["learning_rate"].train_at_step
    assert [rate.value_at(step) for step in (0, 3, 4, 10)] == [0.001, 0.001, 0.01, 0.01]
    assert curves.rate_changes == [(4, 0.01)]
    curves.apply(events.EpochEnded(0, {}, 0.01, 1.0))
    assert curves.metrics["learning_rate"].train_at_epoch.value_at(1.0) == 0.01


@pytest.mark.parametrize(
    "values, spacing, labels",
    [([0.0009, 0.00095, 0.001], 5e-5, ["0.00090", "0.00095", "0.00100"]), ([0.0, 50.0], 50.0, ["0", "50"]),
     ([0.25, 0.5], 0.25, ["0.25", "0.50"]), ([1e-9, 2e-9], 1e-9, ["1e-09", "2e-09"]),
     ([2e6, 3e6], 1e6, ["2e+06", "3e+06"])],
)  # fmt: skip
def test_labels_of_an_axis_are_equally_precise(values: list[float], spacing: float, labels: list[str]) -> None:
    assert value_labels(values, spacing) == labels


def test_the_loss_comes_first_and_the_learning_rate_last() -> None:
    curves = RunCurves("run")
    logs = {"a_loss": 1.0, "a_accuracy": 1.0, "loss": 1.0, "b_loss": 1.0}
    curves.apply(events.EpochEnded(0, logs, 0.1, 1.0))
    assert curves.names() == ["loss", "a_accuracy", "a_loss", "b_loss", "learning_rate"]


def test_a_run_that_ended_early_is_as_long_as_it_was() -> None:
    curves = RunCurves("run")
    curves.apply_all([STARTED, steps(0, 10)])
    assert (curves.total_steps, curves.total_epochs) == (40, 4)
    curves.apply(events.EpochEnded(0, {"loss": 1.0}, 0.1, 1.0))
    curves.apply(events.RunEnded("stopped", 1, 1.0, "", {}))
    assert (curves.total_steps, curves.total_epochs) == (10, 1)


def test_progress_counts_speed_and_time_left() -> None:
    meter = ProgressMeter()
    for event in (STARTED, events.EpochStarted(0), steps(0, 5, time=1.0)):
        meter.apply(event)
    assert (meter.now.epoch, meter.now.epochs, meter.now.step, meter.now.total_steps) == (1, 4, 5, 40)
    assert meter.now.samples_a_second == pytest.approx(5 * 64)
    assert meter.now.seconds_left == pytest.approx(35 / 5)
    assert meter.now.share == pytest.approx(5 / 40)


def test_time_left_counts_validation_once_an_epoch_was_seen() -> None:
    meter = ProgressMeter()
    for event in (STARTED, steps(0, 10, time=1.0), events.EpochEnded(0, {}, 0.1, 3.0, time=3.0)):
        meter.apply(event)
    assert meter.now.seconds_left == pytest.approx(3 * 3.0)


def test_a_pause_does_not_slow_the_speed_down() -> None:
    meter = ProgressMeter()
    for event in (STARTED, steps(0, 5, time=1.0), events.Paused(time=1.1), events.Resumed(time=100.0)):
        meter.apply(event)
    meter.apply(steps(5, 5, time=101.0))
    assert meter.now.samples_a_second == pytest.approx(5 * 64)


@pytest.mark.parametrize(
    "value, text",
    [(0.1421, "0.142"), (12.34, "12.3"), (123456.0, "1.2e5"), (0.00002, "2.0e-5"), (0.0, "0.000"), (None, "–"),
     (math.nan, "NaN"), (-math.inf, "−∞"), (5321.4, "5,321")],
)  # fmt: skip
def test_values_are_short(value: float | None, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize("seconds, text", [(41.2, "0:41"), (725, "12:05"), (3729, "1:02:09"), (-3, "0:00")])
def test_durations_read_like_a_clock(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    "name, title",
    [("loss", "Loss"), ("digit_loss", "Loss · digit"), ("digit_accuracy", "Accuracy · digit"), ("auc", "AUC"),
     ("mean_absolute_error", "Mean absolute error"), ("learning_rate", "Learning rate")],
)  # fmt: skip
def test_titles_come_from_the_names_of_metrics(name: str, title: str) -> None:
    assert metric_title(name, {"digit": "digit", "is_even": "is_even"}) == title


def test_the_longest_output_that_fits_a_name_is_taken() -> None:
    assert metric_title("head_one_accuracy", {"head": "head", "head_one": "head_one"}) == "Accuracy · head_one"


def test_however_long_and_odd_a_run_is_its_curves_have_limits() -> None:
    curves = RunCurves("run")
    for first in range(0, 600_000, 20_000):
        curves.apply(steps(first, 20_000))
    for number in range(3000):
        curves.apply(events.Steps(0, 600_000 + number, (f"odd {number}",), [[1.0]]))
        curves.apply(events.LearningRateChanged(number, float(number), "schedule"))
    assert len(curves.metrics["loss"].steps.raw) <= MOST_POINTS
    assert len(curves.metrics) <= MOST_METRICS + 1 and LEARNING_RATE in curves.metrics
    assert len(curves.rate_changes) == MOST_RATE_CHANGES
    assert curves.step == 603_000


def test_steps_have_a_time_between_two_reports_and_pauses_have_none() -> None:
    curves = RunCurves("run")
    curves.apply(events.RunStarted("cpu", 10, 2, 1, 1, 1, 1, seq=1, time=100.0))
    curves.apply(steps(0, 4, 2, time=104.0))
    curves.apply(events.Paused(seq=3, time=104.0))
    curves.apply(events.Resumed(seq=4, time=204.0))
    curves.apply(steps(4, 2, 5, time=206.0))
    assert curves.seconds_at(np.array([0.0, 2.0, 4.0, 5.0, 6.0])).tolist() == [0.0, 2.0, 4.0, 5.0, 6.0]
    assert curves.seconds == 6.0 and curves.knows_time and not RunCurves("other").knows_time


def test_a_log_that_tells_no_learning_rate_has_no_plot_of_it() -> None:
    curves = RunCurves("run")
    curves.apply(events.RunStarted("", 1, 2, 0, 0, 0, 0, seq=1))
    curves.apply(events.EpochEnded(0, {"loss": 1.0}, math.nan, 0.0, seq=2))
    assert curves.names() == ["loss"] and not curves.knows_time
