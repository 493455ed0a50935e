"""Some models of keras.io's examples come back from every file and script; tests/benchmarks/roundtrip.py takes all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import run_keras

# With masks that attention hands on, with code of one's own, with outputs in a dict, and with constants in the graph.
NAMES = ["translation_attention", "vae", "pointnet_own", "tickets", "coupling_flow"]
PARTS = ("check", "config", "weights", "outputs", "python")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    side = Path(__file__).with_name("examples_side.py")
    lines = run_keras(side, tmp_path_factory.mktemp("examples"), *NAMES).splitlines()
    return {row["name"]: row for row in map(json.loads, lines)}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost(answers: dict[str, Any], name: str) -> None:
    row = answers[name]
    assert {part: row[part] for part in PARTS} == {part: [] for part in PARTS}, row["notes"]
    assert row["boxes"] > 2
    assert row["parameters"] > 0
