"""The catalogue is true of the installed Keras. One process imports Keras for all of these tests."""

from typing import Any

import pytest

from tests.support.fresh_python import answer_of


@pytest.fixture(scope="module")
def findings() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.graph_editor.catalog.keras_check")


def test_committed_files_are_what_the_generator_writes(findings: dict[str, Any]) -> None:
    assert findings["stale"] == [], "run: python -m graph_editor.catalog.generate"


def test_every_public_class_is_known_or_left_out_for_a_reason(findings: dict[str, Any]) -> None:
    assert findings["unknown"] == []


def test_new_layers_are_made_from_their_config_and_keep_it(findings: dict[str, Any]) -> None:
    assert findings["round_trip"] == {}


def test_new_layers_can_be_called_through_the_ports_of_the_catalogue(findings: dict[str, Any]) -> None:
    assert findings["call"] == {}


def test_parameters_are_taken_and_defaults_are_those_of_a_new_layer(findings: dict[str, Any]) -> None:
    assert findings["parameters"] == {}


def test_keras_understands_the_identifier_and_the_config_of_every_object(findings: dict[str, Any]) -> None:
    assert findings["objects"] == {}
