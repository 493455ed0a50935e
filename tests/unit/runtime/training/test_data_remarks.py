"""What is odd with data that can be trained on is said, and nothing is said of data that is as usual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.messages.checking import DataProblem, Endpoint, SettingChange
from runtime.project_spec import column_specs
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.splits import SplitSpec
from runtime.worker.data.checks import check
from runtime.worker.data.opening import open_source
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.preparing.known_states import KnownStates

LAST_20 = SplitSpec(validation_percent=20)
SPARSE, ONE_HOT = "SparseCategoricalCrossentropy", "CategoricalCrossentropy"
RANDOM = np.random.default_rng(0)


def remarks(
    tmp_path: Path, split: SplitSpec = LAST_20, x: Any = None, y: Any = None, loss: str = SPARSE, **end: Any
) -> list[DataProblem]:
    """`x` feeds an input and `y` is the truth of classes; both made up where they are not given.

    That few samples validate is said of most of these, and has tests of its own: it is left out.
    """
    samples = len(y) if y is not None else len(x)
    x = RANDOM.random((samples, 2)) if x is None else x
    y = RANDOM.integers(0, 3, samples) if y is None else y
    np.savez(tmp_path / "a.npz", x=x, y=y)
    entry = Endpoint("in", (None, *x.shape[1:]), end.pop("dtype", "float32"), **end)
    truth = OutputTraining("out", KerasObject(loss))
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        bound = [Binding("in", ("x",)), Binding("out", ("y",))]
        found = check(source, bound, [entry], [Endpoint("out", (None, 10), "float32", truth)], split)
    assert not [str(problem.text) for problem in found if problem.severity == "error"]
    return [each for each in found if each.severity == "warning" and each.kind != "small_validation"]


def sentences(found: list[DataProblem]) -> list[str]:
    return [str(problem.text).removeprefix("a.npz: ") for problem in found]


def test_sorted_labels_leave_one_class_to_validation(tmp_path: Path) -> None:
    found = remarks(tmp_path, y=np.repeat(["cat", "dog"], [100, 50]))
    text = "all 30 samples that validate are dog in y: the file is sorted, so shuffle its rows."
    assert (sentences(found), found[0].kind) == ([text], "sorted")


def test_sorted_labels_keep_classes_from_training(tmp_path: Path) -> None:
    text = "8, 9 in y is only among the last 20 samples, which do not train: the file is sorted, so shuffle its rows."
    assert sentences(remarks(tmp_path, y=np.repeat(np.arange(10), 10))) == [text]


@pytest.mark.parametrize(
    "labels",
    [
        RANDOM.permutation(np.repeat(np.arange(10), 10)),
        np.where(np.arange(100) == 50, 1, 0),  # a rare class is missing somewhere by chance
        np.where(np.arange(100) == 99, 1, 0),
        np.array([0, 1, 0, 1, 1]),
        np.tile([0, 1], 50),
    ],
)
def test_labels_in_any_order_are_fine(tmp_path: Path, labels: Any) -> None:
    assert remarks(tmp_path, y=labels) == []


def test_sorted_one_hot_labels_leave_one_class_to_validation(tmp_path: Path) -> None:
    """As one column of places, and as a column for each class."""
    labels = np.eye(10)[np.repeat([3, 1], [100, 50])]
    found = remarks(tmp_path, y=labels, loss=ONE_HOT)
    text = "all 30 samples that validate are 1 in y: the file is sorted, so shuffle its rows."
    assert (sentences(found), found[0].kind) == ([text], "sorted")
    assert remarks(tmp_path, y=RANDOM.permutation(labels), loss=ONE_HOT) == []
    assert remarks(tmp_path, y=np.sort(RANDOM.dirichlet(np.ones(10), 150), axis=0), loss="KLDivergence") == []


def test_sorted_labels_with_a_column_for_each_class(tmp_path: Path) -> None:
    labels = np.repeat(np.eye(2, dtype=int), 50, axis=0)
    np.savez(tmp_path / "a.npz", x=RANDOM.random(100), cat=labels[:, 0], dog=labels[:, 1])
    truth = OutputTraining("out", KerasObject(ONE_HOT))
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        bound = [Binding("in", ("x",)), Binding("out", ("cat", "dog"))]
        ends = [Endpoint("in", (None, 1), "float32")], [Endpoint("out", (None, 2), "float32", truth)]
        found = [problem for problem in check(source, bound, *ends, LAST_20) if problem.severity != "note"]
    text = "all 20 samples that validate are dog in cat, dog: the file is sorted, so shuffle its rows."
    assert sentences(found) == [text]


def test_without_validation_nothing_is_sorted(tmp_path: Path) -> None:
    assert remarks(tmp_path, SplitSpec(), y=np.repeat(np.arange(2), 50)) == []


def test_labels_that_are_all_alike_are_remarked(tmp_path: Path) -> None:
    found = remarks(tmp_path, y=np.array(["cat"] * 9))
    assert sentences(found) == ["every label in y is cat, so there is nothing to learn."]


PICTURES = RANDOM.integers(0, 256, (10, 8, 8, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    "pictures", [PICTURES, PICTURES.astype(np.float32), PICTURES[..., 0], PICTURES.reshape(10, -1)]
)
def test_pictures_that_nothing_scales_are_remarked(tmp_path: Path, pictures: Any) -> None:
    found = remarks(tmp_path, x=pictures, scaled=False)
    high = int(pictures.max())
    text = f"x holds pictures of 0 to {high}, and nothing in the model scales them: put a Rescaling of 1/255 behind in."
    assert (sentences(found), found[0].kind) == ([text], "unscaled")


@pytest.mark.parametrize(
    ("pictures", "end"),
    [
        (PICTURES, {"scaled": True}),
        (PICTURES, {"scaled": False, "dtype": "uint8"}),
        (PICTURES / 255, {"scaled": False}),
        (PICTURES // 16, {"scaled": False}),
        (PICTURES.astype(np.float32) - 128, {"scaled": False}),
        (PICTURES[:, 0, :, 0], {"scaled": False}),
        (PICTURES.reshape(10, -1) // 2, {"scaled": False}),  # numbers in a row that may count something
    ],
)
def test_other_pictures_are_fine(tmp_path: Path, pictures: Any, end: dict[str, Any]) -> None:
    assert remarks(tmp_path, x=pictures, **end) == []


def column(low: float, high: float, *signs: float) -> Any:
    values = RANDOM.uniform(low, high, 100).round(2)
    values[3 : 3 + len(signs)] = signs
    return values


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        (column(0, 1000, -999, -999), "-999"),
        (column(-10, 30, -9999), "-9999"),
        (column(0, 150, 999, 999), "999"),
        (column(18, 90, -1, -1, -1), "-1"),
        (column(0, 9, 99, 99), "99"),
    ],
)
def test_signs_for_missing_values_are_remarked(tmp_path: Path, values: Any, sign: str) -> None:
    for shaped in (values, np.stack([column(0, 1), values], axis=1)):
        found = remarks(tmp_path, x=shaped)
        assert len(found) == 1 and found[0].kind == "sentinel"
        assert f"x is {sign} in " in sentences(found)[0] and "the first at index 3" in sentences(found)[0]


def test_signs_are_found_before_steps_and_beside_what_is_missing(tmp_path: Path) -> None:
    """*Start a model from this data* normalizes all numbers: what -999 became looked like any other number."""
    rows = [*(f"{170 + n % 9},{n % 3}" for n in range(90)), "-999,0", ",1", "-999,2"]
    (tmp_path / "a.csv").write_text("\n".join(["height,y", *rows]))
    bound = [Binding("in", ("height",)), Binding("out", ("y",))]
    truth = OutputTraining("out", KerasObject(SPARSE))
    ends = [Endpoint("in", (None, 1), "float32")], [Endpoint("out", (None, 10), "float32", truth)]

    def found(steps: Any) -> tuple[list[DataProblem], float]:
        """The remarks, and the least value that trains."""
        columns = column_specs({"columns": {"height": {"steps": steps}}})
        with open_source(DataSource("csv", str(tmp_path / "a.csv"))) as base:
            source = PreparedSource(base, columns, lambda _base: range(93), KnownStates())
            problems = check(source, bound, *ends, LAST_20)
            least = float(source.read("height", slice(0, 93)).min())
        return [each for each in problems if each.kind == "sentinel"], least

    steps = [{"step": "fill", "with": "median"}, {"step": "normalize"}]
    (remark,), least = found(steps)
    assert "height is -999 in 2 samples" in str(remark.text) and least < -5
    assert remark.mend is not None
    (change,) = remark.mend.changes
    assert isinstance(change, SettingChange) and change.path == ("columns", "height", "steps")
    assert change.value[1:] == steps
    remarks_after, least = found(change.value)
    assert not remarks_after and least > -3, "it is the mean of the others now"


@pytest.mark.parametrize(
    "values",
    [
        column(0, 1000, 999),
        column(-1, 1, -1, -1),
        column(0, 30, -1, -1),
        column(-2000, 2000, -999, -999),
        column(0, 100, 99, 99),
        np.full(100, -999.0),
        np.tile([-1.0, 1.0], 50),
        column(5000, 12000, 9999, 9999),
    ],
)
def test_common_numbers_are_no_signs(tmp_path: Path, values: Any) -> None:
    assert remarks(tmp_path, x=values) == []


def test_few_samples_of_a_class(tmp_path: Path) -> None:
    labels = RANDOM.permutation(np.repeat(["cat", "dog"], [190, 6]))
    (remark,) = remarks(tmp_path, SplitSpec(validation_percent=0), y=labels)
    assert remark.kind == "unbalanced"
    assert "6 are dog in y, but 190 are cat" in str(remark.text)
    assert (
        remarks(tmp_path, SplitSpec(validation_percent=0), y=RANDOM.permutation(np.repeat(["cat", "dog"], [190, 10])))
        == []
    )
