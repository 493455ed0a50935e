"""What `check` says of a project of which everything is known."""

from pathlib import Path

import pytest

from app.cli.common.projects import Checked
from app.cli.verbs.check import as_json, print_for_people
from app.project.findings.data import data_problems
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import add_layer
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.edits import AddCall, AddOperation, SetIn
from graph_editor.document.graph import Call, Graph, Operation
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.checking import DataProblem, ProposedMend, SettingChange

PROPOSED = ProposedMend(Text("Divide by 255"), (SettingChange("data", ("scale",), 255),))
FOUND = (
    DataProblem("warning", Text("The pictures go up to 255."), "image", "image", "", "large", None, PROPOSED),
    DataProblem("note", Text("8×8 is taken as 8×8×1."), "image", "image"),
    DataProblem("error", Text("digit is 12 at line 4."), "digit", "digit", place=Text("line 4 of digit")),
)


def checked() -> Checked:
    stack = template("plain-stack")
    assert stack is not None
    document = stack.open()
    made = Checked(document, Path("p.lamella"))
    made.problems = [*problems(document, made.catalog), *data_problems(document, FOUND)]
    return made


def test_problems_and_remarks_are_told_apart() -> None:
    answer = as_json(checked())
    (problem,), (remark,) = answer["problems"], answer["remarks"]
    assert list(problem) == ["severity", "kind", "call", "layer", "place", "text", "detail", "mend"]
    assert [problem[key] for key in ("severity", "kind", "layer", "place", "mend")] == [
        "error", "data", "digit", "line 4 of digit", None,
    ]  # fmt: skip
    assert [remark[key] for key in ("severity", "kind", "layer", "place", "mend")] == [
        "warning", "data.large", "image", "column image", "Divide by 255",
    ]  # fmt: skip


def test_people_read_problems_first_and_what_is_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    print_for_people(checked())
    printed = capsys.readouterr().out
    assert printed.endswith(
        "\nError: digit is 12 at line 4.\n\n"
        "Remark: The pictures go up to 255.\n  In the window one click does this: Divide by 255\n\n"
        "lamella mend --remarks p.lamella does the same.\n"
    )
    sound = checked()
    sound.problems = sound.remarks
    print_for_people(sound)
    assert "\nNo problems.\n\nRemark: " in capsys.readouterr().out


def test_a_model_without_an_output_is_mended() -> None:
    document = checked().document
    outputs = document.graph.output_refs()
    history = History(document, ())
    document.graph.outputs = []
    (problem,) = [entry for entry in problems(document, checked().catalog) if entry.kind == "no_output"]
    assert problem.mend is not None and problem.mend.text == Text("Make {layer} an output", {"layer": "digit"})
    history.do(problem.mend.text, problem.mend.edits)
    assert document.graph.output_refs() == outputs


def test_setting_one_value_leaves_the_others() -> None:
    document = Document()
    history = History(document, ())
    document.training = {"epochs": 3, "outputs": {"a": {"loss": "mse"}, "b": 5}}
    history.do("x", [SetIn("training", ("outputs", "a", "weight"), 2.0)])
    assert document.training == {"epochs": 3, "outputs": {"a": {"loss": "mse", "weight": 2.0}, "b": 5}}
    history.do("x", [SetIn("training", ("outputs", "b", "loss"), "mae")])
    assert document.training["outputs"]["b"] == {"loss": "mae"}
    history.undo()
    history.undo()
    assert document.training == {"epochs": 3, "outputs": {"a": {"loss": "mse"}, "b": 5}}


def test_no_output_is_proposed_of_a_model_without_one() -> None:
    document = Document()
    history = History(document, ())
    edits, _ = add_layer(document, "InputLayer", "keras.layers", None, (0, 0), Catalog.load())
    history.do("input", edits)
    document.graphs["inner"] = Graph("inner")
    history.do(
        "model", [AddOperation(Operation("m", "Functional", {"name": "m"}, graph="inner")), AddCall(Call("c", "m"))]
    )
    (problem,) = [entry for entry in problems(document, Catalog.load()) if entry.kind == "no_output"]
    assert problem.mend is None
