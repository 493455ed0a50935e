"""Evaluations of windows of rows and of joined files, and of more data than fits into memory (shaped_facts.py)."""

import json
from typing import Any

import pytest

from tests.support.fresh_python import run_keras

Json = Any


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Json:
    folder = tmp_path_factory.mktemp("shaped")
    run_keras("-m", "tests.unit.runtime.evaluating.shaped_facts", folder)
    return json.loads((folder / "facts.json").read_text("utf-8"))


@pytest.mark.parametrize(("name", "inputs"), [("plants", 1), ("houses", 2)])
def test_what_is_evaluated_is_what_the_trainer_feeds(facts: Json, name: str, inputs: int) -> None:
    found = facts[name]
    assert found["as the trainer feeds"] == [True] * inputs and found["as predicted"] < 1e-5
    assert found["metrics"] == pytest.approx(found["keras"], abs=1e-5)
    assert found["one"] and found["elsewhere"] and found["written"] == found["count"]


def test_windows_are_listed_and_sliced_by_their_first_row(facts: Json) -> None:
    found = facts["plants"]
    assert found["all"] == 2 * (60 - 4) and found["notes"] == []  # of each place so many windows have their truth
    assert found["worst"] and {"place", "time"} <= set(found["slices"])
    assert {cell[0] for cell in found["cells"][0]} >= {"place", "time"}
    assert found["form"] == 0 and found["shown"] == []  # what nobody can give is not asked for
    assert found["marks"] == ["\0windows", "value"]


def test_joined_files_are_listed_and_sliced_by_columns_of_both(facts: Json) -> None:
    found = facts["houses"]
    assert found["all"] == 108 and found["worst"] and found["form"] == 2
    assert {"area", "gardens/trees"} <= set(found["slices"]) and len(found["shown"]) == 2
    assert {cell[0] for cell in found["cells"][0]} >= {"id", "area", "gardens/trees"}
    assert found["marks"] == ["area", "gardens/trees", "price"]


@pytest.mark.parametrize("name", ["plants", "houses"])
def test_the_same_run_twice_is_the_same(facts: Json, name: str) -> None:
    assert facts[name]["compared"][0] and facts[name]["compared"][2] == []


@pytest.mark.parametrize("name", ["plants", "houses"])
def test_what_does_not_fit_into_memory_is_evaluated_in_batches(facts: Json, name: str) -> None:
    predictions, truths, metrics = facts[name]["streamed"]
    assert predictions < 1e-5 and truths and metrics == pytest.approx(facts[name]["metrics"], abs=1e-5)


def test_a_large_file_is_never_in_memory_as_a_whole(facts: Json) -> None:
    found = facts["large"]
    assert found["metrics"] == pytest.approx(found["whole"], rel=1e-4)
    assert found["peak"] < found["bytes"] / 3


def test_lists_and_slices_load_no_model(facts: Json) -> None:
    assert facts["without the model"] == [3, True, True]


def test_a_model_is_loaded_once_and_others_are_others(facts: Json) -> None:
    assert facts["keys"] == dict.fromkeys(facts["keys"], True) and len(facts["keys"]) == 5


def test_evaluations_of_other_samples_are_not_compared(facts: Json) -> None:
    assert "the windows are not the same" in facts["other windows"]
    assert facts["other values"].endswith("gardens/trees had other values.")
    assert "The data has changed since the run trained on it" in facts["changed"][0]


def test_a_lack_of_memory_is_said(facts: Json) -> None:
    assert "not enough memory for batches of 16" in facts["without memory"]


def test_what_is_cancelled_leaves_nothing(facts: Json) -> None:
    assert facts["cancelled"] == [True, True]


def test_a_model_that_has_gone_astray_is_evaluated_and_read_back(facts: Json) -> None:
    found = facts["astray"]
    assert found["stored"] and found["metrics"] == {"loss": None} and found["figures"] == []
    assert found["notes"][0].startswith("27 of 27 predictions hold values that are no numbers")
    assert found["listed"] == ["NaN", "NaN"] and "has no figures" in found["sliced"]
