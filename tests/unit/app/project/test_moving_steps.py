"""Steps of preparation become boxes behind an input and steps again, with their settings, in one step each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from app.project.findings.data import data_problems
from app.project.preparing.before import WORDS_INSIDE, mends_before, move_before, why_not_before
from app.project.preparing.inside import move_inside, why_not_inside
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.edits import EditError
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.keras_format.functional import model_json
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column
from tests.unit.graph_editor.document.test_commands import CATALOG

COLUMNS = {
    column.name: column
    for column in (
        Column("age", (), "float64", 9, "number"),
        Column("income", (), "float64", 9, "number"),
        Column("town", (), "int64", 9, "category", categories=("부산", "서울")),
        Column("remark", (), "object", 9, "text"),
        Column("code", (), "int64", 9, "number"),
        Column("photo", (28, 28, 3), "uint8", 9, "image"),
        Column("label", (), "int64", 9, "category"),
    )
}


class Project:
    """An input with columns that have steps, and a Dense behind it."""

    def __init__(self, shape: list[int], behind: str = "Dense", **steps: list[dict[str, Any]]) -> None:
        self.document = Document("3.15", "m")
        self.history = History(self.document, FOLLOW_UPS)
        self._add("InputLayer", {"batch_shape": [None, *shape], "dtype": "float32"}, None)
        end = self._add(behind, None, next(iter(self.document.graph.calls)))
        self.history.do("output", commands.set_output(self.document, TensorRef(end), True))
        data = {
            "columns": {name: {"steps": written} for name, written in steps.items() if written},
            "bindings": {"input": list(steps), "dense": ["label"]},
            "shuffle": False,
        }
        self.history.do("data", commands.set_data(self.document, copy.deepcopy(data)))

    def _add(self, class_name: str, config: dict[str, Any] | None, after: str | None) -> str:
        source = TensorRef(after) if after is not None else None
        edits, call = commands.add_layer(self.document, class_name, "keras.layers", None, (0, 0), CATALOG, after=source)
        self.history.do("add", edits)
        if config:
            for key, value in config.items():
                operation = self.document.operation_of(call).id
                self.history.do("set", commands.set_parameter(self.document, operation, key, value))
        return call

    def inside(self, target: str = "input") -> None:
        self.history.do("inside", move_inside(self.document, CATALOG, target, COLUMNS))

    def before(self, target: str = "input") -> None:
        self.history.do("before", move_before(self.document, CATALOG, target, COLUMNS))

    def boxes(self) -> dict[str, tuple[str, list[str]]]:
        """Name -> class and the names of those that feed it."""
        graph = self.document.graph
        return {
            graph.operation_of(call).name: (
                graph.operation_of(call).class_name,
                [graph.operation_of(edge.source.call).name for edge in graph.edges_into(call)],
            )
            for call in graph.calls
        }

    def config(self, name: str) -> dict[str, Any]:
        operation = self.document.graph.operation_named(name)
        assert operation is not None, name
        return dict(operation.config)

    def state(self) -> Any:
        return copy.deepcopy((self.boxes(), dict(self.document.data), model_json(self.document)))


NORMALIZE = {"step": "normalize"}
CLIP = {"step": "clip", "low": -3.0, "high": 3.0}


def test_equal_columns_go_through_one_box_each_and_back() -> None:
    project = Project([2], age=[NORMALIZE, CLIP], income=[NORMALIZE, CLIP])
    before = project.state()
    project.inside()
    boxes = project.boxes()
    assert boxes["normalization"] == ("Normalization", ["input"])
    assert boxes["clip"] == ("Clip", ["normalization"])
    assert boxes["dense"] == ("Dense", ["clip"])
    assert project.config("normalization")["axis"] == -1
    assert project.config("clip")["x_min"] == -3.0
    assert "columns" not in project.document.data
    assert project.document.data["bindings"]["input"] == ["age", "income"]
    inside = project.state()
    project.before()
    assert project.state() == before
    project.history.undo()
    assert project.state() == inside, "one step each"
    project.history.undo()
    assert project.state() == before


def test_columns_with_other_steps_get_an_input_each_and_come_together_again() -> None:
    fill = {"step": "fill", "with": "mean"}
    project = Project([4], age=[fill, NORMALIZE], town=[{"step": "one_hot"}], income=[])
    before = project.state()
    project.inside()
    boxes = project.boxes()
    assert boxes["concatenate"] == ("Concatenate", ["normalization", "string_lookup", "income"])
    assert boxes["dense"] == ("Dense", ["concatenate"])
    assert (project.config("town")["dtype"], project.config("town")["batch_shape"]) == ("string", [None, 1])
    assert project.config("string_lookup")["vocabulary"] == ["부산", "서울"], "its classes, in their order"
    assert project.config("input")["batch_shape"] == [None, 1]
    data = project.document.data
    assert data["bindings"] == {"input": ["age"], "town": ["town"], "income": ["income"], "dense": ["label"]}
    assert data["columns"] == {"age": {"steps": [fill]}}, "what Keras has no layer for stays before the model"
    assert len(project.document.graph.input_refs()) == 3
    for target in ("input", "town", "income"):
        project.before(target)
        assert project.boxes()["dense"] == ("Dense", ["input"])
        assert project.document.data["bindings"] == before[1]["bindings"]
        assert project.document.data["columns"] == before[1]["columns"]
        assert project.config("input")["batch_shape"] == [None, 4]
        project.history.undo()


def test_texts_become_words_behind_an_input_of_strings() -> None:
    vectorize = {"step": "text_vectorization", "output_sequence_length": 12, "max_tokens": 500}
    project = Project([12], remark=[vectorize])
    project.inside()
    assert (project.config("input")["batch_shape"], project.config("input")["dtype"]) == ([None, 1], "string")
    assert project.config("text_vectorization")["output_sequence_length"] == 12
    project.before()
    assert project.config("input")["batch_shape"] == [None, 12]
    assert project.document.data["columns"]["remark"]["steps"] == [vectorize]
    vector = {"step": "text_vectorization", "output_mode": "multi_hot"}
    wide = Project([300], remark=[vector])
    wide.inside()
    assert wide.config("input")["batch_shape"] == [None], "else Keras is wrong about the shape"
    assert wide.config("text_vectorization")["vocabulary_size"] == 300
    wide.before()
    assert wide.config("input")["batch_shape"] == [None, 300]


def test_pictures_keep_their_order_of_steps() -> None:
    steps: list[dict[str, Any]] = [{"step": "resize", "height": 14, "width": 14}, {"step": "grey"}, {"step": "scale"}]
    project = Project([14, 14, 1], photo=steps)
    before = project.state()
    project.inside()
    assert [name for name, (_, feeds) in project.boxes().items() if feeds] == [
        "dense", "resizing", "rgb_to_grayscale", "rescaling"
    ]  # fmt: skip
    assert project.config("input")["batch_shape"] == [None, 28, 28, 3]
    project.before()
    assert project.document.data["columns"] == before[1]["columns"]
    assert project.config("input")["batch_shape"] == [None, 14, 14, 1]


def test_boxes_that_are_no_steps_stay() -> None:
    project = Project([2], age=[NORMALIZE], income=[NORMALIZE])
    project.inside()
    normalization = next(call for call in project.document.graph.calls
                         if project.document.operation_of(call).name == "normalization")  # fmt: skip
    project.history.do("output", commands.set_output(project.document, TensorRef(normalization), True))
    assert str(why_not_before(project.document, CATALOG, "input", COLUMNS)) == (
        "No box behind input is a step of preparation."
    )


@pytest.mark.parametrize(
    ("shape", "steps", "sentence"),
    [
        ([1], {"age": []}, "The columns of input have no steps."),
        ([1], {"age": [{"step": "fill"}]}, "Keras has no layer that fills missing values."),
        ([1], {"age": [{"step": "to_range"}]}, "Keras has no layer that learns a range"),
        ([1], {"age": [{"step": "grey"}]}, "age: Grey takes pictures"),
        ([1], {"age": [{"step": "scale", "scale": "x"}]}, "age: The setting times is x"),
        ([9], {"gone": [NORMALIZE]}, "The data have no column gone."),
    ],
)
def test_why_a_step_cannot_be_inside(shape: list[int], steps: dict[str, Any], sentence: str) -> None:
    project = Project(shape, **steps)
    before = project.state()
    with pytest.raises(EditError, match=sentence):
        project.inside()
    reason = why_not_inside(project.document, CATALOG, "input", COLUMNS)
    assert reason is not None and sentence in str(reason)
    assert project.state() == before


def test_an_input_that_is_none() -> None:
    project = Project([2], age=[NORMALIZE])
    for name in ("dense", "nobody"):
        assert str(why_not_inside(project.document, CATALOG, name, COLUMNS)) == f"{name} is no input of the model."
        assert str(why_not_before(project.document, CATALOG, name, COLUMNS)) == f"{name} is no input of the model."


def test_words_that_a_backend_cannot_hold_are_kept_before_the_model_with_one_click() -> None:
    """The problem of the check brings the whole move as its mend; where no box is a step there is none."""
    project = Project([2], town=[{"step": "string_lookup", "output_mode": "multi_hot"}])
    before = copy.deepcopy(project.document.data)
    project.inside()
    problem = DataProblem("error", Text("words"), "input", kind=WORDS_INSIDE)
    mends = mends_before(project.document, CATALOG, [problem], list(COLUMNS.values()))
    (found,) = data_problems(project.document, [problem], {WORDS_INSIDE: mends})
    assert found.kind == "data.words_inside" and found.mend is not None
    assert found.mend.text.english() == "Keep the steps of input before the model"
    project.history.do("mend", list(found.mend.edits))
    assert project.document.data["columns"] == before["columns"]
    assert project.config("input")["dtype"] == "float32"
    assert mends_before(project.document, CATALOG, [problem], list(COLUMNS.values())) == {}
    assert mends_before(project.document, CATALOG, [DataProblem("error", Text("no"), "input")], ()) == {}
