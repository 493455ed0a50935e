"""Inputs and outputs without a column are problems of the data, once there is data: check and window say the same."""

from dataclasses import replace
from typing import Any

import pytest

from app.project.export_formats import export_formats
from app.project.findings.data import unbound_problems
from app.project.project_questions import run_spec
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.checking.validation import place_of
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names, titles_of_ends
from graph_editor.document.history import History
from resources.text import Text
from runtime.spec import SpecError

FILE = {"kind": "csv", "path": "a.csv", "options": {}}
MADE_UP = {"kind": "random", "path": "", "options": {"columns": {"a": {"shape": [2]}}}}
DIGITS = {"image": ["a"], "digit": ["b"], "is_even": ["c"]}


def project(source: Any, bindings: Any) -> Document:
    entry = template("digits")
    assert entry is not None
    document = entry.open()
    document.data = {"sources": [source], "bindings": bindings}
    return document


@pytest.mark.parametrize("source", [FILE, MADE_UP])
@pytest.mark.parametrize(
    ("bindings", "missing"),
    [
        (DIGITS, []),
        ({"digit": ["b"], "is_even": ["c"]}, ["image"]),
        ({"image": ["a"], "digit": [], "is_even": "c"}, ["digit"]),
        ({"image": ["a"], "another": ["b"]}, ["digit", "is_even"]),
        (None, ["image", "digit", "is_even"]),
        (3, ["image", "digit", "is_even"]),
    ],
)
def test_what_has_no_column_is_named_and_refused_by_training(source: Any, bindings: Any, missing: list[str]) -> None:
    document = project(source, bindings)
    found = unbound_problems(document)
    assert [str(problem.text) for problem in found] == [f"{name} has no data column yet." for name in missing]
    for problem in found:
        assert (problem.severity, problem.kind, problem.call) == ("error", "data.unbound", None)
        assert problem.is_of_data and place_of(document, problem) == "Data"
    if missing:
        with pytest.raises(SpecError, match=f"{missing[0]} has no data column yet"):
            run_spec(document, None, "p")


@pytest.mark.parametrize("source", [None, {}, 3, {"kind": ""}, {"kind": "csv", "path": "", "options": {}}])
def test_nothing_is_said_before_data_is_chosen(source: Any) -> None:
    assert unbound_problems(project(source, {})) == []


def test_titles_are_shown() -> None:
    document = project(FILE, {"digit": ["b"], "is_even": ["c"]})
    image = document.graph.operation_named("image")
    assert image is not None
    document.graph.put_operation(replace(image, title="사진"))
    assert [str(problem.text) for problem in unbound_problems(document)] == ["사진 has no data column yet."]


def test_two_outputs_of_one_model_are_told_apart() -> None:
    document = project(FILE, DIGITS)
    calls = [ref.call for ref in document.graph.output_refs()]
    edits, _ = group(document, calls, Catalog.load(), lambda _ref: ((None, 8), "float32"), "n")
    History(document, FOLLOW_UPS).do(Text("Group"), edits)
    first, second = output_names(document.graph)
    document.data = {**document.data, "bindings": {"image": ["a"], first: ["b"]}}
    (problem,) = unbound_problems(document)
    assert str(problem.text) == f"{titles_of_ends(document)[second]} has no data column yet."


def test_no_export_is_hindered() -> None:
    found = unbound_problems(project(FILE, {}))
    assert len(found) == 3
    for form in export_formats():
        assert form.hindrances(found) == []
