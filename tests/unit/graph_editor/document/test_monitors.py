"""What callbacks watch follows names of outputs and metrics, within the step, and undo brings it back."""

from typing import Any

import pytest

from app.project.templates import TEMPLATES
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetIn, SetTraining
from graph_editor.document.files.file_format import dumps
from graph_editor.document.history import History
from resources.text import Text

Json = Any


@pytest.fixture
def document() -> Document:
    made = next(template for template in TEMPLATES if template.key == "digits").open()
    outputs = {
        "digit": {"loss": "SparseCategoricalCrossentropy", "metrics": ["accuracy"]},
        "is_even": {"loss": "BinaryCrossentropy", "metrics": ["accuracy", "AUC"]},
    }
    callbacks = {
        "best_checkpoint": {"monitor": "val_digit_accuracy", "mode": "max"},
        "early_stopping": {"monitor": "digit_loss", "patience": 3},
        "reduce_on_plateau": {"monitor": "val_is_even_auc"},
    }
    made.training = {**made.training, "outputs": outputs, "callbacks": callbacks}
    return made


def history_of(document: Document) -> History:
    return History(document, FOLLOW_UPS)


def monitors(document: Document) -> dict[str, str]:
    return {key: values.get("monitor") for key, values in document.training["callbacks"].items()}


def rename(document: Document, old: str, new: str) -> list[Edit]:
    key = next(key for key, item in document.graph.operations.items() if item.name == old)
    return list(commands.rename(document, key, new))


def output(document: Document, name: str) -> Any:
    return next(ref for ref in document.graph.output_refs() if document.graph.operation_of(ref.call).name == name)


def step(history: History, document: Document, edits: list[Edit]) -> None:
    """Do it; it has to come undone to the byte."""
    before = dumps(document)
    history.do(Text("Step"), edits)
    after = dumps(document)
    history.undo()
    assert dumps(document) == before
    history.redo()
    assert dumps(document) == after


def test_monitors_follow_a_renamed_output(document: Document) -> None:
    history = history_of(document)
    step(history, document, rename(document, "digit", "cls"))
    assert monitors(document) == {
        "best_checkpoint": "val_cls_accuracy",
        "early_stopping": "cls_loss",
        "reduce_on_plateau": "val_is_even_auc",
    }
    assert document.training["callbacks"]["early_stopping"]["patience"] == 3
    step(history, document, rename(document, "is_even", "digit"))  # a name that another one had
    assert monitors(document)["reduce_on_plateau"] == "val_digit_auc"
    assert monitors(document)["best_checkpoint"] == "val_cls_accuracy"


def test_metrics_that_are_only_suggested_are_followed_too(document: Document) -> None:
    document.training = {**document.training, "outputs": {"digit": {}, "is_even": {}}}
    step(history_of(document), document, rename(document, "digit", "cls"))
    assert monitors(document)["best_checkpoint"] == "val_cls_accuracy"
    assert monitors(document)["early_stopping"] == "cls_loss"


def test_with_one_output_names_lose_what_is_put_before_them_and_get_it_back(document: Document) -> None:
    history = history_of(document)
    step(history, document, list(commands.set_output(document, output(document, "is_even"), False)))
    assert monitors(document) == {
        "best_checkpoint": "val_accuracy",
        "early_stopping": "loss",
        "reduce_on_plateau": "val_is_even_auc",  # it is gone: the list of problems says so
    }


def test_monitors_follow_a_metric_with_another_name(document: Document) -> None:
    history = history_of(document)
    named = [{"class_name": "AUC", "config": {"name": "area"}}]
    step(history, document, [SetIn("training", ("outputs", "is_even", "metrics"), ["accuracy", *named])])
    assert monitors(document)["reduce_on_plateau"] == "val_is_even_area"
    step(history, document, [SetIn("training", ("outputs", "is_even", "metrics"), named)])  # it stands first now
    assert monitors(document)["reduce_on_plateau"] == "val_is_even_area"
    step(history, document, [SetIn("training", ("outputs", "is_even", "metrics"), ["mae"])])
    assert monitors(document)["reduce_on_plateau"] == "val_is_even_area"


def test_what_is_chosen_in_the_same_step_stays(document: Document) -> None:
    callbacks = {**document.training["callbacks"], "best_checkpoint": {"monitor": "val_loss"}}
    edits = [*rename(document, "digit", "cls"), SetTraining({**document.training, "callbacks": callbacks})]
    step(history_of(document), document, edits)
    assert monitors(document)["best_checkpoint"] == "val_loss"


@pytest.mark.parametrize("callbacks", [None, [], {"early_stopping": 5}, {"early_stopping": {"monitor": 7}}])
def test_what_cannot_be_read_is_left_as_it_is(document: Document, callbacks: Json) -> None:
    document.training = {**document.training, "callbacks": callbacks}
    step(history_of(document), document, rename(document, "digit", "cls"))
    assert document.training["callbacks"] == callbacks
