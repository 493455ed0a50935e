"""Weights of Keras 1, Theano and CuDNN layers: opened models compute what was computed then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import answer_of

RECURRENT = ["CuDNNLSTM", "CuDNNGRU", "Bidirectional CuDNNLSTM", "Bidirectional CuDNNGRU", "LSTM", "GRU"]
CONVOLUTIONS = [f"Convolution2D {order} {backend}" for order in ("tf", "th") for backend in ("tensorflow", "theano")]
OTHERS = ["Convolution1D tensorflow", "Convolution1D theano", "without a version", "branches"]
OF_NOBODY = "Convolution2D of nobody"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return answer_of(Path(__file__).with_name("old_weights_side.py"), tmp_path_factory.mktemp("old"))


def test_nothing_is_left_out(answers: dict[str, Any]) -> None:
    assert sorted(answers) == sorted([*RECURRENT, *CONVOLUTIONS, *OTHERS, OF_NOBODY, "TensorFlow.js"])


@pytest.mark.parametrize("name", [*RECURRENT, *CONVOLUTIONS, *OTHERS])
def test_an_opened_model_computes_what_was_computed_then(answers: dict[str, Any], name: str) -> None:
    notes, complete, apart = answers[name]
    assert notes == []
    assert complete
    assert apart < 1e-6


def test_a_file_that_does_not_say_who_wrote_it_is_told(answers: dict[str, Any]) -> None:
    notes, complete, apart = answers[OF_NOBODY]
    assert ["Theano" in note for note in notes] == [True]
    assert (complete, apart < 1e-6) == (True, True)


def test_weights_of_tensorflow_js_lie_in_files_beside_it(answers: dict[str, Any]) -> None:
    notes, complete, apart = answers["TensorFlow.js"]["whole"]
    assert notes == []
    assert complete
    assert apart < 1e-6
    assert "its end is missing" in answers["TensorFlow.js"]["torn"]
    assert "more numbers than the model has" in answers["TensorFlow.js"]["too long"]
