"""Which samples train, validate and test: always the same ones, none twice, and those that a script chooses."""

from __future__ import annotations

import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_editor.exporters.code.split import SplitCode
from resources.python_code import shared
from resources.python_code.in_scripts import splits
from resources.python_code.in_scripts.part_sizes import part_sizes
from resources.python_code.in_scripts.places import with_words, words_in
from runtime.messages.checking import DataProblem, Endpoint
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.splits import SplitSpec, split_of
from runtime.worker.data.checks import Checked, checked
from runtime.worker.data.opening import open_source
from runtime.worker.data.remarks import leaks
from runtime.worker.data.source import DataError, Part, Source
from runtime.worker.data.split import PARTS, Parts, as_array, split_rows

RANDOM = np.random.default_rng(0)
COUNT = 103
ARRAYS = {
    "x": RANDOM.random((COUNT, 3)),
    "y": RANDOM.integers(0, 3, COUNT),
    "word": RANDOM.choice(["cat", "dog", "owl"], COUNT),
    "one_hot": np.eye(4)[RANDOM.integers(0, 4, COUNT)],
    "patient": RANDOM.integers(0, 20, (COUNT, 1)),
    "when": RANDOM.permutation(COUNT) / 7,
    "part": RANDOM.choice(["train", "val", "test"], COUNT),
    "code": RANDOM.integers(0, 2, COUNT),
}


def opened(tmp_path: Path, arrays: Mapping[str, Any] = ARRAYS) -> Source:
    np.savez(tmp_path / "a.npz", **arrays)
    return open_source(DataSource("npz", str(tmp_path / "a.npz")))


def split(source: Source, truths: tuple[str, ...] = ("y",), **values: Any) -> Parts:
    return split_rows(source, split_of(values), COUNT, truths)


def lists(parts: Parts) -> list[list[int]]:
    return [as_array(parts.rows(part)).tolist() for part in PARTS]


WAYS: list[dict[str, Any]] = [
    {},
    {"test_percent": 10},
    {"split": "random", "split_seed": 3, "test_percent": 10},
    {"split": "random", "validation_percent": 0, "test_percent": 30},
    {"split": "stratified", "test_percent": 10},
    {"split": "stratified", "split_column": "word"},
    {"split": "group", "split_column": "patient", "test_percent": 15},
    {"split": "time", "split_column": "when", "test_percent": 15},
]


@pytest.mark.parametrize("values", [*WAYS, {"split": "column", "split_column": "part"}])
def test_every_sample_is_in_one_part_and_the_same_in_each_run(tmp_path: Path, values: dict[str, Any]) -> None:
    with opened(tmp_path) as source:
        parts = lists(split(source, **values))
        assert lists(split(source, **values)) == parts
    assert sorted(row for part in parts for row in part) == list(range(COUNT))
    assert all(part == sorted(part) for part in parts)
    assert parts[0]


BY_COLUMN: dict[str, Any] = {"split": "column", "split_column": "part"}
ONLY_TESTS: dict[str, Any] = {"split": "column", "split_column": "code", "validation_percent": 30, "split_seed": 5}


@pytest.mark.parametrize("values", [values for values in (*WAYS, BY_COLUMN, ONLY_TESTS) if values])
@pytest.mark.parametrize("truths", [("y",), ("one_hot",), ("word", "y")])
def test_a_script_chooses_the_same_samples(tmp_path: Path, values: dict[str, Any], truths: tuple[str, ...]) -> None:
    with opened(tmp_path) as source:
        parts = lists(split(source, truths, **values))
        data = {
            name: with_words(source.read(name, slice(0, COUNT)), source.categories(name)) for name in source.names()
        }
    code = SplitCode(values, truths)
    lines = [line.removeprefix("    ") for line in [*code.parts(), *code.parted()]]
    numbers = np.arange(COUNT)
    tree = types.SimpleNamespace(map_structure=lambda take, arrays: take(arrays) if arrays is numbers else arrays)
    scope: dict[str, Any] = {"data": data, "x": numbers, "y": numbers, "keras": types.SimpleNamespace(tree=tree)}
    scope["words_in"] = words_in
    exec("\n".join([*shared.imports_of(code.functions), "import numpy as np", *code.functions, *lines]), scope)
    assert scope["x"].tolist() == parts[0]
    assert [rows.tolist() for rows in scope["parts"]] == parts


def test_nothing_is_written_where_keras_says_it_all() -> None:
    assert not SplitCode({}, ("y",)).needed and SplitCode({}, ("y",)).parts() == []
    assert SplitCode({"split": "column", "split_column": "part"}, ("y",)).needed
    assert SplitCode({}, ("y",), learns=True).needed  # the part that is learnt of has to be told apart before `fit`


@given(st.integers(0, 2_000), st.floats(0, 60), st.floats(0, 39))
def test_sizes_are_those_of_the_percents(count: int, validation: float, test: float) -> None:
    sizes = part_sizes(count, validation, test)
    assert sum(sizes) == count and min(sizes) >= 0
    assert [len(part) for part in splits.parts_at_random(count, validation, test, 1)] == list(sizes)
    if count:
        assert [len(part) for part in splits.parts_by_class([np.zeros(count)], validation, test, 1)] == list(sizes)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(1, 5), st.integers(0, 5))
def test_each_class_gives_its_share(sizes: list[int], fifth: int, tests: int) -> None:
    labels = RANDOM.permutation(np.repeat(np.arange(len(sizes)), sizes))
    validation, test = fifth * 5, tests * 5
    training, validating, testing = splits.parts_by_class([labels], validation, test, 0)
    for label, size in enumerate(sizes):
        for part, percent in ((validating, validation), (testing, test), (training, 100 - validation - test)):
            assert abs((labels[part] == label).sum() - size * percent / 100) < 3


def test_another_seed_chooses_other_samples(tmp_path: Path) -> None:
    with opened(tmp_path) as source:
        for way in ("random", "stratified"):
            one, other = (lists(split(source, split=way, split_seed=seed)) for seed in (1, 2))
            assert one != other


def test_groups_stay_together_and_time_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path) as source:
        groups = [set(ARRAYS["patient"][rows, 0]) for rows in lists(split(source, **WAYS[6]))]
        times = [ARRAYS["when"][rows] for rows in lists(split(source, **WAYS[7]))]
    assert all(groups) and not groups[0] & groups[1] and not groups[1] & groups[2] and not groups[0] & groups[2]
    assert times[0].max() < times[1].min() and times[1].max() < times[2].min()


def test_a_column_says_the_part(tmp_path: Path) -> None:
    with opened(tmp_path) as source:
        parts = lists(split(source, split="column", split_column="part"))
        codes = split(source, split="column", split_column="code", validation_percent=20)
    assert [set(ARRAYS["part"][rows]) for rows in parts] == [{"train"}, {"val"}, {"test"}]
    assert set(ARRAYS["code"][as_array(codes.validation)]) == {1} and len(codes.test) == 0


class _OwnParts(Source):
    """Another source with a test part of its own."""

    def __init__(self, inner: Source, own: Mapping[Part, tuple[slice, ...]]) -> None:
        self._inner, self._own = inner, own

    def parts(self) -> Mapping[Part, tuple[slice, ...]]:
        return self._own

    def names(self) -> tuple[str, ...]:
        return self._inner.names()

    def shape(self, name: str) -> tuple[int, ...]:
        return self._inner.shape(name)

    def dtype(self, name: str) -> Any:
        return self._inner.dtype(name)

    def read(self, name: str, rows: slice) -> Any:
        return self._inner.read(name, rows)

    @property
    def title(self) -> str:
        return self._inner.title


@pytest.mark.parametrize("way", ["last", "random", "stratified"])
def test_the_test_part_of_the_data_is_never_trained_on(tmp_path: Path, way: str) -> None:
    with opened(tmp_path) as inner:
        source = _OwnParts(inner, {"training": (slice(0, 80),), "test": (slice(80, COUNT),)})
        parts = split(source, split=way, test_percent=10)
        assert (parts.test, len(parts.training), len(parts.validation)) == (range(80, COUNT), 64, 16)
        source = _OwnParts(inner, {"validation": (slice(0, 10), slice(20, 30))})
        parts = split(source, split=way)
        assert as_array(parts.validation).tolist() == [*range(10), *range(20, 30)] and len(parts.training) == 83


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"split": "group"}, "To split by group, name the split column."),
        ({"split": "time", "split_column": "gone"}, "a.npz has no column gone. It has:"),
        ({"split": "group", "split_column": "x"}, "a.npz: x cannot split the samples: it holds more than one value"),
        (
            {"split": "column", "split_column": "word"},
            "a.npz: word is “(cat|dog|owl)” at index 0, but it has to say",
        ),
        ({"split": "column", "split_column": "when"}, "a.npz: when is .* but it has to say train, validation or test"),
        ({"validation_percent": 60, "test_percent": 40}, "60 % for validation and 40 % for the test leave nothing"),
    ],
)
def test_what_cannot_be_split_says_why(tmp_path: Path, values: dict[str, Any], sentence: str) -> None:
    with opened(tmp_path) as source, pytest.raises(DataError, match=sentence):
        split(source, **values)


def test_a_time_that_is_missing_is_named(tmp_path: Path) -> None:
    times = np.where(np.arange(COUNT) == 42, np.nan, ARRAYS["when"])
    with opened(tmp_path, ARRAYS | {"when": times}) as source, pytest.raises(DataError, match="no value at index 42"):
        split(source, split="time", split_column="when")


def found(tmp_path: Path, arrays: Mapping[str, Any], **values: Any) -> Checked:
    truth = OutputTraining("out", KerasObject("SparseCategoricalCrossentropy"))
    ends = [Endpoint("in", (None, *np.shape(arrays["x"])[1:]), "float32")], [Endpoint("out", (None, 9), "f4", truth)]
    with opened(tmp_path, arrays) as source:
        return checked(source, [Binding("in", ("x",)), Binding("out", ("y",))], *ends, split_of(values))


def told(checked_data: Checked) -> list[tuple[str, str, dict[str, Any]]]:
    """Without the remark that few samples validate, which is true of most of these, and has tests of its own."""
    told = [item for item in checked_data.problems if item.severity != "note" and item.kind != "small_validation"]
    return [(item.severity, item.kind, _changes(item)) for item in told]


def _changes(problem: DataProblem) -> dict[str, Any]:
    return {change.path[0]: change.value for change in problem.mend.changes} if problem.mend else {}  # type: ignore[union-attr]


def test_one_click_splits_sorted_data_evenly(tmp_path: Path) -> None:
    """The mend leaves nothing to say."""
    arrays = {"x": RANDOM.random((90, 4)), "y": np.repeat(np.arange(3), 30)}
    before = found(tmp_path, arrays)
    assert told(before) == [("warning", "sorted", {"split": "stratified"})]
    after = found(tmp_path, arrays, split="stratified")
    assert told(after) == [] and after.counts is not None
    (classes,) = after.counts.classes
    assert (classes.training, classes.validation, classes.test) == ((24, 24, 24), (6, 6, 6), (0, 0, 0))


def test_a_class_that_only_validates_or_tests_is_told(tmp_path: Path) -> None:
    labels = np.where(np.isin(np.arange(90), (88, 89)), 2, np.arange(90) % 2)
    checked_data = found(tmp_path, {"x": RANDOM.random((90, 4)), "y": labels}, validation_percent=10, test_percent=5)
    assert told(checked_data) == [("warning", "untrained", {"split": "stratified"})]
    untrained = next(each for each in checked_data.problems if each.kind == "untrained")
    assert str(untrained.text).startswith("a.npz: 2 in y is only among samples that do not train")


def test_samples_that_also_train_are_told(tmp_path: Path) -> None:
    x = RANDOM.random((90, 4))
    x[80] = x[7]
    checked_data = found(tmp_path, {"x": x, "y": np.arange(90) % 3})
    assert told(checked_data) == [("warning", "leak", {})]
    assert "1 samples that validate or test" in str(checked_data.problems[0].text)
    assert "index 80 is the same as that at index 7" in str(checked_data.problems[0].text)


def test_what_was_not_compared_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "_HASHED_SAMPLES", 20)
    x = RANDOM.random((90, 4))
    x[80] = x[7]
    x[75] = x[40]  # neither of the two is looked at
    problems = found(tmp_path, {"x": x, "y": np.arange(90) % 3}).problems
    problem = next(each for each in problems if each.kind == "leak")
    assert str(problem.text).startswith("a.npz: 20 of 90 samples were compared, and 1 of them")
    assert told(found(tmp_path, {"x": x, "y": np.arange(90) % 3}, validation_percent=0)) == []


def test_groups_in_two_parts_are_told(tmp_path: Path) -> None:
    arrays = {"x": RANDOM.random((90, 4)), "y": np.arange(90) % 3, "patient_id": np.arange(90) % 30}
    assert told(found(tmp_path, arrays)) == [("warning", "leak", {"split": "group", "split_column": "patient_id"})]
    assert told(found(tmp_path, arrays, split="group", split_column="patient_id")) == []


def test_parts_without_samples_are_errors(tmp_path: Path) -> None:
    arrays = {"x": RANDOM.random((2, 4)), "y": np.arange(2)}
    assert told(found(tmp_path, arrays, validation_percent=60)) == [("error", "split", {"validation_percent": 0})]
    few = {"x": RANDOM.random((9, 4)), "y": np.arange(9) % 3, "g": np.arange(9) // 5}
    checked_data = found(tmp_path, few, split="group", split_column="g", validation_percent=5)
    assert told(checked_data) == [("error", "split", {"validation_percent": 0})]
    assert SplitSpec() == split_of({"validation_percent": 0})
