"""What is wrong with names of metrics and with callbacks, as `check` and the window list it, and what mends it."""

from typing import Any

import pytest

from app.project.project_questions import rule_problems
from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import ObjectSpec
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Document
from graph_editor.document.history import History

Json = Any


def project(metrics: Json, callbacks: Json) -> Document:
    document = next(template for template in TEMPLATES if template.key == "digits").open()
    outputs = {
        "digit": {"loss": "SparseCategoricalCrossentropy", "metrics": metrics},
        "is_even": {"loss": "BinaryCrossentropy", "metrics": ["AUC"]},
    }
    document.training = {**document.training, "outputs": outputs, "callbacks": callbacks}
    return document


def found(document: Document, catalog: Catalog | None = None) -> list[Problem]:
    areas = ("training.metric_name", "training.callback", "training.monitor", "training.direction")
    problems = rule_problems(document, catalog or Catalog.load(), {})
    return [problem for problem in problems if problem.kind in areas]


def mended(document: Document, problem: Problem) -> None:
    assert problem.mend is not None
    History(document, FOLLOW_UPS).do(problem.mend.text, problem.mend.edits)


@pytest.mark.parametrize("name", ["loss", "val_loss"])
def test_a_metric_in_place_of_a_loss_is_refused_and_mended(name: str) -> None:
    document = project(["accuracy", {"class_name": "AUC", "config": {"name": name}}], {})
    problems = found(document)
    if name == "val_loss":  # digit_val_loss hides nothing
        assert problems == []
        return
    (problem,) = problems
    assert problem.is_error and "digit_loss, in place of the loss" in problem.text.english()
    mended(document, problem)
    assert document.training["outputs"]["digit"]["metrics"][1]["config"]["name"] == "loss_metric"
    assert found(document) == []


def test_two_metrics_of_one_name_are_told_apart_by_one_click() -> None:
    curve = {"class_name": "AUC", "config": {"curve": "PR"}}
    document = project(["AUC", curve], {})
    (problem,) = found(document)
    mended(document, problem)
    config = document.training["outputs"]["digit"]["metrics"][1]["config"]
    assert config["curve"] == "PR" and config["name"] != "auc"
    assert found(document) == []


def test_an_unknown_argument_and_a_wrong_value_are_named_and_mended() -> None:
    document = project(["accuracy"], {"early_stopping": {"patiance": 3, "patience": "many"}, "magic": {}})
    texts = [problem.text.english() for problem in found(document)]
    assert texts[0].startswith("Early stopping has no patiance;")
    assert texts[1].startswith("The setting patience of Early stopping is many;")
    assert texts[2] == "There is no callback magic."
    for _ in range(3):
        mended(document, found(document)[0])
    assert found(document) == [] and document.training["callbacks"] == {"early_stopping": {}}


def test_a_metric_that_is_not_there_is_said_before_training() -> None:
    document = project(["accuracy"], {"best_checkpoint": {"monitor": "val_accuracy"}})
    (problem,) = found(document)
    assert "watches val_accuracy, which a run of this model will not have" in problem.text.english()
    mended(document, problem)
    assert document.training["callbacks"]["best_checkpoint"]["monitor"] == "val_loss"


@pytest.mark.parametrize("monitor", ["val_digit_accuracy", "is_even_auc", "loss", "val_is_even_loss"])
def test_what_a_run_will_have_can_be_watched(monitor: str) -> None:
    assert found(project(["accuracy"], {"early_stopping": {"monitor": monitor}})) == []


def test_the_worst_taken_for_the_best_is_remarked() -> None:
    document = project(["accuracy"], {"best_checkpoint": {"monitor": "val_digit_accuracy", "mode": "min"}})
    (problem,) = found(document)
    assert not problem.is_error and "of that, higher is better" in problem.text.english()
    mended(document, problem)
    assert found(document) == []


def test_own_metrics_are_asked_about_where_nobody_says_what_is_better() -> None:
    catalog = Catalog.load()
    specs = [
        ObjectSpec("Skill", "metrics", "mine>Skill", own_module="mine", logged="skill"),
        ObjectSpec("Cost", "metrics", "mine>Cost", own_module="mine", logged="cost", direction="min"),
    ]
    metrics = [{"class_name": "mine>Skill", "config": {}}, {"class_name": "mine>Cost", "config": {}}]
    watched = {"best_checkpoint": {"monitor": "val_digit_skill"}, "early_stopping": {"monitor": "val_digit_cost"}}
    document = project(metrics, watched)
    assert found(document, catalog) == []  # its code was not run: nothing is known, and nothing said
    catalog._custom_objects = tuple(specs)
    (problem,) = found(document, catalog)
    assert problem.is_error and "Keras does not say whether val_digit_skill is better" in problem.text.english()
    watched["best_checkpoint"]["mode"] = "max"
    assert found(project(metrics, watched), catalog) == []
