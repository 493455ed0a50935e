"""Weights from files into models that were opened from them, edited or not; Keras answers in a process of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.fresh_python import answer_of

FILES = ["m.keras", "m.h5", "m.weights.h5"]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return answer_of(Path(__file__).with_name("keras_side.py"), tmp_path_factory.mktemp("weights"))


@pytest.mark.parametrize("file", FILES)
def test_an_untouched_model_computes_the_same_bit_for_bit(answers: dict[str, Any], file: str) -> None:
    before, after, complete, layers = answers["unchanged"][file]
    assert not before, "fresh weights would do as well"
    assert after
    assert complete
    assert layers == 7


def test_weights_without_names_are_taken_in_their_order(answers: dict[str, Any]) -> None:
    assert answers["without_names"] == [True, True]


@pytest.mark.parametrize("file", FILES)
def test_an_edited_model_keeps_what_fits(answers: dict[str, Any], file: str) -> None:
    equal, kept, fresh, dropped, notes = answers["edited"][file]
    assert equal
    assert kept == ["a_dense", "both_ways", "inner/inside", "inner/inside_first", "norm"]
    assert fresh == ["extra", "out", "renamed"]
    assert dropped == ["b_dense", "out"]
    assert notes[0] == f"Weights from {file}: 5 layers kept, 3 new, 2 dropped."
    assert len(notes) == 3


def test_the_optimizer_goes_on_where_its_state_fits(answers: dict[str, Any]) -> None:
    note, equal, rate, other, silent = answers["optimizer"]
    assert "continues" in note
    assert equal
    assert rate == 0.5
    assert "afresh" in other
    assert silent


def test_weights_of_another_model_are_refused(answers: dict[str, Any]) -> None:
    assert "do not fit" in answers["lookalikes"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("external_link", "In layers/dense/vars/0: it is a link"),
        ("soft_link", "In layers/dense/vars: it is a link"),
        ("circle", "twice"),
        ("external_data", "another file"),
        ("virtual", "another file"),
        ("objects", "no numbers"),
        ("huge_chunk", "stored in a way"),
    ],
)
def test_files_that_reach_elsewhere_are_refused_before_anything_changes(
    answers: dict[str, Any], name: str, words: str
) -> None:
    sentence, untouched = answers["hostile"][name]
    assert words in sentence
    assert f"{name}.weights.h5" in sentence
    assert untouched


def test_what_is_no_weights_is_a_sentence_with_the_file(answers: dict[str, Any]) -> None:
    for name, sentence in answers["files"].items():
        assert sentence is not None
        assert name in sentence


KERAS2 = ["frozen.h5", "functions.keras", "image.h5", "nested.h5", "stack.h5", "text.keras"]


@pytest.mark.parametrize("name", KERAS2)
def test_files_of_keras_2_compute_what_keras_2_computed(answers: dict[str, Any], name: str) -> None:
    assert sorted(answers["keras2"]) == KERAS2
    notes, complete, apart = answers["keras2"][name]
    assert notes == []
    assert complete
    assert apart < 1e-6
