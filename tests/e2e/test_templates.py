"""Every template trains out of the box, and the digits are learnt."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.project.templates import TEMPLATES
from tests.support.verbs import lamella


def said(*words: str | Path, cold: bool = False) -> str:
    result = lamella(*words, cold=cold)
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout


def train(key: str, folder: Path, *more: str, cold: bool = False) -> list[dict[str, Any]]:
    project = folder / f"{key}.lamella"
    said("new", "--template", key, "-o", project, cold=cold)
    return [json.loads(line) for line in said("train", project, "--json", *more, cold=cold).splitlines()]


@pytest.mark.parametrize("key", [item.key for item in TEMPLATES if item.key != "digits"])
def test_a_template_trains_out_of_the_box(key: str, tmp_path: Path) -> None:
    events = train(key, tmp_path, "--epochs", "1")
    assert events[-1]["type"] == "RunEnded"
    assert events[-1]["status"] == "completed"


def test_the_digits_are_learnt_in_thirty_epochs(tmp_path: Path) -> None:
    """At least 95 % of the validation digits right, as the template stands, and its frozen layer counted."""
    events = train("digits", tmp_path, cold=True)
    epochs = [event for event in events if event["type"] == "EpochEnded"]
    assert len(epochs) <= 30
    assert epochs[-1]["logs"]["val_digit_accuracy"] >= 0.95
    (started,) = [event for event in events if event["type"] == "RunStarted"]
    assert (started["parameters"], started["trainable"]) == (110_571, 110_059)
