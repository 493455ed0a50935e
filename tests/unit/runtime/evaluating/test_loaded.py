"""What an evaluator makes of trained models and their data, all in one process with Keras (loaded_facts.py)."""

import json
import re
from typing import Any

import pytest

from tests.support.fresh_python import run_keras

Json = Any


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("loaded")
    run_keras("-m", "tests.unit.runtime.evaluating.loaded_facts", folder)
    return json.loads((folder / "facts.json").read_text("utf-8"))


@pytest.mark.parametrize("name", ["digits", "houses", "sentences", "leaves", "without data.json"])
def test_a_sample_is_the_same_wherever_it_comes_from(facts: Json, name: str) -> None:
    """Chosen by its number, given by hand, read from another file, or fed in batches: bit for bit."""
    found = facts[name]
    assert found["row as fed"] and found["given as fed"] and found["other as fed"] and found["batches as taken"]
    assert set(found["all fed"].values()) == {found["count"]}
    assert found["called as predicted"] < 1e-5
    assert found["predicted as Keras does"] < 1e-6
    assert found["notes"] == []


def test_outputs_are_looked_at_as_what_they_are(facts: Json) -> None:
    assert facts["digits"]["kinds"] == {"digit": "classes", "is_even": "binary"}
    assert facts["digits"]["classes"] == {"digit": [str(digit) for digit in range(10)], "is_even": ["0", "1"]}
    assert facts["houses"]["kinds"] == {"price": "numbers"} and facts["houses"]["classes"] == {"price": []}
    assert facts["sentences"]["classes"] == {"intent": ["complaint", "praise", "question"]}
    assert facts["leaves"]["classes"] == {"tree": ["birch", "maple", "oak", "willow"]}
    assert (facts["digits"]["count"], facts["houses"]["count"]) == (360, 120)


@pytest.mark.parametrize("name", ["digits", "houses", "sentences", "leaves"])
def test_metrics_are_those_of_keras_and_all_is_kept(facts: Json, name: str) -> None:
    found = facts[name]["evaluated"]
    assert found["metrics"] == pytest.approx(found["keras"], abs=1e-5)
    assert found["stored"] and found["shapes"]["rows"] == [facts[name]["count"]]
    assert found["shapes"]["p0"][0] == found["shapes"]["t0"][0] == facts[name]["count"]


def test_the_worst_samples_are_kept_for_reports(facts: Json) -> None:
    """As many as the accuracy says, the most confident first; of numbers all, those with the largest errors first."""
    digits = facts["digits"]["evaluated"]
    wrong = digits["mistakes"]["digit"]
    assert wrong["total"] == round((1 - digits["metrics"]["digit_accuracy"]) * facts["digits"]["count"])
    assert wrong["all wrong"] and wrong["shown"] == wrong["pictures"] == min(12, wrong["total"])
    assert wrong["scores"] == sorted(wrong["scores"], reverse=True)
    prices = facts["houses"]["evaluated"]["mistakes"]["price"]
    assert prices["no verdict"] and (prices["shown"], prices["total"]) == (12, 120)
    assert prices["scores"] == sorted(prices["scores"], reverse=True)


def test_every_output_has_the_figures_of_its_kind(facts: Json) -> None:
    digits = facts["digits"]["evaluated"]["figures"]
    assert digits["digit"] == ["class_numbers", "per_class", "confusion", "roc", "precision_recall", "calibration"]
    assert "thresholds" in digits["is_even"]
    assert facts["houses"]["evaluated"]["figures"]["price"][0] == "error_numbers"


def test_classes_of_another_folder_have_the_numbers_of_training(facts: Json) -> None:
    """In a folder with maples alone, maple is still the second class."""
    assert facts["few"] == [1, 1]


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("test part", "The run has no test part"),
        ("gone", "nothing.keras is not there any more."),
        ("other model", "do not fit this model"),
        ("code", "mine.py, code that nobody has agreed to run"),
        ("no run", "is no run."),
        ("text for number", "takes a number, and “many” is none."),
        ("no picture", "The file for image:"),
        ("nothing", "The sample has no image yet."),
        ("new class", "has the class palm, which training did not know."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(facts: Json, case: str, said: str) -> None:
    assert said in facts["refused"][case]


@pytest.mark.parametrize("name", ["digits", "houses", "sentences", "leaves"])
def test_what_is_tried_goes_the_way_that_training_went(facts: Json, name: str) -> None:
    """A picture that is resized and scaled, normalised and looked-up columns, a text: bit for bit what `fit` gets."""
    found = facts["tried"][name]
    assert found["as the trainer feeds"] and all(found["as the trainer feeds"].values())
    assert found["of row and values"] and found["the same by number"]
    assert found["as predicted"] < 1e-6


def test_the_form_has_the_columns_that_the_model_takes(facts: Json) -> None:
    digits, houses = facts["tried"]["digits"], facts["tried"]["houses"]
    assert digits["fields"] == [["image", "image", [8, 8, 1]]] and digits["limits"] == [[0, 16]]
    assert digits["parts"] == {"training": 1437, "validation": 360, "test": 0, "all": 1797}
    assert digits["seen"] == [["image", 8, 8]] and digits["truths"].keys() == {"digit", "is_even"}
    assert [field[0] for field in houses["fields"]] == [
        "area", "built", "rooms", "distance_km", "district", "garden",
    ] and houses["others"] == 5  # fmt: skip
    assert houses["truths"] == {"price": "4.78"}, "as the model is to say it, not 478"
    assert all(houses["examples"]) and houses["limits"][0] == [35, 214]
    assert facts["tried"]["leaves"]["limits"] == [[0, 255]] and facts["tried"]["leaves"]["seen"][0][1:] == [32, 32]


def test_a_sample_is_tried_when_the_data_is_gone(facts: Json) -> None:
    found = facts["tried without data"]
    assert "is not there any more" in found["note"] and found["parts"] == {}
    assert found["fields"] == 6 and found["the same"]


def test_samples_are_listed_as_people_ask_for_them(facts: Json) -> None:
    found = facts["listed"]
    for name in ("wrong", "most certain first", "cell", "worst", "names", "bars", "written"):
        assert found[name], name
    assert found["picture"] == [24, 24] and found["file"].endswith(".jpg") and found["notes"] == []
    assert found["rows"] == [5, 2]  # what is not there is left out
    assert found["columns"] == [
        "row", "name", "true", "predicted", "right", "score", "p birch", "p maple", "p oak", "p willow",
    ]  # fmt: skip


def test_slices_have_the_figures_of_their_samples(facts: Json) -> None:
    found = facts["sliced"]
    assert found["checked"] >= 6 and found["as scikit-learn"] and found["worst first"]
    assert {"area", "district", "garden"} <= set(found["columns"])
    assert found["own"] == [[found["area"], False], [0, True]]  # an empty slice has no figures, and comes last
    assert found["listed"] and found["cells"]
    assert "has no column nothing" in found["no column"] and "“wide” is none" in found["no number"]
    assert "has no output nothing" in found["no output"]
    assert "“soon” is none: write one as 2026-01-31" in found["no date"]
    assert len(found["days"]) == 3 and all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in found["days"])
    assert found["since"][0] == found["since"][1] > 0


def test_two_evaluations_are_held_against_each_other(facts: Json) -> None:
    found = facts["compared"]
    assert found["both"] and found["only"] and found["accuracy"] and sum(found["counts"]) > 0
    assert found["p"] == pytest.approx(min(found["by hand"], 1.0))
    assert found["same"] is None and "no samples in common" in found["other samples"]


def test_predictions_are_written_with_names_and_ids(facts: Json) -> None:
    found = facts["predicted"]
    assert found["columns"][:2] == ["row", "id"] and found["columns"][-1] == "price"
    assert found["csv"] and found["parquet"] and found["npz"]
    assert found["leaves"] == [
        "row", "name", "tree true", "tree", "tree p birch", "tree p maple", "tree p oak", "tree p willow",
    ]  # fmt: skip
    assert found["shares"] and found["likeliest"] and found["evaluated"] is False
    assert "must end with one of these" in found["no ending"]


def test_labels_that_training_did_not_know_hinder_no_prediction(facts: Json) -> None:
    found = facts["palm"]
    assert found["samples"] == [4, 4] and "tree true" not in found["head"] and "tree" in found["head"]
    assert len(found["notes"]) == 1 and "the class palm, which training did not know" in found["notes"][0]


def test_a_value_that_a_step_has_no_place_for_is_named(facts: Json) -> None:
    assert "One-hot does not know “Atlantis”" in facts["predicted"]["atlantis"]
