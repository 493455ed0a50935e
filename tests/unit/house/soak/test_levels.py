"""What counts as growth in a soak."""

from __future__ import annotations

import random

import pytest

from tests.soak.levels import LAP_ACTIONS, LIMITS, SEASON_LAPS, WARM_LAPS, Level, complaints

STEADY: Level = dict.fromkeys(LIMITS, 100.0)


def laps(count: int, name: str = "children", per_action: float = 0.0, noise: float = 0.0) -> list[Level]:
    rng = random.Random(5)
    return [{**STEADY, name: 1000 + per_action * lap * LAP_ACTIONS + rng.uniform(0, noise)} for lap in range(count)]


@pytest.mark.parametrize("seasons", [1, 3, 20])
def test_what_goes_up_and_down_is_no_growth(seasons: int) -> None:
    assert complaints(laps(seasons * SEASON_LAPS, noise=25)) == []


def test_what_is_made_at_its_first_use_is_no_growth() -> None:
    first = laps(WARM_LAPS)
    later = [{**level, "children": level["children"] + 900} for level in laps(SEASON_LAPS - WARM_LAPS)]
    assert complaints(first + later) == []


@pytest.mark.parametrize(("seasons", "actions"), [(1, 4), (3, 12), (20, 30)])
@pytest.mark.parametrize("name", ["children", "wrappers"])
def test_an_object_every_few_actions_is_found(seasons: int, actions: int, name: str) -> None:
    [said] = complaints(laps(seasons * SEASON_LAPS, name, per_action=1 / actions, noise=25))
    assert said.startswith(f"{name} grew by")


def test_a_descriptor_that_stays_open_every_lap_is_found() -> None:
    [said] = complaints(laps(5 * SEASON_LAPS, "descriptors", per_action=1 / LAP_ACTIONS))
    assert said.startswith("descriptors grew by 30")


def test_too_little_says_nothing() -> None:
    assert complaints([]) == []
    assert complaints(laps(SEASON_LAPS - 1, per_action=9)) == []
