"""Configs that Keras wrote, read into a document and written again: the identical JSON."""

import copy
import json
from typing import Any

import pytest

from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.files import file_format
from graph_editor.document.history import History
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import ConfigError, from_model_json
from tests.support.fresh_python import answer_of

KERAS_SIDE = """
import json, keras
from keras import layers as L, ops

def dense(name, *tensors):
    return L.Dense(8, name=name)(*tensors)

def nested():
    i = keras.Input((8,), name="i"); m1 = keras.Model(i, dense("d", i), name="m1")
    j = keras.Input((8,), name="j"); m2 = keras.Model(j, m1(dense("e", j)), name="m2")
    k = keras.Input((8,), name="k"); return keras.Model(k, [m2(k), m1(k)], name="top")

def three_deep():
    model = nested()
    i = keras.Input((8,)); wrapped = keras.Model(i, model(i), name="wrapped")
    j = keras.Input((8,)); return keras.Model(j, wrapped(j), name="outermost")

def sequential():
    s = keras.Sequential([L.Input((4,)), L.Dense(3), L.Dense(2)], name="s")
    deferred = keras.Sequential([L.Dense(3), keras.Sequential([L.Dense(2)], name="inner")], name="s2")
    i = keras.Input((4,)); return keras.Model(i, deferred(s(i)))

def top_sequential():
    return keras.Sequential([L.Input((4,)), L.Dense(3), L.Dropout(0.5), L.Dense(1)])

def nests():
    a = keras.Input((4,), name="a"); b = keras.Input((4,), name="b")
    return keras.Model({"x": a, "y": [b]}, {"o": L.Add()([a, b]), "p": (a * 2,)})

def masks():
    t = keras.Input((None,), dtype="int32"); e = L.Embedding(10, 4, mask_zero=True)(t)
    o, h, c = L.LSTM(5, return_state=True)(e)
    return keras.Model(t, [o, L.LSTM(5)(e, initial_state=[h, c]), L.GlobalAveragePooling1D()(e)])

def operators():
    a = keras.Input((4, 6)); y = a[:, 1]; z = ops.concatenate([y, y * 2 + 1], axis=-1)
    return keras.Model(a, ops.where(z > 0, z, 0.0))

def attention():
    a = keras.Input((4, 6)); y, s = L.MultiHeadAttention(2, 3)(a, a, return_attention_scores=True)
    return keras.Model(a, [y, s])

def woven():
    x = keras.Input((8,)); a = L.Dense(8, name="a"); b = L.Dense(8, name="b")
    return keras.Model(x, a(b(a(x))))

def frozen():
    x = keras.Input((8,)); d = L.Dense(8, dtype="mixed_bfloat16"); y = d(x); d.trainable = False
    return keras.Model(x, L.BatchNormalization()(y))

makers = (nested, three_deep, sequential, top_sequential, nests, masks, operators, attention, woven, frozen)
print(json.dumps({make.__name__: json.loads(make().to_json()) for make in makers}))
"""


@pytest.fixture(scope="module")
def configs() -> dict[str, Any]:
    return answer_of("-c", KERAS_SIDE)


NAMES = [line.strip() for line in KERAS_SIDE.split("makers = (")[1].split(")")[0].split(",")]


@pytest.mark.parametrize("name", NAMES)
def test_what_keras_wrote_comes_out_as_it_went_in(configs: dict[str, Any], name: str) -> None:
    original = copy.deepcopy(configs[name])
    document = from_model_json(configs[name])
    assert model_json(document) == original
    assert configs[name] == original  # reading changes nothing
    stored = file_format.loads(file_format.dumps(document))  # nor does a project file lose anything
    assert model_json(stored) == original


def test_recorded_shapes_are_written_only_while_they_hold(configs: dict[str, Any]) -> None:
    document = from_model_json(configs["woven"])
    first = next(op for op in document.graph.operations.values() if op.name == "a")
    history = History(document, FOLLOW_UPS)
    history.do("units", commands.set_parameter(document, first.id, "units", 16))
    written = json.dumps(model_json(document)["config"]["layers"])
    assert '"shape": [null, 8]' in written  # the input, which is as it was
    assert written.count('"shape": []') == 2  # what b takes from a and what a takes from b are not known any more
    history.undo()
    assert model_json(document) == configs["woven"]


def test_a_sequential_that_grows_a_branch_becomes_functional(configs: dict[str, Any]) -> None:
    document = from_model_json(configs["top_sequential"])
    calls = list(document.graph.calls)
    from graph_editor.document.graph import TensorRef

    History(document, FOLLOW_UPS).do("output", commands.set_output(document, TensorRef(calls[1]), True))
    written = model_json(document)
    assert written["class_name"] == "Functional"
    assert len(written["config"]["output_layers"]) == 2


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda config: config["layers"][1].pop("class_name"), "layers → 1"),
        (lambda config: config["layers"].append(config["layers"][0]), "layers → 3"),
        (lambda config: config.update(output_layers=["nowhere", 0, 0]), "output_layers"),
        (lambda config: config.update(input_layers=7), "input_layers"),
        (lambda config: config["layers"][1].update(inbound_nodes={}), "inbound_nodes"),
    ],
)
def test_damage_is_named_with_its_place(configs: dict[str, Any], damage: Any, place: str) -> None:
    config = copy.deepcopy(configs["woven"])
    damage(config["config"])
    with pytest.raises(ConfigError) as caught:
        from_model_json(config)
    assert place in caught.value.place
