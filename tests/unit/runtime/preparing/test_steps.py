"""Steps without Keras: what they learn, what they make of missing values, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from resources.training.setting import SettingError
from runtime.step_kinds import check_step, find_step, step_kinds, step_module
from runtime.step_samples import WORDS, Array, Sample, StepError, thinned
from tests.unit.runtime.preparing.cases import words

NAN = float("nan")


def sample_of(values: Array, kind: str = "number") -> Sample:
    return Sample(values.shape[1:], WORDS if values.dtype == object else str(values.dtype), kind)


def prepared(step: str, values: Array, train: Any = None, **settings: Any) -> Array:
    kind, module = find_step(step), step_module(step)
    assert kind is not None
    kind.check(settings)
    full, sample = kind.values(settings), sample_of(values)
    module.result(sample, full, None)
    state = module.known(sample, full) if hasattr(module, "known") else None
    if kind.adapts and state is None:
        train = values if train is None else train
        state = module.adapt([train[:2], train[2:]], sample, full)
    promised = module.result(sample, full, state)
    found: Array = module.apply(values, sample, full, state)
    assert found.shape[1:] == promised.shape
    assert promised.words == (found.dtype == object)
    return found


def test_missing_values_are_filled() -> None:
    values = np.array([1.0, NAN, 2.0, 2.0, 10.0])
    assert prepared("fill", values, value="-1").tolist() == [1, -1, 2, 2, 10]
    assert prepared("fill", values, **{"with": "mean"})[1] == 3.75
    assert prepared("fill", values, **{"with": "median"})[1] == 2
    assert prepared("fill", values, **{"with": "most_frequent"})[1] == 2
    marked = prepared("fill", values, value="0", mark=True)
    assert marked.tolist() == [[1, 0], [0, 1], [2, 0], [2, 0], [10, 0]]
    assert prepared("fill", words("a", "", "a", "b"), **{"with": "most_frequent"}).tolist() == ["a", "a", "a", "b"]
    assert prepared("fill", words("a", ""), value="none").tolist() == ["a", "none"]
    table = np.array([[1.0, NAN], [3.0, 8.0]])
    assert prepared("fill", table, **{"with": "mean"}).tolist() == [[1, 8], [3, 8]]
    assert prepared("fill", np.array([1, 2])).tolist() == [1, 2], "whole numbers miss nothing"


def test_samples_without_a_value_are_found() -> None:
    kept = step_module("drop_missing").kept
    assert kept(np.array([1.0, NAN])).tolist() == [True, False]
    assert kept(np.array([[1.0, NAN], [1, 2]])).tolist() == [False, True]
    assert kept(words("a", "")).tolist() == [True, False]
    assert kept(np.array([1, 2])).tolist() == [True, True]


def test_dates_become_parts() -> None:
    days = words("2026-11-30", "2024-02-29T23:30:00", "", "1969-12-31T23:59:59", "2026-01-01T00:30:00+09:00")
    found = prepared("date_parts", days, hour=True)
    assert found[0].tolist() == [2026, 11, 30, 0, 0]
    assert found[1].tolist() == [2024, 2, 29, 3, 23]
    assert np.isnan(found[2]).all()
    assert found[3].tolist() == [1969, 12, 31, 2, 23]
    assert found[4].tolist() == [2025, 12, 31, 2, 15], "in UTC"
    assert prepared("date_parts", np.array([86_400.0 * 3]))[0].tolist() == [1970, 1, 4, 6]
    cyclic = prepared("date_parts", words("2026-01-15", "2026-12-15", "2026-06-15"), year=False, day=False,
                      weekday=False, cyclic=True)  # fmt: skip
    distance = np.linalg.norm(cyclic[0] - cyclic[1:], axis=1)
    assert distance[0] < 0.6 < 1.8 < distance[1], "December is beside January"


def test_mean_and_deviation_are_exact_whatever_the_blocks() -> None:
    module = step_module("normalize")
    values = np.random.default_rng(0).normal(1e9, 1e-3, (1001, 2))
    values[7, 0] = NAN
    for size in (1, 7, 1001):
        blocks = [values[first : first + size] for first in range(0, 1001, size)]
        state = module.adapt(blocks, sample_of(values), {"each": True})
        assert np.allclose(state["variance"], np.nanvar(values - 1e9, axis=0), rtol=1e-4)
        assert np.allclose(np.array(state["mean"]) - 1e9, np.nanmean(values - 1e9, axis=0), atol=1e-6)
        assert state["count"] == [1000, 1001]


def test_a_stream_is_thinned_evenly() -> None:
    kept = thinned((np.arange(first, first + 100.0) for first in range(0, 10_000, 100)), limit=1000)
    values = kept.values().reshape(-1)
    assert not kept.whole and 400 < len(values) <= 1000
    assert np.allclose(np.median(values), 5000, atol=100)
    assert thinned([np.arange(5.0)]).values().reshape(-1).tolist() == [0, 1, 2, 3, 4]


def test_vocabularies_are_counted() -> None:
    state = step_module("string_lookup").adapt(
        [words("b", "a", ""), words("b", "서울", "서울")],
        Sample((), WORDS, "category"),
        {"max_tokens": None, "num_oov_indices": 1, "mask": True, "output_mode": "int"},
    )
    assert state == {"vocabulary": ["서울", "b", "a"], "counts": [2, 2, 1], "distinct": 3}


@pytest.mark.parametrize(
    ("step", "values", "settings", "sentence"),
    [
        ("normalize", words("a"), {}, "takes numbers, but words"),
        ("normalize", np.empty(0), {}, "the training part is empty"),
        ("to_range", np.array([1.0]), {"low": 2.0}, "must be below the high end"),
        ("clip", np.array([1.0]), {"low": 2.0}, "must not be above"),
        ("log", np.array([1.0, -1.0]), {}, "-1 has no logarithm"),
        ("one_hot", np.array([1.5]), {}, "takes whole numbers, but 1.5"),
        ("one_hot", np.array([NAN]), {}, "a value is missing"),
        ("string_lookup", np.array([1]), {}, "takes words, but numbers"),
        ("string_lookup", words("", ""), {}, "finds nothing to look up"),
        ("integer_lookup", words("a"), {}, "takes numbers, but words"),
        ("discretization", np.array([1.0]), {"boundaries": "3, 2"}, "do not rise"),
        ("discretization", np.array([NAN, 1, 2]), {"num_bins": 2}, "a value is missing"),
        ("fill", np.array([1.0]), {"value": "many"}, "“many” is no number"),
        ("fill", words("a"), {"with": "mean"}, "no mean"),
        ("date_parts", words("soon"), {}, "“soon” is no date"),
        ("date_parts", words("2026-01-01"), dict.fromkeys(("year", "month", "day", "weekday"), False), "at least one"),
        ("reshape", np.zeros((2, 784)), {"shape": "28, 29, 1"}, "samples of 784 do not fit into 28×29×1"),
        ("reshape", np.zeros((2, 784)), {"shape": "-1, -1"}, "do not fit"),
        ("resize", np.zeros((2, 8)), {}, "takes pictures"),
        ("crop", np.zeros((2, 8, 8, 1)), {"height": 9}, "have no part of"),
        ("grey", np.zeros((2, 8, 8, 1)), {}, "takes pictures"),
    ],
)  # fmt: skip
def test_what_a_step_does_not_take(step: str, values: Array, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StepError, match=sentence):
        prepared(step, values, **settings)


def test_a_class_that_the_training_part_lacks() -> None:
    with pytest.raises(StepError, match="does not know “green”"):
        prepared("one_hot", words("red", "green"), words("red"))
    assert prepared("one_hot", words("red", "green"), words("red"), unknown=True).tolist() == [[0, 1], [1, 0]]


def test_settings_are_checked() -> None:
    check_step("scale", {"scale": 2})
    with pytest.raises(SettingError, match="The step sclae is unknown"):
        check_step("sclae", {})
    with pytest.raises(SettingError, match="Scale has no setting by; it has scale, offset"):
        check_step("scale", {"by": 2})
    with pytest.raises(SettingError, match="must be a number"):
        check_step("scale", {"scale": "2"})


def test_each_kind_is_whole() -> None:
    kinds = step_kinds()
    assert len({kind.key for kind in kinds}) == len(kinds) == len({kind.order for kind in kinds})
    for kind in kinds:
        module = step_module(kind.key)
        assert module.STEP is kind
        assert all(hasattr(module, name) for name in ("result", "apply", "layer", "settings_of")), kind.key
        assert kind.adapts == hasattr(module, "adapt")
        assert kind.inside == (kind.why_before is None)
        assert all(setting.section == "step" for setting in kind.settings)
        kind.check({setting.key: setting.default for setting in kind.settings})
