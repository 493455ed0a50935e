"""Curve buffers, smoothing and thinning against plain, slow definitions of the same."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panels.plots.curves import CurveBuffer, SmoothedCurve, Smoother, bin_means, finite_range, smooth, thin

finite = st.floats(-1e6, 1e6, allow_nan=False)
anything = st.one_of(finite, st.just(math.nan), st.just(math.inf))
factors = st.floats(0.0, 0.999)


def slow_smooth(values: list[float], factor: float) -> list[float]:
    state, count, out = 0.0, 0, []
    for value in values:
        if not math.isfinite(value):
            out.append(math.nan)
            continue
        count += 1
        state = factor * state + (1 - factor) * value
        out.append(state / (1 - factor**count))
    return out


@given(st.lists(st.lists(finite, max_size=20), max_size=12))
def test_a_buffer_holds_what_was_added_in_any_pieces(pieces: list[list[float]]) -> None:
    buffer = CurveBuffer(capacity=1)
    expected: list[float] = []
    for piece in pieces:
        start = len(expected)
        buffer.extend(np.arange(start, start + len(piece)), piece)
        expected += piece
    assert len(buffer) == len(expected)
    assert buffer.y.tolist() == expected
    assert buffer.x.tolist() == list(range(len(expected)))
    assert buffer.x.dtype == np.float64


def test_growing_copies_only_a_few_times() -> None:
    buffer = CurveBuffer(capacity=1)
    capacities = set()
    for step in range(5000):
        buffer.append(step, 0.0)
        capacities.add(buffer._x.size)
    assert len(capacities) <= 14


@pytest.mark.parametrize("x, y", [([2.0, 1.0], [0.0, 0.0]), ([1.0], [1.0, 2.0]), ([[1.0]], [[1.0]])])
def test_wrong_points_are_refused_and_change_nothing(x: list[float], y: list[float]) -> None:
    buffer = CurveBuffer()
    buffer.append(0.0, 5.0)
    with pytest.raises(ValueError):
        buffer.extend(x, y)
    assert len(buffer) == 1


def test_x_may_not_go_back_between_pieces() -> None:
    buffer = CurveBuffer()
    buffer.append(3.0, 1.0)
    with pytest.raises(ValueError, match="decrease"):
        buffer.append(2.0, 1.0)


def test_views_cannot_be_written() -> None:
    buffer = CurveBuffer()
    buffer.append(0.0, 1.0)
    with pytest.raises(ValueError):
        buffer.y[0] = 2.0


@given(st.integers(1, 200), st.floats(-10, 210), st.floats(0, 100))
def test_a_window_holds_every_point_inside_and_a_neighbour(size: int, low: float, span: float) -> None:
    buffer = CurveBuffer()
    buffer.extend(np.arange(size), np.zeros(size))
    taken = buffer.x[buffer.window(low, low + span)]
    inside = [x for x in range(size) if low <= x <= low + span]
    assert set(inside) <= set(taken.tolist())
    assert taken.size <= len(inside) + 2


@given(st.lists(finite, min_size=1, max_size=30), st.floats(-5, 40))
def test_the_value_at_x_is_the_last_one_before_it(values: list[float], x: float) -> None:
    buffer = CurveBuffer()
    buffer.extend(np.arange(len(values)), values)
    before = [value for step, value in enumerate(values) if step <= x]
    assert buffer.value_at(x) == (before[-1] if before else None)


@given(st.lists(anything, max_size=60), factors)
def test_smoothing_is_the_bias_corrected_average(values: list[float], factor: float) -> None:
    expected = slow_smooth(values, factor)
    np.testing.assert_allclose(smooth(values, factor), expected, rtol=1e-6, atol=1e-6)


@given(st.integers(1, 1500), st.lists(st.integers(1, 700), min_size=1, max_size=5), factors)
def test_smoothing_in_pieces_equals_smoothing_at_once(size: int, cuts: list[int], factor: float) -> None:
    values = np.sin(np.arange(size) * 0.37) * 3 + 1
    values[:: max(2, size // 3)] = np.nan
    smoother, pieces, start = Smoother(factor), [], 0
    for cut in [*cuts, size]:
        pieces.append(smoother.feed(values[start : start + cut]))
        start += cut
    np.testing.assert_allclose(np.concatenate(pieces)[:size], smooth(values, factor), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("factor", [0.5, 0.9, 0.99])
def test_long_curves_are_smoothed_like_short_ones(factor: float) -> None:
    values = np.random.default_rng(3).normal(size=2000).tolist()
    np.testing.assert_allclose(smooth(values, factor), slow_smooth(values, factor), rtol=1e-8, atol=1e-10)


@given(factors, finite)
def test_a_constant_stays_constant_from_the_first_value(factor: float, level: float) -> None:
    np.testing.assert_allclose(smooth([level] * 300, factor), level, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("factor", [-0.1, 1.0, math.nan])
def test_a_factor_outside_its_range_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="smoothing factor"):
        Smoother(factor)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), factors)
def test_a_smoothed_curve_follows_its_buffer(pieces: list[int], factor: float) -> None:
    raw = CurveBuffer()
    curve = SmoothedCurve(raw)
    for piece in pieces:
        start = len(raw)
        raw.extend(np.arange(start, start + piece), np.cos(np.arange(start, start + piece)))
        assert len(curve.at(factor)) == len(raw)
    np.testing.assert_allclose(curve.at(factor).y, smooth(raw.y, factor), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(curve.at(0.25).y, smooth(raw.y, 0.25), rtol=1e-9, atol=1e-9)


@given(st.integers(1, 5000), st.integers(1, 200), st.integers(0, 3000), st.integers(0, 2**32 - 1))
def test_thinning_keeps_the_outline(size: int, bins: int, first: int, seed: int) -> None:
    y = np.random.default_rng(seed).normal(size=size)
    x = np.arange(first, first + size, dtype=np.float64)
    thin_x, thin_y = thin(x, y, bins, first)
    assert thin_y.size <= 2 * bins + 6
    assert thin_y.max() == y.max() and thin_y.min() == y.min()
    assert (thin_x[0], thin_x[-1]) == (x[0], x[-1])
    assert np.all(np.diff(thin_x) > 0)
    assert np.array_equal(y[(thin_x - first).astype(int)], thin_y)


def test_peaks_stay_where_they_are_while_a_curve_grows() -> None:
    y = np.random.default_rng(1).normal(size=6000)
    x = np.arange(6000, dtype=np.float64)
    short = set(thin(x[:5000], y[:5000], 100)[0][:-3].tolist())
    longer = set(thin(x[:5100], y[:5100], 100)[0].tolist())
    assert short <= longer


def test_missing_values_are_left_out_of_a_bin_with_others() -> None:
    y = np.ones(1000)
    y[::2] = np.nan
    y[501] = 9.0
    assert np.nanmax(thin(np.arange(1000.0), y, 10)[1]) == 9.0


@given(st.integers(1, 4000), st.integers(1, 100), st.integers(0, 3000))
def test_bin_means_lie_on_a_straight_line(size: int, bins: int, first: int) -> None:
    x = np.arange(first, first + size, dtype=np.float64)
    mean_x, mean_y = bin_means(x, 2.0 * x + 1.0, bins, first)
    assert mean_x.size <= max(2, bins) + 3
    assert np.all(np.diff(mean_x) >= 0)
    assert mean_x[-1] == x[-1]
    np.testing.assert_allclose(mean_y, 2.0 * mean_x + 1.0)


def test_a_bin_of_nothing_is_missing_and_others_leave_the_missing_out() -> None:
    y = np.ones(1024)
    y[:512] = np.nan
    y[600] = np.nan
    means = bin_means(np.arange(1024.0), y, 8)[1]
    assert np.isnan(means[1:4]).all()
    np.testing.assert_array_equal(means[5:], 1.0)


def test_the_range_is_of_finite_values_only() -> None:
    assert finite_range(np.array([math.nan, 2.0, math.inf, -1.0])) == (-1.0, 2.0)
    assert finite_range(np.array([math.nan])) is None
    assert finite_range(np.array([])) is None


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=20), st.integers(1024, 3000), st.integers(0, 2**32 - 1))
def test_a_buffer_never_holds_more_than_its_limit_and_loses_no_peak(portions: list[int], most: int, seed: int) -> None:
    buffer, size = CurveBuffer(most=most), sum(portions)
    y = np.random.default_rng(seed).normal(size=size).round(1)
    y[::7] = np.nan
    done = 0
    for portion in portions:
        buffer.extend(np.arange(done, done + portion), y[done : done + portion])
        done += portion
    assert len(buffer) <= most
    assert buffer.x[-1] == size - 1 or buffer.thinnings
    assert np.all(np.diff(buffer.x) > 0)
    np.testing.assert_array_equal(buffer.y, y[buffer.x.astype(int)])
    if size > 1:
        assert (np.nanmin(buffer.y), np.nanmax(buffer.y)) == (np.nanmin(y), np.nanmax(y))
    if size <= most:
        assert len(buffer) == size and buffer.thinnings == 0


def test_a_thinned_buffer_is_equally_fine_along_the_curve() -> None:
    buffer, size, most = CurveBuffer(most=4096), 300_000, 4096
    y = np.random.default_rng(3).normal(size=size)
    for first in range(0, size, 1000):
        buffer.extend(np.arange(first, first + 1000), y[first : first + 1000])
    counts = np.histogram(buffer.x, bins=20, range=(0, size))[0]
    assert counts[:19].min() >= 0.8 * most / 4 / 20, counts
    assert counts[:18].max() <= 1.3 * counts[:18].min(), counts


def test_a_curve_that_was_thinned_is_smoothed_anew() -> None:
    curve = SmoothedCurve(CurveBuffer(most=1024))
    for step in range(0, 9000, 50):
        curve.raw.extend(np.arange(step, step + 50), np.sin(np.arange(step, step + 50)))
        assert len(curve.at(0.9)) == len(curve.raw) and curve.at(0.9).x[-1] == curve.raw.x[-1]
    assert curve.raw.thinnings > 2
    np.testing.assert_allclose(curve.at(0.9).y, smooth(curve.raw.y, 0.9))


def test_what_was_seen_of_a_buffer_stays_when_it_is_thinned() -> None:
    buffer = CurveBuffer(most=1024)
    buffer.extend(np.arange(1024), np.arange(1024))
    seen = buffer.y
    buffer.extend(np.arange(1024, 1100), np.arange(1024, 1100))
    np.testing.assert_array_equal(seen, np.arange(1024))
    assert len(buffer) < 1024
