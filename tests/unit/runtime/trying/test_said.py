"""What a model says of one sample, told as people read it; softmax and sigmoid held against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, softmax

from runtime.messages.checking import Endpoint
from runtime.messages.views import OutputKind
from runtime.spec import KerasObject, OutputTraining
from runtime.worker.evaluation.trying.said import mask_picture, probabilities, said


def output(units: tuple[int, ...], loss: str = "SparseCategoricalCrossentropy") -> Endpoint:
    training = OutputTraining("out", KerasObject(loss, {}))
    return Endpoint("out", (None, *units), "float32", training)


def test_classes_come_the_likeliest_first() -> None:
    values = np.array([[0.1, 0.7, 0.2]], np.float32)
    told_of = said(output((3,)), "Tree", "classes", ("birch", "maple", "oak"), ("tree",), values)
    assert (told_of.title, told_of.kind, told_of.names) == ("Tree", "classes", ("maple", "oak", "birch"))
    assert told_of.values == pytest.approx((0.7, 0.2, 0.1))


@pytest.mark.parametrize(
    ("kind", "values", "shares"),
    [
        ("classes", [2.0, -1.0, 900.0], softmax([2.0, -1.0, 900.0])),
        ("labels", [2.0, -800.0, 900.0], expit([2.0, -800.0, 900.0])),
        ("binary", [1.5], [1 - expit(1.5), expit(1.5)]),
    ],
)
def test_logits_become_shares(kind: OutputKind, values: list[float], shares: list[float]) -> None:
    assert probabilities(kind, np.array(values), "logits") == pytest.approx(np.array(shares))
    assert probabilities("labels", np.array(values), "probabilities") == pytest.approx(values), "shares stay shares"


def test_one_number_of_a_yes_or_no_becomes_two_classes() -> None:
    told_of = said(output((1,), "BinaryCrossentropy"), "", "binary", ("no", "yes"), ("even",), np.array([[0.2]]))
    assert told_of.names == ("no", "yes") and told_of.values == pytest.approx((0.8, 0.2))


def test_numbers_are_told_with_their_columns() -> None:
    told_of = said(output((2,), "MeanSquaredError"), "", "numbers", (), ("x", "y"), np.array([[1.5, -2.0]]))
    assert told_of.names == ("x", "y") and told_of.values == (1.5, -2.0)
    assert said(output((1,), "MeanSquaredError"), "", "numbers", (), ("price",), np.array([[3.0]])).names == ()


def test_nan_is_told_as_it_is_and_comes_last() -> None:
    told_of = said(output((3,)), "", "classes", (), ("digit",), np.array([[np.nan, 0.5, 0.1]]))
    assert told_of.names == ("1", "2", "0") and np.isnan(told_of.values[2])


def test_a_mask_is_a_picture_in_the_colour_of_the_likeliest_class() -> None:
    shares = np.zeros((2, 2, 3))
    shares[0, 0, 1] = shares[1, 1, 2] = 0.9
    picture = mask_picture(shares)
    pixels = np.frombuffer(picture.data, np.uint8).reshape(2, 2, 3)
    assert (pixels[0, 1] == 0).all() and (pixels[0, 0] != pixels[1, 1]).any() and pixels[0, 0].any()
    yes_or_no = np.frombuffer(mask_picture(shares[..., 1:2]).data, np.uint8).reshape(2, 2, 3)
    assert yes_or_no[0, 0].any() and not yes_or_no[1, 1].any()


def test_tokens_are_words_again_and_ctc_is_decoded() -> None:
    steps = np.eye(3)[[1, 1, 0, 1, 2, 2]][None]
    letters = said(output((6, 3), "CTC"), "", "ctc", ("", "a", "b"), ("text",), steps)
    assert letters.text == "aab"
    words = said(output((6, 3)), "", "tokens", ("the", "cat", "sat"), ("text",), steps)
    assert words.text == "cat cat the cat sat sat"


def test_a_picture_comes_out_as_one() -> None:
    told_of = said(output((4, 4, 1), "MeanSquaredError"), "", "pictures", (), ("image",), np.full((1, 4, 4, 1), 0.5))
    assert told_of.picture is not None and set(told_of.picture.data) == {128}
