"""Axes for facts of runs, and how one follows another."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.panels.runs.comparing.facts import Row
from app.panels.runs.comparing.scale import MOST_WORDS, rank_correlation, scale_of, spread


def row(*numbers: float | None, texts: tuple[str, ...] = ()) -> Row:
    words = texts or tuple("–" if number is None else f"{number:g}" for number in numbers)
    return Row("k", "setting", "rate", words, numbers if numbers else (None,) * len(words))


def test_numbers_lie_between_the_lowest_and_the_highest() -> None:
    scale = scale_of(row(1.0, 3.0, None, 2.0))
    assert scale is not None and not scale.log
    assert np.array_equal(scale.places, [0.0, 1.0, math.nan, 0.5], equal_nan=True)
    assert [text for _, text in scale.ticks] == ["1", "2", "3"]


def test_values_of_many_magnitudes_are_logarithmic() -> None:
    scale = scale_of(row(1e-4, 1e-2, 1e-3))
    assert scale is not None and scale.log and scale.places.tolist() == pytest.approx([0.0, 1.0, 0.5])


def test_words_stand_beside_each_other_and_too_many_have_no_axis() -> None:
    scale = scale_of(row(texts=("SGD", "Adam", "–", "SGD")))
    assert scale is not None and scale.words
    assert np.array_equal(scale.places, [1.0, 0.0, math.nan, 1.0], equal_nan=True)
    assert scale_of(row(texts=tuple(str(n) + "x" for n in range(MOST_WORDS + 1)))) is None
    assert scale_of(row(texts=("–", "–"))) is None


def test_numbers_that_are_none_have_no_place() -> None:
    scale = scale_of(row(math.nan, 1.0, math.inf, 2.0))
    assert scale is not None and np.isnan(scale.places[[0, 2]]).all() and scale.places[[1, 3]].tolist() == [0.0, 1.0]


def test_words_of_ticks_do_not_lie_on_each_other() -> None:
    ticks = [(0.0, "a"), (0.5, "b"), (0.96, "c"), (1.0, "d")]
    assert [text for _, text in spread(ticks, 200.0)] == ["a", "d", "b"]
    assert spread(ticks[:1], 10.0) == ticks[:1] and spread([], 10.0) == []


def test_the_rank_correlation_is_that_of_scipy() -> None:
    from scipy.stats import spearmanr  # late: it takes a second, and each process collects this file

    rng = np.random.default_rng(7)
    for _ in range(20):
        x, y = rng.integers(0, 6, 15).astype(float), rng.normal(size=15)
        found = rank_correlation(x.tolist(), y.tolist())
        assert found == pytest.approx(float(spearmanr(x, y).statistic))
    assert rank_correlation([1.0, 2.0], [1.0, 2.0]) is None
    assert rank_correlation([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]) is None
    assert rank_correlation([1.0, None, 2.0, 3.0], [3.0, 1.0, 2.0, 1.0]) == pytest.approx(-1.0)
