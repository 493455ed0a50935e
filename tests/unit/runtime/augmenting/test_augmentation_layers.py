"""Keras' layers for pictures: all are there, masks follow, what is drawn follows from seed, epoch and batch."""

from __future__ import annotations

from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.rules.let_through import LET_THROUGH
from resources.training.augmentations import (
    AUGMENTATIONS,
    CHOICES,
    LEFT_OUT,
    AugmentationKind,
    Strength,
    find_augmentation,
    range_of,
    wrong_choice,
)
from tests.support.fresh_python import answer_of

NOTHING_TO_DRAW = ("RandomCrop",)  # of pictures that have the size already
MIXED_WITH_COLOURS = ("RandAugment",)


@pytest.fixture(scope="module")
def by_keras() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.runtime.augmenting.keras_layers")


def test_all_layers_that_the_installed_keras_has_for_pictures_are_there(by_keras: dict[str, Any]) -> None:
    ours = {kind.layer for kind in AUGMENTATIONS}
    assert set(by_keras["public"]) == ours | set(LEFT_OUT)
    assert not ours & set(LEFT_OUT)


@pytest.mark.parametrize("kind", AUGMENTATIONS, ids=lambda kind: kind.layer)
def test_a_layer_changes_pictures_alike_each_time(by_keras: dict[str, Any], kind: AugmentationKind) -> None:
    found = by_keras["layers"][kind.layer]
    assert found["changed"] or kind.layer in NOTHING_TO_DRAW
    assert found["again"], "the same batch of the same epoch"
    assert found["types"]
    assert found["mask_values"] == [0, 1], "no class comes between two"
    assert found["mask_moved"] is (kind.moves and kind.masks and kind.layer not in NOTHING_TO_DRAW)
    if kind.moves and kind.masks and kind.layer not in MIXED_WITH_COLOURS:
        assert found["mask_fits"] > 0.95
    assert found["labels_mixed"] is kind.mixes
    assert set(found["label_sums"]) == {1.0}


@pytest.mark.parametrize("place", ["memory", "streamed"])
def test_a_run_augments_what_it_trains_on_alone(by_keras: dict[str, Any], place: str) -> None:
    found = by_keras["training"][place]
    assert found["changed"] and found["next_epoch"]
    assert found["again"], "whichever batch is asked for first"
    assert found["validation"] == 0
    assert found["truths"][0] == found["truths"][1], "the order is that of a run without augmentation"


def test_boxes_move_with_what_they_are_around(by_keras: dict[str, Any]) -> None:
    found = by_keras["boxes"]
    assert set(found) == {kind.layer for kind in AUGMENTATIONS if kind.boxes} | {"parts"}
    for layer, facts in found.items():
        assert facts["off"] < 1.5, layer
        assert facts["moved"] >= 1 or layer == "RandomCrop", layer
        assert facts["none"] == 0, "where there is no box there is none afterwards"


def test_what_keras_lets_through_is_what_a_rule_is_there_for(by_keras: dict[str, Any]) -> None:
    assert by_keras["silent"] == {layer: list(names) for layer, names in LET_THROUGH.items()}


def test_choices_are_those_of_the_catalogue() -> None:
    catalog = Catalog.load()
    for kind in AUGMENTATIONS:
        spec = catalog.layer(kind.layer)
        assert spec is not None
        for parameter in spec.parameters:
            if parameter.choices and parameter.name != "data_format":
                assert CHOICES[parameter.name] == parameter.choices, (kind.layer, parameter.name)
                assert wrong_choice({parameter.name: "sideways"}) == parameter.name
                assert wrong_choice({parameter.name: parameter.choices[-1]}) is None
    assert wrong_choice({"data_format": "channels_first"}) == "data_format", "pictures have their channels last"
    assert wrong_choice({"mode": None}) == "mode" and wrong_choice({"dtype": None, "factor": 0.1}) is None
    assert wrong_choice({"mode": ["horizontal"]}) == "mode" and wrong_choice({"dtype": {"name": "float32"}}) is None


def test_what_a_layer_is_first_set_to_stands_in_the_catalogue() -> None:
    catalog = Catalog.load()
    for kind in AUGMENTATIONS:
        spec = catalog.layer(kind.layer)
        assert spec is not None
        parameters = {parameter.name for parameter in spec.parameters}
        assert {*kind.start, *(strength.parameter for strength in kind.strengths)} <= parameters, kind.layer
        assert kind.ranged is ("value_range" in parameters), kind.layer


def test_a_slider_stands_where_the_written_value_is() -> None:
    assert Strength("factor").strength([-0.2, 0.1]) == pytest.approx(0.2)
    assert Strength("factor").strength(0.3) == pytest.approx(0.3)
    assert Strength("factor").strength("much") == 0 == Strength("factor").strength(None)
    around = Strength("factor", 0.5, 0.5)
    assert around.value(0.2) == [0.3, 0.7] and around.strength([0.3, 0.7]) == pytest.approx(0.2)
    assert Strength("factor", 8, whole=True).value(3.7) == 4
    flip = find_augmentation("RandomFlip")
    assert flip is not None and flip.moves and find_augmentation("Dense") is None


@pytest.mark.parametrize(
    ("values", "wanted"),
    [((0, 1), (0, 1)), ((0.1, 0.4), (0, 1)), ((-1, 1), (-1, 1)), ((0, 16), (0, 16)), ((3, 250), (0, 255)),
     ((0, 4000), (0, 4000)), ((-2.5, 2.2), (-3, 3)), ((-2.5, 0.5), (-3, 1)), ((None, 1), None),
     ((0, float("nan")), None)],
)  # fmt: skip
def test_the_range_that_values_come_from(values: tuple[Any, Any], wanted: tuple[float, float] | None) -> None:
    assert range_of(*values) == wanted
