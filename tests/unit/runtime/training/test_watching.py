"""What callbacks call the best, and what they do then (watching.py), with the installed Keras."""

import json
from typing import Any

import pytest

from tests.support.fresh_python import run_keras

Json = Any
NEVER = "val_score was never a number in this run (NaN or infinite), so no epoch is called the best."


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("watching")
    run_keras("-m", "tests.unit.runtime.training.watching", folder)
    return json.loads((folder / "results.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["never", "infinite", "up_lost"])
def test_what_was_never_a_number_is_never_the_best(results: Json, name: str) -> None:
    facts = results[name]
    assert (facts["saved"], facts["file"], facts["stopped"]) == ([], False, 1)
    assert facts["weights"] == 1.0  # those of the epoch in which it ended: there are no better ones to go back to
    assert facts["rate"] == 0.5
    assert sorted(facts["notes"]) == [
        "Early stopping after epoch 2: val_score is no number (NaN or infinite).",
        NEVER,
    ]


@pytest.mark.parametrize(
    ("name", "saved", "stopped", "best"),
    [
        ("late", [1, 2], None, 2),
        ("lost", [0, 1], 3, 1),
        ("below_all", [0, 2], None, 2),
        ("up", [0, 1], 3, 1),
        ("above_all", [0, 2], None, 2),
    ],
)
def test_the_best_of_numbers_is_kept_and_gone_back_to(
    results: Json, name: str, saved: list[int], stopped: int | None, best: int
) -> None:
    facts = results[name]
    assert (facts["saved"], facts["stopped"], facts["weights"]) == (saved, stopped, best)
    assert NEVER not in facts["notes"]
    if stopped is not None:
        assert f"Early stopping after epoch 4: val_score was best in epoch {best + 1}." in facts["notes"]


def test_names_and_directions_are_those_of_keras(results: Json) -> None:
    auto = results["auto"]
    assert set(auto["history"]) == {*auto["names"], *(f"val_{name}" for name in auto["names"])}
    assert {name: auto["ours"][name] for name in auto["keras"]} == auto["keras"]
    only_ours = {name: way for name, way in auto["ours"].items() if name not in auto["keras"]}
    assert only_ours == {"false_positives": "min", "true_positives": "max"}  # there is no doubt, but Keras says nothing
    assert (auto["ours"]["loss_rate"], auto["ours"]["accuracy_of_auc"]) == ("max", "min")


def test_own_metrics_say_themselves_what_is_better(results: Json) -> None:
    assert results["own"] == {"spread": None, "mean_absolute_error": "min", "skill": None, "mean_metric_wrapper": "min"}


def test_a_metric_keeps_the_number_that_its_name_has_and_loses_the_one_that_keras_counts_with(results: Json) -> None:
    assert results["numbered"]["made"] == ["hits_5", "misses", "misses", "hits_5", "auc", "auc"]
    assert results["numbered"]["told"] == {"Hits": "hits_5", "Misses": "misses"}
    assert results["numbered"]["problems"] == 0


def test_where_nobody_says_what_is_better_a_person_is_asked(results: Json) -> None:
    undecided = results["undecided"]
    assert (undecided["min"], undecided["max"]) == ("min", "max")
    assert undecided["auto"].startswith("Keras does not say whether val_score is better")
