"""Boxes put into nested models and taken out again: Keras computes the same from the same weights."""

from typing import Any

import pytest

from tests.support.fresh_python import answer_of

SCRIPT = """
import json, numpy as np, keras
from keras import layers as L
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.edits import EditError
from graph_editor.document.graph import TensorRef
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.history import History
from graph_editor.document.checking.validation import problems
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json

CATALOG = Catalog.load()

def chain():
    x = keras.Input((8,), name="x"); y = x
    for n in range(5): y = L.Dense(8, activation="tanh", name=f"d{n}")(y)
    return keras.Model(x, y, name="chain")

def residual():
    x = keras.Input((6, 6, 3), name="x"); a = L.Conv2D(4, 3, padding="same", name="a")(x)
    b = L.BatchNormalization(name="b")(a); c = L.Conv2D(4, 3, padding="same", name="c")(b)
    s = L.Add(name="s")([a, c]); p = L.GlobalAveragePooling2D(name="p")(s)
    return keras.Model(x, [L.Dense(2, name="u")(p), L.Dense(3, name="v")(p)], name="residual")

def twice():
    i = keras.Input((8,), name="i"); e = L.Dense(8, name="e2")(L.Dense(4, name="e1")(i))
    encoder = keras.Model(i, [e, L.Dense(2, name="e3")(e)], name="encoder")
    a = keras.Input((8,), name="a"); b = keras.Input((8,), name="b")
    (p, q), (r, s) = encoder(a), encoder(encoder(b)[0])
    return keras.Model([a, b], [L.Concatenate(name="cat")([p, r]), L.Add(name="sum")([q, s])], name="twice")

def several_inputs():
    i = keras.Input((8,), name="i"); j = keras.Input((8,), name="j")
    m = keras.Model([i, j], L.Dense(3, name="m1")(L.Subtract(name="m2")([i, j])), name="m")
    k = keras.Input((8,), name="k"); outer = keras.Model(k, m([k, L.Dense(8, name="o1")(k)]), name="outer")
    x = keras.Input((8,), name="x"); y = keras.Input((8,), name="y")
    return keras.Model([x, y], [outer(x), outer(y)], name="several")

def sequential():
    stack = keras.Sequential([L.Input((8,)), L.Dense(4, name="s1"), L.Dense(8, name="s2")], name="stack")
    late = keras.Sequential([L.Dense(4, name="t1"), L.Dropout(0.5, name="t2")], name="late")
    x = keras.Input((8,), name="x"); return keras.Model(x, late(stack(L.Dense(8, name="first")(x))), name="sequential")

def leaves(model):
    found = {}
    for layer in model.layers:
        found.update(leaves(layer) if isinstance(layer, keras.Model) else {layer.name: layer})
    return found

def spec_of_model(model, document):
    # the engine's part: the shapes of all tensors of the root, told by Keras itself
    shapes = {}
    for call_id in document.graph.topological_order():
        call = document.graph.calls[call_id]
        def real(tree):
            if isinstance(tree, TensorRef): return shapes[tree]
            if isinstance(tree, (list, tuple)): return [real(item) for item in tree]
            return tree
        operation = document.graph.operation_of(call_id)
        layer = model.get_layer(operation.name)
        if operation.class_name == "InputLayer": outputs = [layer.output]
        else: outputs = keras.tree.flatten(layer(*[real(a) for a in call.args]))
        for index, tensor in enumerate(outputs):
            shapes[TensorRef(call_id, index)] = keras.KerasTensor(tensor.shape, tensor.dtype)
    return lambda ref: (tuple(shapes[ref].shape), str(shapes[ref].dtype)) if ref in shapes else None

def compare(model, document):
    assert not [p for p in problems(document, CATALOG) if p.severity == "error"], problems(document, CATALOG)
    made = keras.saving.deserialize_keras_object(model_json(document))
    mine, theirs = leaves(model), leaves(made)
    heavy = [sorted(name for name, layer in found.items() if layer.weights) for found in (mine, theirs)]
    assert heavy[0] == heavy[1], heavy
    for name, layer in mine.items():
        if layer.weights: theirs[name].set_weights(layer.get_weights())
    rng = np.random.default_rng(1)
    inputs = [rng.normal(size=(3, *t.shape[1:])).astype("float32") for t in model.inputs]
    inputs = inputs[0] if len(inputs) == 1 else inputs
    one, two = keras.tree.flatten(model(inputs)), keras.tree.flatten(made(inputs))
    assert len(one) == len(two)
    for a, b in zip(one, two): assert np.array_equal(np.asarray(a), np.asarray(b)), "outputs differ"
    assert made.count_params() == model.count_params()

def dissolve_all(document, history):
    count = 0
    while True:
        box = next((c for c in document.graph.calls if document.operation_of(c).graph), None)
        if box is None: return count
        history.do("dissolve", dissolve(document, box)[0]); count += 1

def check(make):
    model = make(); report = {"dissolved": 0, "grouped": 0, "refused": 0}
    for step in (1, 2, 3):
        document = from_model_json(json.loads(model.to_json()))
        history = History(document, FOLLOW_UPS)
        before = json.dumps(model_json(document))
        report["dissolved"] += dissolve_all(document, history)
        compare(model, document)
        while history.can_undo: history.undo()
        assert json.dumps(model_json(document)) == before
    document = from_model_json(json.loads(model.to_json())); history = History(document, FOLLOW_UPS)
    dissolve_all(document, history)
    flat = keras.saving.deserialize_keras_object(model_json(document))
    spec_of = spec_of_model(flat, document)
    layers = [c for c in document.graph.calls if document.operation_of(c).class_name != "InputLayer"]
    depth = len(history._done)
    for start in range(len(layers)):
        for length in (1, 2, 3, len(layers)):
            chosen = layers[start:start + length]
            try: edits, box = group(document, chosen, CATALOG, spec_of)
            except EditError: report["refused"] += 1; continue
            history.do("group", edits); compare(model, document)
            report["grouped"] += 1
            history.do("dissolve", dissolve(document, box)[0]); compare(model, document)
            while len(history._done) > depth: history.undo()
    return report

def branch_in_a_sequential():
    model = sequential(); document = from_model_json(json.loads(model.to_json()))
    history = History(document, FOLLOW_UPS)
    box = next(c for c in document.graph.calls if document.operation_of(c).name == "stack")
    inner = document.operation_of(box).graph
    first = next(c for c in document.graphs[inner].calls if document.operation_of(c).name == "s1")
    history.do("output", commands.set_output(document, TensorRef(first), True))
    history.do("root", commands.set_output(document, TensorRef(box, 1), True))
    made = keras.saving.deserialize_keras_object(model_json(document))
    inner_model = made.get_layer("stack")
    return {"class": type(inner_model).__name__, "shapes": [list(t.shape) for t in made.outputs]}

answer = {make.__name__: check(make) for make in (chain, residual, twice, several_inputs, sequential)}
answer["branch"] = branch_in_a_sequential()
print(json.dumps(answer))
"""


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    return answer_of("-c", SCRIPT)


@pytest.mark.parametrize("name", ["chain", "residual", "twice", "several_inputs", "sequential"])
def test_the_same_outputs_from_the_same_weights(answer: dict[str, Any], name: str) -> None:
    nested = {"chain": 0, "residual": 0}
    assert (answer[name]["dissolved"] > 0) == (name not in nested)
    assert answer[name]["grouped"] > 0


def test_a_stack_that_is_no_stack_any_more_is_a_functional_model(answer: dict[str, Any]) -> None:
    assert answer["branch"] == {"class": "Functional", "shapes": [[None, 4], [None, 4]]}
