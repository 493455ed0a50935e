"""What is gone from Keras is answered with today's way."""

from collections.abc import Iterator

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.legacy import ANSWERS, legacy_answers
from resources import text


@pytest.fixture
def korean() -> Iterator[None]:
    text.use_language("ko")
    yield
    text.use_language("en")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("yaml", "to_json"),
        ("model.to_yaml()", "to_json"),
        ("theano", "Theano is retired"),
        ("CNTK", "CNTK is retired"),
        ("multi_gpu", "all GPUs"),
        ("fit_gen", "takes generators"),
        ("HDF5Matrix", "streamed"),
        ("cudnnlstm", "fast GPU kernel"),
        ("merge", "Concatenate"),
        ("Merge(mode='concat')", "Concatenate"),
        ("nb_filter", "Keras 1"),
        ("LocallyConnected1D", "convolution"),
    ],
)
def test_a_search_for_what_is_gone_is_answered(typed: str, words: str) -> None:
    assert any(words in str(answer.text) for answer in legacy_answers(typed))


@pytest.mark.parametrize(
    "typed", ["", "d", "dense", "conv2d", "lstm", "con", "relu", "max", "softmax", "input", "random"]
)
def test_searches_for_what_there_is_get_no_lecture(typed: str) -> None:
    assert legacy_answers(typed) == []


def test_no_layer_of_today_is_called_gone() -> None:
    gone = {term.lower() for answer in ANSWERS for term in answer.terms}
    assert [spec.class_name for spec in Catalog.load().palette() if spec.class_name.lower() in gone] == []


@pytest.mark.usefixtures("korean")
def test_answers_speak_korean() -> None:
    for answer in ANSWERS:
        assert str(answer.text) != answer.text.english(), answer.title


def test_answers_are_one_sentence_or_two() -> None:
    for answer in ANSWERS:
        assert len(answer.text.english()) <= 130, answer.title
        assert answer.text.english().endswith(".")
