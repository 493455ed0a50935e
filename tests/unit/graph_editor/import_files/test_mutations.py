"""Configs with anything anywhere: they open, or a sentence says why not; nothing else is raised."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.files import file_format
from graph_editor.document.files.file_format import FileError
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from tests.unit.graph_editor.import_files.models import Json, layer, model, old_input, old_layer, old_model, tensor

MUTATIONS = 1500
ODD: list[Json] = [
    None, True, 0, -1, 1.5, "", "x", "dense", "Functional", "Sequential", [], {}, [[]], [None], ["x", 0, 0],
    ["x", 9, 0], [["x", 0, 0, {}]], {"class_name": "Dense"}, {"class_name": "Lambda", "config": {}},
    {"args": [], "kwargs": {}}, {"class_name": "__keras_tensor__"}, tensor("x"), tensor("dense", 3), tensor("add"),
    {"x": {"y": [1]}}, float("nan"),
    {"class_name": [], "config": 1}, {"module": 3, "class_name": "Dense", "config": {"name": "q"}, "name": 3},
]  # fmt: skip


def modern() -> Json:
    add = layer("add", "Add")
    add["inbound_nodes"] = [{"args": [[tensor("x"), tensor("dense")]], "kwargs": {"mask": None}}]
    inner = {**model(layer("d", "Dense", "x", units=4), name="inner"), "name": "inner"}
    inner["inbound_nodes"] = [{"args": [tensor("add")], "kwargs": {}}]
    stack: Json = {"name": "stack", "layers": [layer("s1", "Dense", units=4), layer("s2", "ReLU")]}
    chain: Json = {"module": "keras", "class_name": "Sequential", "config": stack, "name": "stack"}
    chain["inbound_nodes"] = [{"args": [tensor("inner")], "kwargs": {}}]
    config = model(layer("dense", "Dense", "x", units=4, kernel_initializer={"class_name": "Zeros"}), add, inner, chain)
    compiled = {
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.1}},
        "loss": "mse",
        "metrics": ["mae"],
    }
    return {**config, "compile_config": compiled}


def old() -> Json:
    inner = old_model([old_input("i", 4)], [["i", 0, 0]], [["i", 0, 0]])
    nested = {**inner, "name": "inner", "inbound_nodes": [[["dense", 0, 0, {}]]]}
    layers = [
        old_input("x", 4),
        old_layer(
            "dense", "Dense", [["x", 0, 0, {"training": False}]], units=4, kernel_initializer={"class_name": "Ones"}
        ),
        nested,
        old_layer("add", "Add", [["x", 0, 0, {}], ["inner", 1, 0, {}]]),
        old_layer("rnn", "Bidirectional", [["add", 0, 0]], layer={"class_name": "GRU", "config": {"units": 3}}),
        old_layer(
            "norm", "BatchNormalization", [["rnn", 0, 0]], axis=[1], dtype={"class_name": "Policy", "config": {}}
        ),
    ]
    return old_model(layers, [["x", 0, 0]], [["norm", 0, 0]])


def places(tree: Json, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = [path] if path else []
    for key, value in pairs:
        found += places(value, (*path, key))
    return found


def mutated(source: Json, chance: random.Random) -> Json:
    tree = copy.deepcopy(source)
    for _ in range(chance.choice((1, 1, 2, 3))):
        path = chance.choice(places(tree))
        parent: Json = tree
        for key in path[:-1]:
            parent = parent[key]
        match chance.randrange(4):
            case 0:
                del parent[path[-1]]
            case 1 if hasattr(parent, "append"):
                parent.append(copy.deepcopy(parent[path[-1]]))
            case _:
                parent[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return tree


@pytest.mark.parametrize("make", [modern, old])
def test_anything_opens_or_is_a_sentence(tmp_path: Path, make: Json) -> None:
    catalog, chance, opened = Catalog.load(), random.Random(20), 0
    sentences: set[str] = set()
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(make()), "utf-8")
    assert open_model(path, catalog).document.graph.calls
    for number in range(MUTATIONS):
        tree = mutated(make(), chance)
        path.write_text(json.dumps(tree), "utf-8")
        try:
            document = open_model(path, catalog).document
        except FileError as error:
            sentences.add(error.text.english())
            continue
        except Exception as error:
            raise AssertionError(f"mutation {number}: {json.dumps(tree)}") from error
        opened += 1
        try:
            problems(document, catalog)
            written = model_json(document)
            assert json.dumps(model_json(file_format.loads(file_format.dumps(document)))) == json.dumps(written)
        except Exception as error:
            raise AssertionError(f"mutation {number} opened: {json.dumps(tree)}") from error
    assert opened > MUTATIONS / 10
    assert all(sentence.startswith("odd.json cannot be opened") for sentence in sentences)
