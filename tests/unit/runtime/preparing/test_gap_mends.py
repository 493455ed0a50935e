"""Missing values are mended by what the check proposes: after it, the same check finds nothing wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.messages.checking import CheckData, DataProblem, Endpoint, Ids, SettingChange
from runtime.messages.preparing import Preparing
from runtime.spec import Binding, ColumnSpec, DataSource, DataSpec, KerasObject, OutputTraining, Step, Windows
from runtime.splits import SplitSpec
from runtime.worker.data.answering.answers import check_data
from runtime.worker.data.opening import Sources

ROWS = 30
SPLIT = SplitSpec(validation_percent=20)
TRUTH = OutputTraining("y", KerasObject("MeanSquaredError"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))


def table(tmp_path: Path, **gaps: str) -> DataSource:
    """A CSV in which some rows of the named columns hold something else."""
    lines = ["age,size,town,target"]
    for row in range(ROWS):
        cells = {"age": str(20 + row), "size": f"{row / 7:.3f}", "town": "Seoul" if row % 2 else "Busan",
                 "target": f"{row * 1.5}"}  # fmt: skip
        if row in (4, 9):
            cells |= gaps
        lines.append(",".join(cells.values()))
    (tmp_path / "people.csv").write_text("\n".join(lines), "utf-8")
    return DataSource("csv", str(tmp_path / "people.csv"))


def asked(source: DataSource, columns: dict[str, ColumnSpec], inputs: dict[str, tuple[str, ...]], **ends: Any) -> Any:
    given = tuple(ends.get(name) or Endpoint(name, (None, len(bound)), "float32") for name, bound in inputs.items())
    bindings = (*(Binding(name, bound) for name, bound in inputs.items()), Binding("y", ("target",)))
    data = DataSpec((source,), columns, windows=ends.get("windows"))
    return CheckData(1, data, bindings, given, (Endpoint("y", (None, 1), "float32", TRUTH),), SPLIT)


def errors(question: CheckData) -> list[DataProblem]:
    answer = check_data(question, Sources(), lambda: True)
    return [problem for problem in answer.problems if problem.severity == "error"]


def mended(columns: dict[str, ColumnSpec], problem: DataProblem) -> dict[str, ColumnSpec]:
    """The columns after what the problem proposes."""
    assert problem.mend is not None, problem
    after = dict(columns)
    for change in problem.mend.changes:
        assert isinstance(change, SettingChange) and change.section == "data"
        where, name, what = change.path
        assert (where, what) == ("columns", "steps")
        steps: Any = change.value
        after[name] = ColumnSpec(
            columns.get(name, ColumnSpec()).kind,
            tuple(Step(one["step"], {key: value for key, value in one.items() if key != "step"}) for one in steps),
        )
    return after


@pytest.mark.parametrize(
    ("gaps", "words", "steps"),
    [
        ({"age": ""}, "Fill the gaps of age with the mean", {"age": "fill"}),
        ({"age": "NaN", "size": ""}, "Fill the gaps of 2 columns with the mean", {"age": "fill", "size": "fill"}),
        ({"target": ""}, "Leave out the samples without target", {"target": "drop_missing"}),
    ],
)
def test_one_click_mends_the_gaps_of_an_end(
    tmp_path: Path, gaps: dict[str, str], words: str, steps: dict[str, str]
) -> None:
    source, scaled = table(tmp_path, **gaps), {"age": ColumnSpec(steps=(Step("normalize"),))}
    (problem,) = errors(asked(source, scaled, {"x": ("age", "size")}))
    assert problem.mend is not None and problem.mend.text.english() == words
    after = mended(scaled, problem)
    assert {name: after[name].steps[0].step for name in steps} == steps
    assert after["age"].steps[-1].step == "normalize", "what a person has chosen stays"
    assert errors(asked(source, after, {"x": ("age", "size")})) == []


def test_words_and_ids_are_filled_with_the_most_frequent(tmp_path: Path) -> None:
    ids = Endpoint("x", (None, 1), "int32", ids=Ids("embedding", 100))
    source = table(tmp_path, age="")
    (problem,) = errors(asked(source, {}, {"x": ("age",)}, x=ids))
    assert problem.mend is not None
    assert problem.mend.text.english() == "Fill the gaps of age with the most frequent value"
    assert errors(asked(source, mended({}, problem), {"x": ("age",)}, x=ids)) == []


def test_a_label_that_goes_in_too_is_left_out_and_not_invented(tmp_path: Path) -> None:
    source = table(tmp_path, target="")
    for problem in errors(asked(source, {}, {"x": ("target",)})):
        after = mended({}, problem)
        assert [step.step for step in after["target"].steps] == ["drop_missing"]
        assert errors(asked(source, after, {"x": ("target",)})) == []


def test_rows_in_windows_are_mended_as_well(tmp_path: Path) -> None:
    windows, end = Windows(4), Endpoint("x", (None, 4), "float32")
    source = table(tmp_path, age="")
    (problem,) = errors(asked(source, {}, {"x": ("age",)}, x=end, windows=windows))
    assert errors(asked(source, mended({}, problem), {"x": ("age",)}, x=end, windows=windows)) == []


def test_training_gets_the_samples_that_are_left(tmp_path: Path) -> None:
    source = table(tmp_path, target="")
    (problem,) = errors(asked(source, {}, {"x": ("age",)}))
    data = DataSpec((source,), mended({}, problem))
    prepared = Sources().prepared(data, Preparing(SPLIT, ("target",)), lambda: True)
    assert prepared.shape("target")[0] == ROWS - 2
