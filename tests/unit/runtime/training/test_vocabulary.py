"""Ids that an Embedding does not have are found wherever it stands, before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.advice.embedded_ids import embedded_ids
from runtime.messages.checking import DataProblem, Endpoint, Ids, ParameterChange
from runtime.spec import Binding, DataSource
from runtime.worker.data.checks import check
from runtime.worker.data.opening import open_source

Json = dict[str, Any]


def tensor(name: str, node: int = 0, index: int = 0) -> Json:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, node, index]}}


def layer(kind: str, name: str, *calls: Any, module: str = "keras.layers", **config: Any) -> Json:
    """`calls` are names of the layers that feed it, lists of them for a layer of several tensors."""
    nodes = []
    for call in calls:
        given = [tensor(source) for source in call] if isinstance(call, list) else tensor(call)
        nodes.append({"args": [given], "kwargs": {}})
    return {
        "class_name": kind,
        "name": name,
        "module": module,
        "config": {"name": name, **config},
        "inbound_nodes": nodes,
    }


def embedding(name: str, rows: int, *sources: str) -> Json:
    return layer("Embedding", name, *sources, input_dim=rows)


def model(*layers: Json, inputs: tuple[str, ...] = ("ids",), output: str = "", kind: str = "Functional") -> Json:
    ends = {"input_layers": [[name, 0, 0] for name in inputs], "output_layers": [[output, 0, 0]]}
    return {
        "class_name": kind,
        "config": {"layers": [*(layer("InputLayer", name) for name in inputs), *layers], **ends},
    }


def test_of_several_embeddings_the_smallest_counts() -> None:
    made = model(
        embedding("a", 100, "review"), embedding("b", 50, "review"), embedding("c", 10, "hashed"),
        inputs=("review", "image"),
    )  # fmt: skip
    assert embedded_ids(made) == {"review": Ids("b", 50)}


INNER: Json = {
    "layers": [layer("InputLayer", "given"), layer("Reshape", "inner", "given"), embedding("e", 10, "inner")]
}


@pytest.mark.parametrize(
    "layers",
    [
        [layer("Reshape", "r", "ids"), embedding("e", 10, "r")],
        [layer("Flatten", "f", "ids"), layer("Permute", "p", "f"), embedding("e", 10, "p")],
        [layer("Reshape", "r", "ids", module="keras.src.ops.numpy"), embedding("e", 10, "r")],
        [layer("Cast", "r", "ids", module="keras.src.ops.core"), embedding("e", 10, "r")],
        [layer("Concatenate", "c", ["ids", "ids"]), embedding("e", 10, "c")],
        [layer("UpSampling1D", "u", "ids"), layer("ZeroPadding1D", "z", "u"), embedding("e", 10, "z")],
        [layer("BroadcastTo", "b", "ids", module="keras.src.ops.numpy"), embedding("e", 10, "b")],
        [
            layer(
                "TimeDistributed",
                "t",
                "ids",
                layer={"class_name": "Embedding", "config": {"name": "e", "input_dim": 10}},
            )
        ],
        [layer("Functional", "m", "ids", input_layers=[["given", 0, 0]], output_layers=[["e", 0, 0]], **INNER)],
        [layer("Sequential", "m", "ids", layers=[layer("Flatten", "f"), embedding("e", 10)])],
        [
            layer(
                "Functional",
                "m",
                "ids",
                input_layers=[["given", 0, 0]],
                output_layers=[["inner", 0, 0]],
                layers=INNER["layers"][:2],
            ),
            embedding("e", 10, "m"),
        ],
    ],
)
def test_an_embedding_is_found_behind_what_only_arranges(layers: list[Json]) -> None:
    assert {name: ids.rows for name, ids in embedded_ids(model(*layers)).items()} == {"ids": 10}


@pytest.mark.parametrize(
    "layers",
    [
        [layer("Rescaling", "r", "ids"), embedding("e", 10, "r")],
        [layer("Cropping1D", "r", "ids"), embedding("e", 10, "r")],  # what it cuts off may be anything
        [layer("Add", "r", "ids", module="keras.src.ops.numpy"), embedding("e", 10, "r")],
        [layer("Dense", "d", "ids"), embedding("e", 10, "d")],
    ],
)
def test_nothing_is_guessed_behind_what_changes_values(layers: list[Json]) -> None:
    assert embedded_ids(model(*layers)) == {}


def test_a_long_chain_is_followed() -> None:
    layers = [layer("Reshape", f"r{step}", f"r{step - 1}" if step else "ids") for step in range(3000)]
    assert embedded_ids(model(*reversed(layers), embedding("e", 10, "r2999"))) == {"ids": Ids("e", 10)}


def found(tmp_path: Path, values: Any) -> list[DataProblem]:
    np.savez(tmp_path / "a.npz", ids=values)
    end = Endpoint("ids", (None, *values.shape[1:]), "int32", ids=Ids("words", 10))
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        return [
            problem for problem in check(source, [Binding("ids", ("ids",))], [end], []) if problem.severity != "note"
        ]


def test_the_first_id_without_a_row_is_named_and_rows_are_proposed(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, np.array([[0, 9], [3, 16], [19, 1]]))
    assert "ids is 16 at" in str(problem.text) and "the Embedding of ids takes 0 to 9" in str(problem.text)
    assert problem.mend is not None and str(problem.mend.text) == "Give words 20 rows"
    assert problem.mend.changes == (ParameterChange("words", {"input_dim": 20}),)
    (negative,) = found(tmp_path, np.array([[0, 9], [3, -1]]))
    assert "ids is -1 at" in str(negative.text) and negative.mend is None
    assert found(tmp_path, np.array([[0, 9], [3, 4]])) == []


def test_in_a_stack_the_input_feeds_the_layer_behind_it() -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"name": "review"}},
        {"class_name": "Embedding", "config": {"name": "a", "input_dim": 7}},
        {"class_name": "Embedding", "config": {"name": "b", "input_dim": 3}},
    ]
    assert embedded_ids({"class_name": "Sequential", "config": {"layers": layers}}) == {"review": Ids("a", 7)}
