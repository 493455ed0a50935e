"""What people are told when Keras, TensorFlow or the project's own code refuse: the box, the cause, no node names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import answer_of

TOLD = {
    "embedding": "words gets the number 12, but takes 0 to 4.",
    "numbered_alike": "words_1 gets the number 5, but takes 0 to 4.",
    "labels": "A label is 7, but the loss takes classes 0 to 2.",
    "sizes_of_a_batch": "sum cannot combine inputs of 4×2, 5×2.",
    "window": "conv looks through a window that is larger than what it gets.",
    "reshape": "form cannot turn 4 into ?×3: the number of values would change.",
    "metric_of_two_axes": (
        "The metric r2 cannot be computed: R2Score expects 2D inputs with shape (batch_size, output_dim)."
    ),
    "no_inverse": "Training failed: Input is not invertible.",
    "eagerly": r"words gets the number \d+, but takes 0 to 4.",
    "too_large": r"There was not enough memory for the weights of d1: they take 149 GB; [\d.,]+ [kMGT]B were free.",
    "own_file": "Training failed: no/vocabulary.txt: there is no such file or folder.",
    "deep": "The model is too deep: more layers follow one another than Keras can go through.",
    "key_error": "Training failed in box (own.py, line 15): KeyError: 'gain'.",
    "in_build": "The model cannot be built: own.py, line 49: box: units must be even, not 3.",
    "own_shapes": (
        "Training failed in box (own.py, line 37): ValueError: Dimensions must be equal, but are 4 and 7: "
        r"[4,4], [7,3]."
    ),
    "own_memory": "There was not enough memory: a smaller batch size needs less.",
    "own_recursion": "Training failed in box (own.py, line 58): RecursionError: maximum recursion depth exceeded.",
    "own_assertion": "Training failed in box (own.py, line 21): x is too large.",
    "own_function": "Training failed in box (own.py, line 29): ValueError: the table has no row 7.",
}
PATTERNS = {"eagerly", "too_large"}
INSIDES = re.compile(r"\{\{|\[\[|Op:|Exception encountered|Arguments received|Traceback|functional|/job:|\x1b")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("errors")
    return answer_of("-m", "tests.unit.runtime.training.real_errors", folder)


def test_all_are_asked(told: dict[str, Any]) -> None:
    assert told.keys() == TOLD.keys()


@pytest.mark.parametrize("name", TOLD)
def test_the_sentence_names_the_box_and_the_cause(told: dict[str, Any], name: str) -> None:
    if name in PATTERNS:
        assert re.fullmatch(TOLD[name], told[name])
    else:
        assert told[name] == TOLD[name]
    assert not INSIDES.search(told[name])
    assert len(told[name]) < 300
