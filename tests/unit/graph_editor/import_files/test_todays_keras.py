"""Models of today's Keras that are out of the ordinary: all of them comes back from every file and script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import answer_of

WAYS = ("check", "keras", "json", "h5", "python")
# Of these Keras itself reads no .h5 back; the sentence names what it stumbles over.
NO_H5 = {
    "stateful_shared": "flip",
    "infinities": "clip",
    "feature_space_of_numbers": "_preprocessor",
    "feature_space": "_preprocessor",
}
NAMES = [
    *("group_query_attention", "stateful_layers", "stateful_nested", "stateful_images", "stateful_shared"),
    *("infinities", "feature_space_of_numbers", "feature_space", "vocabularies", "vocabularies_inside"),
]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return answer_of(Path(__file__).with_name("todays_side.py"), tmp_path_factory.mktemp("todays"))


def test_all_models_are_looked_at(answers: dict[str, Any]) -> None:
    assert list(answers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_all_of_it_comes_back(answers: dict[str, Any], name: str) -> None:
    found = dict(answers[name])
    assert tuple(found) == WAYS, found
    if name in NO_H5:
        sentence = found.pop("h5")
        assert sentence.startswith("An .h5 file cannot hold ")
        assert NO_H5[name] in sentence
    assert set(found.values()) == {""}, found
