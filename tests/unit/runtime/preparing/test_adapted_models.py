"""Layers inside a model learn of the training part before the first step; the saved model knows what they learnt."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.worker.training.adapting.upstream import in_order, leading_to, sources, word_inputs


@pytest.fixture(scope="module")
def facts(by_keras: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = by_keras["models"]
    return found


def near(moments: list[list[float]]) -> bool:
    means, deviations = moments
    return means == pytest.approx([0] * len(means), abs=1e-5) and deviations == pytest.approx(
        [1] * len(means), abs=1e-5
    )


def test_a_layer_learns_of_what_comes_to_it(facts: dict[str, Any]) -> None:
    assert near(facts["scaled"]["behind"]), "behind a Rescaling"
    assert facts["scaled"]["told"] == [0.0, 1.0]
    assert near(facts["joined"]["behind"]), "of two inputs, one of them through a layer that has learnt itself"


def test_what_follows_from_a_vocabulary_has_its_size(facts: dict[str, Any]) -> None:
    """The size that a config had before was that of other data."""
    assert facts["words"]["vocabulary"] == ["[UNK]", "서울", "부산"]
    assert facts["words"]["kernel"] == [3, 2]
    assert facts["text"]["vocabulary"] == ["[UNK]", "cat", "the", "sat", "a"]
    assert facts["text"]["kernel"] == [5, 2]
    assert facts["numbers"]["vocabulary"] == [-1, 30, 20, 10, 0]
    assert len(facts["numbers"]["boundaries"]) == 3


def test_the_saved_model_knows_it(facts: dict[str, Any]) -> None:
    assert {name: found["same"] for name, found in facts.items() if isinstance(found, dict) and "same" in found} == {
        "scaled": 0, "joined": 0, "words": 0, "text": 0, "stack": 0
    }  # fmt: skip
    assert facts["numbers"]["again"] == facts["numbers"]["boundaries"]


def test_a_stack_and_one_mean_for_all(facts: dict[str, Any]) -> None:
    assert facts["stack"]["mean"] == pytest.approx(facts["stack"]["true"], abs=1e-5)


def test_what_knows_already_is_left_as_it_is(facts: dict[str, Any]) -> None:
    assert facts["known"] is True


def test_what_cannot_learn_names_the_data(facts: dict[str, Any]) -> None:
    numbers, nowhere = facts["errors"]
    assert numbers == "people.csv: a holds numbers, not words."
    assert nowhere.startswith("people.csv has no column nowhere.")


def _entry(name: str, *calls: list[str]) -> dict[str, Any]:
    def tensor(source: str) -> dict[str, Any]:
        layer, _, number = source.partition(":")
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, int(number or 0), 0]}}

    nodes = [{"args": [list(map(tensor, call))], "kwargs": {}} for call in calls]
    return {"class_name": "InputLayer" if not calls else "Add", "name": name, "config": {}, "inbound_nodes": nodes}


def test_inputs_of_words_are_found() -> None:
    """Only TensorFlow has tensors of them."""
    words, numbers = _entry("w"), _entry("x")
    words["config"], numbers["config"] = {"dtype": "string"}, {"dtype": "float32"}
    assert word_inputs({"config": {"layers": [words, numbers, _entry("late", ["w"])]}}) == ["w"]


def test_the_part_that_leads_to_a_layer() -> None:
    """A layer may be used once more behind it, and may be listed before what feeds it."""
    shared, end = _entry("shared", ["x"], ["late"]), _entry("end", ["shared:1"])
    layers = [_entry("late", ["shared"]), _entry("x"), _entry("z"), shared, end]
    model: dict[str, Any] = {
        "class_name": "Functional",
        "config": {"layers": layers, "input_layers": [], "output_layers": []},
    }
    order = in_order(model["config"])
    assert order.index("x") < order.index("shared") < order.index("late")
    assert sources(model["config"], "late") == [["shared", 0, 0]]
    part = leading_to(model, ["shared", 0, 0])["config"]
    assert [entry["name"] for entry in part["layers"]] == ["x", "shared"]
    assert len(part["layers"][1]["inbound_nodes"]) == 1
    assert part["input_layers"] == ["x", 0, 0] and part["output_layers"] == ["shared", 0, 0]
    whole = leading_to(model, ["shared", 1, 0])["config"]
    assert [entry["name"] for entry in whole["layers"]] == ["late", "x", "shared"]
