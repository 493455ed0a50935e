"""Whole scripts, run as they are: they train on what the trainer is fed, and learn of the training part alone."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from graph_editor.exporters.code.split import ROWS_OR_NONE_HELPER
from resources.python_code import shared
from resources.python_code.batched import PRINT_TEST_HELPER
from tests.fuzz import source_rules
from tests.support.fresh_python import answer_of

HELPERS = dict.fromkeys(
    (
        *source_rules.SHARED, *source_rules.HELPERS, *shared.all_of("splits.py"),
    )
)  # fmt: skip
OTHER_FORMS = (ROWS_OR_NONE_HELPER, PRINT_TEST_HELPER)
DEFINED = re.compile(r"^(?:def |class )(\w+)", re.MULTILINE)
FACTS = ("in_training_x", "in_training_y", "in_validation_x", "in_validation_y")
SCENARIOS = {"table": (38, 11), "texts": (56, 14), "shuffled_texts": (48, 12), "deep": (40, 10), "stack": (40, 10)}
SCENARIOS |= {"series": (42, 0), "series_by_group": (38, 19), "series_as_it_lies": (23, 5)}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("scripts")
    return answer_of("-W", "ignore", "-m", "tests.unit.graph_editor.exporters.whole_scripts_check", folder)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_script_trains_on_what_the_trainer_is_fed(ran: dict[str, Any], name: str) -> None:
    found = ran[name]
    assert "error" not in found, found
    assert {fact: found[fact] for fact in FACTS} == {fact: pytest.approx(0, abs=1e-5) for fact in FACTS}
    assert (found["training"], found["validation"]) == SCENARIOS[name]


def test_nothing_that_scripts_hold_is_called_the_same() -> None:
    """A function of the same name would take the place of another one: reading would call what splits.

    `part_of` and `print_test` have two forms, of which a script holds one.
    """
    found = [name for text in HELPERS if text not in OTHER_FORMS for name in DEFINED.findall(text)]
    assert [name for name, count in Counter(found).items() if count > 1] == []


def test_pictures_that_train_are_augmented_and_masks_and_labels_follow(ran: dict[str, Any]) -> None:
    found = ran["augmented"]
    assert 0.2 < found.pop("flipped") < 0.8, found
    assert found == {"follow": True, "dtype": "int32", "validation": 0.0, "batches": 2}
    assert ran["mixed"] == {"sums": pytest.approx(0, abs=1e-6), "mixed": True}


def test_what_code_of_the_project_makes_is_fed_as_it_comes(ran: dict[str, Any]) -> None:
    assert ran["made"]["batches"] == ["generator", 5, "Pairs", 15]
    assert ran["made"]["pairs"][:3] == ["Pairs", 2, "NoneType"]


def test_layers_inside_learn_of_the_training_part(ran: dict[str, Any]) -> None:
    assert ran["texts"]["kernel"] == ran["texts"]["vocabulary"] == 40
    assert ran["deep"]["mean_off"] < 1e-5 and ran["deep"]["bins_off"] < 1e-6
    assert ran["stack"]["mean_off"] < 1e-5
