"""Few samples that validate are remarked on, with a larger part as the mend where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.messages.checking import DataProblem, Endpoint, ProposedMend
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.splits import SplitSpec
from runtime.worker.data.checks import checked
from runtime.worker.data.opening import open_source
from runtime.worker.data.split import own_counts


def found(
    tmp_path: Path, arrays: dict[str, Any], split: SplitSpec, classes: int = 3
) -> tuple[DataProblem | None, tuple[int, int, int]]:
    """The remark on few samples, and how many train, validate and test."""
    np.savez(tmp_path / "a.npz", **arrays)
    truth = OutputTraining("out", KerasObject("SparseCategoricalCrossentropy"))
    ends = [Endpoint("in", (None, 2), "float32")], [Endpoint("out", (None, classes), "float32", truth)]
    options = {"parts": "joined"} if "x_train" in arrays else {}
    with open_source(DataSource("npz", str(tmp_path / "a.npz"), options)) as source:
        answer = checked(source, [Binding("in", ("x",)), Binding("out", ("y",))], *ends, split)
    assert answer.counts is not None
    remarks = [problem for problem in answer.problems if problem.kind == "small_validation"]
    return next(iter(remarks), None), (answer.counts.training, answer.counts.validation, answer.counts.test)


def made(samples: int, classes: int = 3) -> dict[str, Any]:
    return {"x": np.random.default_rng(0).random((samples, 2)), "y": np.arange(samples) % classes}


def parted(**counts: int) -> dict[str, Any]:
    return {f"{key}_{part}": value for part, count in counts.items() for key, value in made(count).items()}


def changes(mend: ProposedMend | None) -> dict[str, Any]:
    return {} if mend is None else {change.path[0]: change.value for change in mend.changes}  # type: ignore[union-attr]


@pytest.mark.parametrize(("samples", "percent"), [(60, 35), (50, 40), (70, 30)])
def test_a_larger_part_is_the_mend(tmp_path: Path, samples: int, percent: int) -> None:
    problem, _ = found(tmp_path, made(samples), SplitSpec(validation_percent=20))
    assert problem is not None
    assert changes(problem.mend) == {"validation_percent": percent}
    mended, counts = found(tmp_path, made(samples), SplitSpec(validation_percent=percent))
    assert mended is None
    assert counts[1] >= 20


def test_too_few_samples_have_no_mend(tmp_path: Path) -> None:
    problem, _ = found(tmp_path, made(40), SplitSpec(validation_percent=20))
    assert problem is not None and problem.mend is None
    assert "only 8 samples validate, so one sample more or less moves what validation says by 13 %" in str(problem.text)
    single, _ = found(tmp_path, made(5), SplitSpec(validation_percent=20))
    assert single is not None and "a single sample validates" in str(single.text)


def test_there_is_a_sample_for_each_class(tmp_path: Path) -> None:
    problem, _ = found(tmp_path, made(200, 50), SplitSpec(validation_percent=20), 50)
    assert problem is not None
    assert "40 samples validate, fewer than the 50 classes" in str(problem.text)
    assert changes(problem.mend) == {"validation_percent": 25}


def test_enough_samples_and_none_at_all_are_fine(tmp_path: Path) -> None:
    assert found(tmp_path, made(100), SplitSpec(validation_percent=20))[0] is None
    assert found(tmp_path, made(30), SplitSpec())[0] is None


def test_a_small_part_of_the_data_is_split_anew_where_no_samples_test(tmp_path: Path) -> None:
    arrays = parted(train=95, val=5)
    problem, counts = found(tmp_path, arrays, SplitSpec(validation_percent=20))
    assert problem is not None and counts == (95, 5, 0)
    assert changes(problem.mend) == {"own_parts": False, "validation_percent": 20}
    assert found(tmp_path, arrays, SplitSpec(validation_percent=20, own_parts=False)) == (None, (80, 20, 0))


def test_samples_for_the_test_are_not_mixed_into_those_that_train(tmp_path: Path) -> None:
    problem, counts = found(tmp_path, parted(train=90, val=5, test=5), SplitSpec(validation_percent=20))
    assert problem is not None and problem.mend is None and counts == (90, 5, 5)


def test_all_is_split_anew_where_the_parts_of_the_data_are_not_wanted(tmp_path: Path) -> None:
    split = SplitSpec("random", validation_percent=20, test_percent=10, own_parts=False)
    assert found(tmp_path, parted(train=150, test=50), split)[1] == (140, 40, 20)


def test_the_parts_of_the_data_are_counted(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", **parted(train=7, val=2, test=3))
    with open_source(DataSource("npz", str(tmp_path / "a.npz"), {"parts": "joined"})) as source:
        assert own_counts(source, 12) == {"training": 7, "validation": 2, "test": 3}
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        assert own_counts(source, 7) == {}


def test_of_masks_each_place_counts(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "m.npz", x=rng.random((30, 8, 8, 1)), y=rng.integers(0, 2, (30, 8, 8)))
    truth = OutputTraining("out", KerasObject("SparseCategoricalCrossentropy"))
    ends = [Endpoint("in", (None, 8, 8, 1), "float32")], [Endpoint("out", (None, 8, 8, 2), "float32", truth)]
    with open_source(DataSource("npz", str(tmp_path / "m.npz"))) as source:
        bound = [Binding("in", ("x",)), Binding("out", ("y",))]
        answer = checked(source, bound, *ends, SplitSpec(validation_percent=20))
    assert not [each for each in answer.problems if each.severity != "note"]
