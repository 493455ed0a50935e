"""What comes out of boxes, against what plain Keras computes for the same samples."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from runtime.messages.inside import CallAt, Line, Tiles, Tokens, Vector
from runtime.messages.protocol import decode_from_worker, encode
from runtime.messages.views import Heat
from runtime.worker.evaluation.inside.activations import Names, activations_of, open_tensor
from runtime.worker.evaluation.inside.addresses import all_calls
from runtime.worker.evaluation.inside.looking import Looker
from runtime.worker.evaluation.inside.tensors import to_array
from runtime.worker.evaluation.inside.views import Manner
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.waiting import waiting

RANDOM = np.random.default_rng(3)
PICTURE = RANDOM.random((1, 8, 8, 1)).astype(np.float32)


def stacked() -> Any:
    """A shared layer called twice, a nested model called twice, and a Sequential at the end."""
    inside = keras.Input((8, 8, 4))
    encoder = keras.Model(inside, layers.Conv2D(4, 3, padding="same", name="deep")(inside), name="encoder")
    given = keras.Input((8, 8, 1), name="picture")
    shared = layers.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    x = shared(layers.Conv2D(4, 1, name="first")(given))
    x = encoder(encoder(shared(x)))
    x = layers.BatchNormalization(name="norm")(x)
    end = keras.Sequential([layers.Flatten(name="flat"), layers.Dense(5, name="end")], name="stack")
    return keras.Model(given, layers.Dense(3, activation="softmax", name="says")(end(x)))


def looked(model: Any, arrays: dict[str, Any], *calls: CallAt, **how: Any) -> dict[CallAt, list[Any]]:
    found = Looker(model).look(arrays, calls or all_calls(model), **how)
    assert not found.errors, found.errors
    return {call: [to_array(one) for one in outputs] for call, outputs in found.outputs.items()}


def refused(work: Callable[[], object]) -> str:
    try:
        work()
    except WorkerError as error:
        return str(error.text)
    raise AssertionError("was not refused")


def check_every_call_is_what_keras_computes() -> None:
    model = stacked()
    found = looked(model, {"picture": PICTURE})
    tensors = [node.outputs[0] for node in model.get_layer("shared")._inbound_nodes]
    tensors += [model.get_layer("norm").output, model.get_layer("says").output]
    expected = keras.Model(model.inputs, tensors).predict(PICTURE, verbose=0)
    calls = [CallAt("shared"), CallAt("shared", 1), CallAt("norm"), CallAt("says")]
    assert len(found) == len(model.operations) + 2  # two layers are called twice
    for call, values in zip(calls, expected, strict=True):
        np.testing.assert_allclose(found[call][0], values, rtol=1e-5, atol=1e-6)
    assert not np.allclose(found[calls[0]][0], found[calls[1]][0])


def check_inside_nested_models_each_call_by_itself() -> None:
    model = stacked()
    first, second = CallAt("deep", 0, ("encoder",)), CallAt("deep", 0, ("encoder",), (1,))
    end = CallAt("end", 0, ("stack",))
    found = looked(model, {"picture": PICTURE}, first, second, end, CallAt("encoder"), CallAt("encoder", 1))
    np.testing.assert_array_equal(found[first][0], found[CallAt("encoder")][0])
    np.testing.assert_array_equal(found[second][0], found[CallAt("encoder", 1)][0])
    assert not np.allclose(found[first][0], found[second][0]) and found[end][0].shape == (1, 5)


def check_a_compiled_function_gives_the_same() -> None:
    model = stacked()
    looker, calls = Looker(model), (*all_calls(model), CallAt("deep", 0, ("encoder",), (1,)))
    one_by_one = {call: to_array(x[0]) for call, x in looker.look({"picture": PICTURE}, calls).outputs.items()}
    looker.forget()
    use = (tuple(calls), False, ((1, 8, 8, 1),))
    looker._uses[use] = (5, 1.0)
    compiled = looker.look({"picture": PICTURE}, calls)
    assert use in looker._functions
    for call in calls:
        np.testing.assert_allclose(to_array(compiled.outputs[call][0]), one_by_one[call], rtol=1e-5, atol=1e-6)


def check_as_in_training_changes_nothing_of_the_model() -> None:
    model = dropped()
    before = [variable.numpy() for variable in model.variables]
    nodes = [len(operation._inbound_nodes) for operation in model.operations]
    sample = {"row": RANDOM.random((6, 8)).astype(np.float32)}
    calls = [CallAt("norm"), CallAt("drop"), CallAt("own")]
    use, once, again, other = (
        looked(model, sample, *calls, training=training, seed=seed)
        for training, seed in ((False, 0), (True, 1), (True, 1), (True, 2))
    )
    for call in calls[1:]:
        np.testing.assert_array_equal(once[call][0], again[call][0])
        assert not np.array_equal(once[call][0], other[call][0])
        assert 0.2 < (once[call][0] == 0).mean() < 0.8 and not (use[call][0] == 0).any()
    normed = once[CallAt("norm")][0]
    np.testing.assert_allclose(normed.mean(0), 0, atol=1e-5)  # the batch's own statistics
    np.testing.assert_allclose(normed.std(0), 1, atol=0.05)
    assert all(np.array_equal(old, variable.numpy()) for old, variable in zip(before, model.variables, strict=True))
    assert nodes == [len(operation._inbound_nodes) for operation in model.operations]


@keras.saving.register_keras_serializable("inside")
class OwnDropout(layers.Layer):
    """Takes no `training`: the layer inside hears of it from the whole model alone."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.inner = layers.Dropout(0.5)

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


def dropped() -> Any:
    given = keras.Input((8,), name="row")
    x = layers.BatchNormalization(name="norm")(given)
    x = layers.Dropout(0.5, name="drop")(x)
    return keras.Model(given, OwnDropout(name="own")(layers.Dense(40, bias_initializer="ones")(x)))


class Counting(layers.Layer):
    """Counts how often it is computed."""

    times = 0

    def call(self, inputs: Any) -> Any:
        type(self).times += 1
        return inputs + 1.0


def check_only_what_is_asked_for_is_computed_and_once() -> None:
    given = keras.Input((4,), name="row")
    middle = layers.Dense(4, name="middle")(Counting(name="counting")(given))
    model = keras.Model(given, Counting(name="late")(layers.Dense(2, name="beside")(middle)))
    Counting.times = 0
    looker, sample = Looker(model), {"row": np.ones((1, 4), np.float32)}
    looker.look(sample, [CallAt("middle")])
    assert Counting.times == 1  # not the late one
    looker.look(sample, [CallAt("middle"), CallAt("beside")])
    assert Counting.times == 1  # the middle one is known
    looker.look({"row": np.zeros((1, 4), np.float32)}, [CallAt("middle")])
    assert Counting.times == 2


class Failing(layers.Layer):
    def call(self, inputs: Any) -> Any:
        raise ValueError("The sample is too blue.")

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class Hungry(Failing):
    def call(self, inputs: Any) -> Any:
        raise MemoryError("Unable to allocate 9.00 GiB for an array with shape (9,)")


def behind(layer: Any) -> Any:
    given = keras.Input((4,), name="row")
    return keras.Model(given, layers.Dense(2, name="after")(layer(layers.Dense(4, name="before")(given))))


def check_a_box_that_fails_leaves_the_others() -> None:
    model, sample = behind(Failing(name="own")), {"row": np.ones((1, 4), np.float32)}
    found = {one.call.layer: one for one in activations_of(Looker(model), sample, all_calls(model), Manner())}
    assert found["before"].error is None and isinstance(found["before"].view, Vector)
    assert "The sample is too blue" in str(found["own"].error)
    assert str(found["after"].error) == "It was not computed, since own before it could not be."
    nest = keras.Input((4,), name="outer")
    whole = keras.Model(model.input, model.output, name="nest")
    nested = keras.Model(nest, layers.Dense(1, name="last")(whole(nest)))
    inner = CallAt("own", 0, ("nest",))
    told = Looker(nested).look({"outer": sample["row"]}, [*all_calls(nested), inner]).errors
    assert "too blue" in str(told[inner]) and "own, inside it" in str(told[CallAt("nest")])


def check_too_little_memory_and_cancelling_end_it() -> None:
    model, sample = behind(Hungry(name="own")), {"row": np.ones((1, 4), np.float32)}
    assert "There was not enough memory" in refused(lambda: Looker(model).look(sample, all_calls(model)))
    asked = iter([True, True, False, False])
    try:
        with waiting(lambda: next(asked)):
            Looker(stacked()).look({"picture": PICTURE}, [CallAt("says")])
    except CancelledError:
        return
    raise AssertionError("went on")


def check_what_is_not_there_is_said_in_a_sentence() -> None:
    model, sample = stacked(), {"picture": PICTURE}
    looker = Looker(model)
    assert refused(lambda: looker.look(sample, [CallAt("gone")])) == "The trained model has no call 1 of gone."
    assert "no call 3 of shared" in refused(lambda: looker.look(sample, [CallAt("shared", 2)]))
    assert "no nested model first" in refused(lambda: looker.look(sample, [CallAt("x", 0, ("first",))]))
    assert "nothing for the input picture" in refused(lambda: looker.look({}, [CallAt("says")]))
    assert "has no output 2" in refused(lambda: open_tensor(looker, sample, CallAt("says"), 1, Manner()))


class Pair(layers.Layer):
    def call(self, inputs: Any) -> Any:
        return {"b": inputs[:, :2], "a": keras.ops.cast(inputs > 0, "bool")}


def check_layers_with_several_outputs_states_and_masks() -> None:
    ids = keras.Input((7,), dtype="int32", name="ids")
    vectors = layers.Embedding(9, 4, mask_zero=True, name="vectors")(ids)
    sequence, h, c = layers.LSTM(3, return_sequences=True, return_state=True, name="lstm")(vectors)
    pair = Pair(name="pair")(h)
    half = layers.Dense(3, dtype="mixed_float16", name="half")(c)
    last = layers.LSTM(2, name="again")(sequence)
    model = keras.Model(ids, [last, pair["a"], pair["b"], half])
    sample = {"ids": np.array([[3, 1, 2, 0, 0, 0, 0]], np.int32)}
    words = ("", "?", "a", "tea")
    names = Names(words={"ids": words})
    found = activations_of(Looker(model), sample, all_calls(model), Manner(), names=names)
    by_place = {(one.call.layer, one.output): one for one in found}
    assert all(one.error is None for one in found), found
    assert by_place["ids", 0].view == Tokens(("tea", "?", "a", "0", "0", "0", "0"), 7)
    assert isinstance(by_place["vectors", 0].view, Line) and by_place["vectors", 0].shape == (7, 4)
    assert [by_place["lstm", place].shape for place in range(3)] == [(7, 3), (3,), (3,)]
    assert {by_place["pair", place].dtype for place in range(2)} == {"bool", "float32"}
    assert by_place["half", 0].dtype == "float16"
    plain = model.predict(sample["ids"], verbose=0)[0]  # with masks
    np.testing.assert_allclose(looked(model, sample)[CallAt("again")][0], plain, rtol=1e-5)
    looker = Looker(model)
    looker.look(sample, [CallAt("vectors")])
    again = looker.look(sample, [CallAt("again")])  # goes on from what is known, with its mask
    np.testing.assert_allclose(to_array(again.outputs[CallAt("again")][0]), plain, rtol=1e-5)
    opened = open_tensor(Looker(model), sample, CallAt("lstm"), 1, Manner())
    assert decode_from_worker(encode(opened)) == opened


def check_attention_shows_how_much_places_look_at_each_other() -> None:
    given = keras.Input((5, 6), name="steps")
    attention = layers.MultiHeadAttention(2, 3, name="looks")
    plain = layers.Attention(name="plain")([given, given])
    model = keras.Model(given, [attention(given, given), plain])
    sample = RANDOM.random((1, 5, 6)).astype(np.float32)
    looker = Looker(model)
    one, other = activations_of(looker, {"steps": sample}, [CallAt("looks"), CallAt("plain")], Manner())
    outputs, scores = attention(sample, sample, return_attention_scores=True)
    assert isinstance(one.view, Heat) and isinstance(other.view, Heat)
    np.testing.assert_allclose(one.view.values, np.asarray(scores)[0].mean(0), rtol=1e-5)
    assert one.mean is not None
    np.testing.assert_allclose(one.mean, np.asarray(outputs).mean(), rtol=1e-4)
    opened = open_tensor(looker, {"steps": sample}, CallAt("looks"), 0, Manner())
    np.testing.assert_allclose(opened.scores[1].values, np.asarray(scores)[0, 1], rtol=1e-5)
    assert len(opened.scores) == 2


def check_figures_of_samples_with_nan_and_of_pictures() -> None:
    given = keras.Input((4, 4, 3), name="picture")
    model = keras.Model(given, layers.ReLU(name="relu")(given))
    sample = RANDOM.random((1, 4, 4, 3)).astype(np.float32) - 0.5
    sample[0, 1, 1, 1] = np.nan
    shown, relu = activations_of(Looker(model), {"picture": sample}, all_calls(model), Manner())
    finite = sample[np.isfinite(sample)]
    assert shown.nans == 1 and (shown.low, shown.high) == (float(finite.min()), float(finite.max()))
    assert shown.mean is not None and relu.zeros is not None
    np.testing.assert_allclose(shown.mean, finite.mean(dtype=np.float64))
    assert isinstance(shown.view, Tiles) and not shown.view.channels and shown.view.maps[0].channels == 3
    assert isinstance(relu.view, Tiles) and len(relu.view.maps) == 3 and relu.zeros > 0.2


def check_a_fixed_batch_and_words_for_a_layer() -> None:
    fixed = keras.Input(batch_shape=(4, 3), name="row")
    model = keras.Model(fixed, layers.Dense(2, name="out")(fixed))
    sample = RANDOM.random((1, 3)).astype(np.float32)
    (found,) = activations_of(Looker(model), {"row": sample}, [CallAt("out")], Manner())
    expected = model.predict(np.repeat(sample, 4, 0), verbose=0, batch_size=4)[0]
    assert isinstance(found.view, Vector)
    np.testing.assert_allclose(found.view.values, expected, rtol=1e-5)
    words = keras.Input((2,), dtype="string", name="words")
    lookup = layers.StringLookup(vocabulary=["tea", "cup"], name="lookup")
    model = keras.Model(words, layers.Embedding(4, 2, name="vectors")(lookup(words)))
    told = activations_of(Looker(model), {"words": np.array([["cup", "no"]], object)}, all_calls(model), Manner())
    assert told[0].view == Tokens(("cup", "no"), 2) and told[1].view == Tokens(("2", "0"), 2)
