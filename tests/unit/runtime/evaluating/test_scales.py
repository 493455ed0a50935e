"""Numbers of an output that are probabilities, logits or margins: where yes begins, and what is no probability."""

from __future__ import annotations

import keras
import msgspec
import numpy as np
import pytest

from runtime.messages.views import Numbers
from runtime.spec import KerasObject, OutputTraining, TrainingSettings
from runtime.worker.evaluation.all_figures import all_figures
from runtime.worker.evaluation.measuring.judging import judged
from runtime.worker.evaluation.measuring.results import Results
from runtime.worker.evaluation.measuring.scales import Scale, scale_of, shares
from tests.unit.runtime.training.test_store import SPEC


@pytest.mark.parametrize(
    ("loss", "config", "activation", "scale"),
    [
        ("Hinge", {}, "tanh", "margins"),
        ("SquaredHinge", {}, "linear", "margins"),
        ("CategoricalHinge", {}, "linear", "margins"),
        ("Hinge", {}, "sigmoid", "probabilities"),
        ("CategoricalHinge", {}, "softmax", "probabilities"),
        ("BinaryCrossentropy", {"from_logits": True}, "linear", "logits"),
        ("BinaryCrossentropy", {}, "sigmoid", "probabilities"),
    ],
)
def test_the_loss_and_the_last_activation_say_what_numbers_are(
    loss: str, config: dict[str, bool], activation: str, scale: str
) -> None:
    inputs = keras.Input((4,), name="x")
    model = keras.Model(inputs, keras.layers.Dense(1, activation, name="y")(inputs))
    training = TrainingSettings(outputs=(OutputTraining("y", KerasObject(loss, config)),))
    spec = msgspec.structs.replace(SPEC, model=keras.saving.serialize_keras_object(model), training=training)
    assert scale_of(spec, "y") == scale


def test_the_sign_of_a_margin_decides() -> None:
    margins, truth = np.array([[0.3], [-0.2], [0.1], [-2.0]]), np.array([1.0, 1.0, -1.0, -1.0])
    found = Results("y", "y", "binary", margins, truth, np.arange(4), ("no", "yes"), "margins")
    assert found.predicted_classes.tolist() == [1, 0, 1, 0] and found.true_classes.tolist() == [1, 1, 0, 0]
    error = judged(found).error
    assert error is not None
    expected = [float(keras.losses.hinge(truth[place, None], margins[place])) for place in range(4)]
    assert error == pytest.approx(expected)
    figures = {figure.key: figure.view for figure in all_figures(found).figures}
    assert "calibration" not in figures and isinstance(figures["class_numbers"], Numbers)
    numbers = {number.key: number.value for number in figures["class_numbers"].numbers}
    assert numbers["accuracy"] == 0.5 and numbers["log_loss"] is None


def test_the_error_of_margins_of_classes_is_that_of_keras() -> None:
    random = np.random.default_rng(3)
    margins, truth = random.normal(size=(50, 4)), random.integers(0, 4, 50)
    error = judged(Results("y", "y", "classes", margins, truth, np.arange(50), tuple("abcd"), "margins")).error
    assert error is not None
    assert error == pytest.approx(np.asarray(keras.losses.categorical_hinge(np.eye(4)[truth], margins)), abs=1e-6)


def test_shares_keep_the_order_and_a_half() -> None:
    values = np.array([-900.0, -1.0, 0.0, 1.0, 900.0])
    scales: tuple[Scale, ...] = ("logits", "margins")
    for scale in scales:
        found = shares(values, scale, single=True)
        assert found[2] == 0.5 and (np.diff(found) >= 0).all() and found[0] >= 0.0 and found[-1] <= 1.0
    assert shares(values, "margins", single=True)[3] == pytest.approx((1 + np.tanh(1.0)) / 2)
