"""The desktop's questions about prepared data: what a check sees, samples behind steps, what steps have learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from runtime.messages.checking import CheckData, Endpoint
from runtime.messages.looking import PreviewData
from runtime.messages.preparing import LearnData, Preparing
from runtime.spec import Binding, ColumnSpec, DataSource, DataSpec, KerasObject, OutputTraining, Step, Windows
from runtime.splits import SplitSpec
from runtime.worker.data.answering.answers import check_data, learn_data, preview_data
from runtime.worker.data.opening import Sources
from runtime.worker.process.control import CancelledError

TABLE = "age,town,label\n10,Seoul,no\n,Busan,yes\n30,,no\n50,Seoul,yes\n1000,Seoul,yes\n"
STEPS = {
    "age": ColumnSpec(steps=(Step("fill", {"with": "mean"}), Step("normalize"))),
    "town": ColumnSpec(steps=(Step("fill", {"value": "none"}), Step("string_lookup", {"output_mode": "count"}))),
    "label": ColumnSpec(),
}
HOW = Preparing(SplitSpec(validation_percent=20), ("label",))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))


def spec(folder: Path, columns: dict[str, ColumnSpec] = STEPS, text: str = TABLE) -> DataSpec:
    file = folder / "people.csv"
    file.write_text(text, "utf-8")
    return DataSpec((DataSource("csv", str(file)),), columns)


def always() -> bool:
    return True


def test_a_check_looks_at_what_comes_out_of_the_steps(tmp_path: Path) -> None:
    sources = Sources()
    outputs = (Endpoint("y", (None, 1), "float32", OutputTraining("y", KerasObject("BinaryCrossentropy"))),)
    bindings = (Binding("x", ("age", "town")), Binding("y", ("label",)))

    def found(columns: dict[str, ColumnSpec], size: int) -> list[str]:
        inputs = (Endpoint("x", (None, size), "float32"),)
        question = CheckData(1, spec(tmp_path, columns), bindings, inputs, outputs, HOW.split)
        problems = check_data(question, sources, always).problems
        return [problem.text.english() for problem in problems if problem.severity == "error"]

    assert found(STEPS, 5) == [], "one number, and one for each of three words and the unknown one"
    assert found(STEPS, 3) == [
        "The input x takes samples of shape 3, but the 2 columns that are bound make 5 numbers: age, town."
    ]
    assert "missing" in found({}, 2)[0]
    (wrong,) = found({"age": ColumnSpec(steps=(Step("log"),))}, 2)
    assert "missing" in wrong
    (unknown,) = found({"age": ColumnSpec(steps=(Step("squeeze"),))}, 2)
    assert unknown == "age, step 1: The step squeeze is unknown."


@pytest.mark.parametrize(
    ("backend", "kinds"), [("tensorflow", []), ("jax", ["words_inside"]), ("torch", ["words_inside"])]
)
def test_words_inside_a_model_are_a_problem_where_the_backend_holds_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, kinds: list[str]
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", backend)
    inputs = (Endpoint("x", (None, 1), "string"), Endpoint("age", (None, 1), "float32"))
    bindings = (Binding("x", ("town",)), Binding("age", ("age",)))
    asked = CheckData(
        1,
        spec(tmp_path, {}, TABLE.replace("\n,", "\n20,").replace("30,,", "30,Busan,")),
        bindings,
        inputs,
        (),
        HOW.split,
    )
    found = [problem for problem in check_data(asked, Sources(), always).problems if problem.kind]
    assert [(problem.kind, problem.target, problem.severity) for problem in found] == [
        (kind, "x", "error") for kind in kinds
    ]
    assert all("which only TensorFlow holds" in problem.text.english() for problem in found)


def test_samples_come_as_they_are_or_behind_their_steps(tmp_path: Path) -> None:
    sources = Sources()
    question = PreviewData(1, spec(tmp_path), ("age",), 4)
    raw = preview_data(question, sources, always).columns[0]
    assert np.frombuffer(raw.data, raw.dtype).tolist()[0] == 10
    prepared = preview_data(PreviewData(1, question.data, ("age",), 4, how=HOW), sources, always).columns[0]
    values = np.frombuffer(prepared.data, prepared.dtype)
    assert values[1] == pytest.approx(0, abs=1e-6) and values.std() == pytest.approx(1, abs=1e-6)


def test_what_steps_have_learnt_can_be_seen(tmp_path: Path) -> None:
    sources = Sources()
    question = LearnData(1, spec(tmp_path), ("age", "town", "label", "gone"), HOW)
    age, town, label, gone = learn_data(question, sources, always).columns
    fill, normalize = age.steps
    assert fill.numbers == (("fill", (30.0,)),)
    assert dict(normalize.numbers)["mean"] == (30.0,)
    assert dict(normalize.numbers)["deviation"][0] == pytest.approx(np.sqrt(200))
    assert (age.shape, age.dtype, age.error) == ((), "float32", None)
    assert town.steps[0].words == ("none",)
    lookup = town.steps[1]
    assert (lookup.words, lookup.counts) == (("Seoul", "none", "Busan"), (2, 1, 1))
    assert (lookup.size, lookup.distinct, town.shape) == (3, 3, (4,))
    assert label.steps == () and label.kind == "category"
    assert gone.error is not None and "has no column gone" in gone.error.english()


def test_learning_ends_when_nobody_waits(tmp_path: Path) -> None:
    sources = Sources()
    question = LearnData(1, spec(tmp_path), ("age",), HOW)
    with pytest.raises(CancelledError):
        learn_data(question, sources, lambda: False)
    assert learn_data(question, sources, always).columns[0].error is None


def test_a_file_that_has_changed_is_learnt_of_anew(tmp_path: Path) -> None:
    sources = Sources()

    def mean(text: str) -> float:
        column = learn_data(LearnData(1, spec(tmp_path, text=text), ("age",), HOW), sources, always).columns[0]
        return dict(column.steps[1].numbers)["mean"][0]

    assert mean(TABLE) == 30
    assert mean(TABLE.replace("10,Seoul", "100,Seoul")) == 60


def test_a_finding_tells_the_row_that_people_look_at(tmp_path: Path) -> None:
    """Whether steps have dropped samples before it, and windows have been made of the rest."""
    table = "x,y\n" + "".join(f"{'' if row in (1, 2) else row},{'' if row == 9 else row}\n" for row in range(12))
    drop = {"x": ColumnSpec(steps=(Step("drop_missing"),))}
    inputs, bindings = (Endpoint("y", (None, 1), "float32"),), (Binding("y", ("y",)),)

    def row(columns: dict[str, ColumnSpec], **more: Any) -> int | None:
        data = replace(spec(tmp_path, columns, table), **more)
        found = check_data(CheckData(1, data, bindings, inputs, (), HOW.split), Sources(), always).problems
        return next(problem.row for problem in found if problem.kind == "missing")

    assert row({}) == 9
    assert row(drop) == 9, "the seventh of those that are left"
    inputs = (Endpoint("y", (None, 3), "float32"),)
    assert row(drop, windows=Windows(3, stride=3)) == 8, "where the window begins that holds it"
