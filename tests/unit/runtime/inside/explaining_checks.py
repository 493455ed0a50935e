"""Explanations of models whose right answer is known: by hand, or by what the papers say must hold."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from runtime.messages.inside import CallAt
from runtime.worker.evaluation.explaining import grad_cam, integrated_gradients, occlusion, saliency
from runtime.worker.evaluation.explaining.drawing import drawn, overlay_of
from runtime.worker.evaluation.explaining.question import Question, forward, ordered
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.waiting import waiting

RANDOM = np.random.default_rng(7)


def linear(activation: str | None = None, units: int = 3) -> Any:
    given = keras.Input((4,), name="row")
    model = keras.Model(given, layers.Dense(units, activation=activation, name="says")(given))
    model.set_weights([RANDOM.normal(size=(4, units)).astype(np.float32), np.full(units, 0.5, np.float32)])
    return model


def asked(model: Any, sample: Any, **more: Any) -> Question:
    return Question(model, {model.inputs[0]._keras_history.operation.name: np.asarray(sample)[None]}, **more)


def refused(work: Callable[[], object]) -> str:
    try:
        work()
    except WorkerError as error:
        return str(error.text)
    raise AssertionError("was not refused")


ROW = np.array([1.0, -2.0, 0.5, 3.0], np.float32)


def check_saliency_of_a_linear_model_is_its_weights() -> None:
    model = linear()
    for activation in (None, "softmax", "sigmoid"):  # of the score before the last activation
        model = linear(activation)
        weights = model.get_weights()[0][:, 1]
        found = saliency.explain(asked(model, ROW, index=1))
        np.testing.assert_allclose(found.values, np.abs(weights), rtol=1e-5)
    weights, given = model.get_weights()[0][:, 1], keras.Input((4,), name="row")
    apart = keras.Model(given, layers.Softmax()(layers.Dense(3)(given)))
    apart.set_weights(model.get_weights())
    np.testing.assert_allclose(saliency.explain(asked(apart, ROW, index=1)).values, np.abs(weights), rtol=1e-5)
    stack = keras.Sequential([layers.Dense(4, use_bias=False), layers.Dense(3, activation="softmax")])
    nested = keras.Model(given, stack(given))
    nested.set_weights([np.eye(4, dtype=np.float32), *model.get_weights()])
    np.testing.assert_allclose(saliency.explain(asked(nested, ROW, index=1)).values, np.abs(weights), rtol=1e-5)


def check_saliency_of_a_picture_is_the_largest_channel() -> None:
    given = keras.Input((2, 3, 2), name="picture")
    model = keras.Model(given, layers.Dense(2, activation="softmax")(layers.Flatten()(given)))
    weights = model.get_weights()[0][:, 0].reshape(2, 3, 2)
    found = saliency.explain(asked(model, RANDOM.random((2, 3, 2)).astype(np.float32), index=0))
    np.testing.assert_allclose(found.values, np.abs(weights).max(-1), rtol=1e-5)


def check_integrated_gradients_of_a_linear_model_are_exact() -> None:
    model = linear()
    found = integrated_gradients.explain(asked(model, ROW, index=2, steps=3))
    np.testing.assert_allclose(found.values, ROW * model.get_weights()[0][:, 2], rtol=1e-5)


def small() -> Any:
    given = keras.Input((4,), name="row")
    x = layers.Dense(8, activation="tanh")(given)
    return keras.Model(given, layers.Dense(3, activation="softmax", name="says")(layers.Dropout(0.5)(x)))


def check_integrated_gradients_are_complete() -> None:
    """The axiom of completeness: they add up to the difference from the baseline."""
    model = small()
    question = asked(model, ROW, index=1, steps=200)
    found = integrated_gradients.explain(question)
    difference = float(forward(question, [ROW[None]])[0] - forward(question, [np.zeros((1, 4), np.float32)])[0])
    np.testing.assert_allclose(found.total, difference, atol=1e-5)
    np.testing.assert_allclose(found.values.sum(), found.total, rtol=1e-6)
    assert f"{difference:.4g}" in str(found.note)


def check_integrated_gradients_against_a_plain_sum() -> None:
    """Equation 1 with the midpoint rule, by differences of the score itself."""
    model, steps = small(), 50
    question = asked(model, ROW, index=0, steps=steps)
    expected, small_step = np.zeros(4), 1e-2
    for step in range(steps):
        at = ROW * (step + 0.5) / steps
        for place in range(4):
            more, less = at.copy(), at.copy()
            more[place] += small_step
            less[place] -= small_step
            rise = forward(question, [more[None]])[0] - forward(question, [less[None]])[0]
            expected[place] += ROW[place] * rise / (2 * small_step) / steps
    np.testing.assert_allclose(integrated_gradients.explain(question).values, expected, atol=2e-4)


def check_a_binary_output_has_two_sides() -> None:
    model = linear("sigmoid", 1)
    yes, no = (asked(model, ROW, index=index, binary=True) for index in (1, 0))
    assert abs(forward(yes, [ROW[None]])[0] + forward(no, [ROW[None]])[0] - 1) < 1e-6
    one, other = (integrated_gradients.explain(question).values for question in (yes, no))
    np.testing.assert_allclose(one, -other, rtol=1e-4)
    np.testing.assert_allclose(saliency.explain(no).values, np.abs(model.get_weights()[0][:, 0]), rtol=1e-5)


def seeing() -> tuple[Any, Any]:
    """Two maps that are the channels of the picture; class c sees the mean of map k with weight [k, c]."""
    given = keras.Input((4, 4, 2), name="picture")
    maps = layers.Conv2D(2, 1, use_bias=False, name="maps")(given)
    model = keras.Model(given, layers.Dense(2, activation="softmax")(layers.GlobalAveragePooling2D()(maps)))
    weights = np.array([[2.0, -1.0], [-1.0, 3.0]], np.float32)
    model.set_weights([np.eye(2, dtype=np.float32)[None, None], weights, np.zeros(2, np.float32)])
    return model, weights


def check_grad_cam_of_a_model_made_by_hand() -> None:
    model, weights = seeing()
    picture = RANDOM.random((4, 4, 2)).astype(np.float32)
    for index in range(2):
        # y = sum over k of w_k mean(A_k), so that the gradient at each place is w_k/16, and so is its mean
        expected = np.maximum(picture @ (weights[:, index] / 16), 0)
        for layer in (None, CallAt("maps")):
            found = grad_cam.explain(asked(model, picture, index=index, layer=layer))
            np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-6)
    assert "choose a convolution" in refused(
        lambda: grad_cam.explain(asked(model, picture, layer=CallAt(model.layers[-1].name)))
    )
    assert "no layer with maps" in refused(lambda: grad_cam.explain(asked(linear(), ROW)))


def check_grad_cam_is_stretched_and_finds_maps_in_nested_models() -> None:
    model, _ = seeing()
    given = keras.Input((8, 8, 2), name="large")
    nested = keras.Model(given, model(layers.AveragePooling2D(2, name="smaller")(given)))
    picture = np.kron(RANDOM.random((4, 4)), np.ones((2, 2)))[..., None].repeat(2, 2).astype(np.float32)
    inside = CallAt("maps", 0, (model.name,))
    found = grad_cam.explain(asked(nested, picture, index=1, layer=inside))
    assert found.values.shape == (8, 8) and found.values.min() >= 0
    plain = grad_cam.explain(asked(model, picture[::2, ::2], index=1)).values
    stretched = keras.ops.image.resize(plain[None, ..., None].astype(np.float32), (8, 8), "bilinear")
    np.testing.assert_allclose(found.values, np.asarray(stretched)[0, ..., 0], rtol=1e-4, atol=1e-6)


def check_occlusion_drops_by_hand() -> None:
    given = keras.Input((16, 24, 1), name="picture")
    model = keras.Model(given, layers.Dense(1, name="says")(layers.Flatten()(given)))
    picture = RANDOM.random((16, 24, 1)).astype(np.float32)
    weights = model.get_weights()[0][:, 0].reshape(16, 24)
    side, step = occlusion.window_of(16, 24)
    assert (side, step) == (2, 1)
    lost = weights * (picture[..., 0] - picture.mean())  # what a covered pixel takes away
    drops, covered = np.zeros((16, 24)), np.zeros((16, 24))
    for y in range(15):
        for x in range(23):
            drops[y : y + 2, x : x + 2] += lost[y : y + 2, x : x + 2].sum()
            covered[y : y + 2, x : x + 2] += 1
    found = occlusion.explain(asked(model, picture))
    np.testing.assert_allclose(found.values, drops / covered, atol=1e-5)
    row = occlusion.explain(asked(linear(), ROW, index=0))
    assert row.values.shape == (4,)


def check_occlusion_of_numbers_is_the_share_of_each() -> None:
    model = linear()
    found = occlusion.explain(asked(model, ROW, index=0))
    np.testing.assert_allclose(found.values, ROW * model.get_weights()[0][:, 0], rtol=1e-4)


WORDS = ("", "[UNK]", "the", "soup", "was", "cold")
IDS = np.array([2, 3, 4, 5, 0, 0], np.int32)


def reading(masked: bool = True) -> Any:
    """Says, by a softmax of two, what the sum over the vectors of all words says."""
    given = keras.Input((6,), dtype="int32", name="words")
    x = layers.Embedding(6, 2, mask_zero=masked, name="vectors")(given)
    x = layers.GlobalAveragePooling1D(name="mean")(x)
    model = keras.Model(given, layers.Dense(2, name="says")(x))
    model.get_layer("vectors").set_weights([RANDOM.normal(size=(6, 2)).astype(np.float32)])
    return model


def check_texts_are_explained_word_by_word() -> None:
    for masked in (True, False):
        model = reading(masked)
        question = asked(model, IDS, index=1, words=WORDS, steps=4)
        vectors = model.get_layer("vectors").get_weights()[0]
        weights = model.get_layer("says").get_weights()[0][:, 1]
        count = 4 if masked else 6
        expected = vectors[IDS] @ weights / count
        if masked:
            expected[4:] = 0
        found = integrated_gradients.explain(question)
        np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-7)
        slopes = saliency.explain(question)
        length = np.where(np.arange(6) < count, np.linalg.norm(weights) / count, 0)
        np.testing.assert_allclose(slopes.values, length, rtol=1e-4)
        assert found.tokens == ("the", "soup", "was", "cold", "0", "0") == slopes.tokens
        shown = drawn(question, found, 0.5, 64, ())
        assert shown.words is not None and shown.words.tokens == ("the", "soup", "was", "cold")
        assert max(map(abs, shown.words.weights)) == 1.0


def check_occlusion_of_texts_leaves_out_a_word() -> None:
    model = reading()
    question = asked(model, IDS, index=0, words=WORDS)
    whole = forward(question, ordered(question))[0]
    found = occlusion.explain(question)
    for place in range(4):
        without = IDS.copy()
        without[place] = 0
        np.testing.assert_allclose(found.values[place], whole - forward(question, [without[None]])[0], atol=1e-6)
    assert not found.values[4:].any() and found.tokens is not None and found.tokens[1] == "soup"


def check_words_that_the_model_looks_up_itself() -> None:
    given = keras.Input((2,), dtype="string", name="words")
    lookup = layers.StringLookup(vocabulary=["tea", "cold"], name="lookup")
    model = keras.Model(given, layers.Dense(2)(layers.Flatten()(layers.Embedding(3, 2)(lookup(given)))))
    question = asked(model, np.array(["cold", "tea"], object), index=1)
    for method in (occlusion, integrated_gradients, saliency):
        found = method.explain(question)
        assert found.tokens == ("cold", "tea") and found.values.shape == (2,)
    np.testing.assert_allclose(integrated_gradients.explain(question).total, _difference(question, model), rtol=1e-4)


def _difference(question: Question, model: Any) -> float:
    """What the model says, less what its last layer says of zeros: its bias."""
    return float(forward(question, ordered(question))[0] - model.layers[-1].get_weights()[1][1])


def check_a_model_of_a_fixed_batch_is_explained() -> None:
    given = keras.Input(batch_shape=(3, 4), name="row")
    model = keras.Model(given, layers.Dense(2)(given))
    weights = model.get_weights()[0][:, 1]
    question = asked(model, ROW, index=1, steps=5)
    np.testing.assert_allclose(integrated_gradients.explain(question).values, ROW * weights, rtol=1e-4)
    np.testing.assert_allclose(saliency.explain(question).values, np.abs(weights), rtol=1e-5)
    np.testing.assert_allclose(occlusion.explain(question).values, ROW * weights, rtol=1e-3, atol=1e-6)


def check_what_cannot_be_explained_is_said() -> None:
    model = linear()
    assert "has 3 values: there is no number 9" in refused(lambda: saliency.explain(asked(model, ROW, index=9)))
    assert "no input other" in refused(lambda: saliency.explain(Question(model, {"row": ROW[None]}, "other")))
    counts = iter([True, False, False])
    try:
        with waiting(lambda: next(counts)):
            occlusion.explain(asked(seeing()[0], np.zeros((4, 4, 2), np.float32)))
    except CancelledError:
        return
    raise AssertionError("went on")


def check_an_explanation_changes_nothing_of_the_model() -> None:
    model = linear("softmax")
    before = model.get_weights()
    saliency.explain(asked(model, ROW))
    assert model.layers[-1].activation is keras.activations.softmax
    assert all(np.array_equal(one, other) for one, other in zip(before, model.get_weights(), strict=True))


def check_colours_say_for_and_against() -> None:
    picture = overlay_of(np.array([[1.0, -1.0], [0.0, 0.5]]), 8)
    pixels = np.frombuffer(picture.data, np.uint8).reshape(2, 2, 4)
    assert pixels[0, 0, 0] > pixels[0, 0, 2] and pixels[0, 1, 0] < pixels[0, 1, 2]
    assert pixels[0, 0, 3] == pixels[0, 1, 3] > pixels[1, 1, 3] > pixels[1, 0, 3] == 0
    assert (overlay_of(np.zeros((40, 20)), 10).width, overlay_of(np.zeros((40, 20)), 10).height) == (5, 10)
