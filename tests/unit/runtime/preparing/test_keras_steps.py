"""Every step does what the layer does that it becomes inside a model, and comes back from it with its settings."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.step_kinds import find_step, step_kinds
from tests.unit.runtime.preparing.cases import CASES, IN_SCRIPTS, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_step_is_its_layer(by_keras: dict[str, Any], case: Case) -> None:
    found = by_keras["cases"][case.key]
    assert found["difference"] is not None and found["difference"] < 1e-6
    assert found["shape"] == found["promised"]
    assert found["dtype"][0] == found["dtype"][1]
    assert found.get("adapted", 0.0) is not None and found.get("adapted", 0.0) < 1e-6
    kind = find_step(case.step)
    assert kind is not None
    if kind.inside:
        assert kind.values(found["box_back"]) == kind.values(case.settings)


def test_every_step_that_can_be_inside_is_tried() -> None:
    assert {case.step for case in CASES} >= {kind.key for kind in step_kinds() if kind.inside}


@pytest.mark.parametrize("case", [*CASES, *IN_SCRIPTS], ids=lambda case: case.key)
def test_an_exported_script_does_the_same(by_keras: dict[str, Any], case: Case) -> None:
    found = by_keras["scripts"][case.key]
    assert found["shape"] is True
    assert found["difference"] is not None and found["difference"] < (1e-6 if case.learns_alike else 1)


def test_every_step_is_tried_in_a_script() -> None:
    assert {case.step for case in (*CASES, *IN_SCRIPTS)} == {kind.key for kind in step_kinds()}
