"""The catalogue is true of the installed Keras. One process imports Keras for all of these tests."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def findings() -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.unit.graph_editor.catalog.keras_check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


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
