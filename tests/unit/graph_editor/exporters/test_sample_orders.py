"""A script with a seed trains on another order in each epoch, the same ones in each run: those of the trainer."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names
from graph_editor.exporters.python_source import python_source
from runtime.python_code import RunCode
from runtime.worker.data.feed.order import epoch_order
from tests.support.fresh_python import answer_of

COUNT, TRAINED, SEED = 103, 82, 7


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("orders")
    projects = {"list_of_outputs": project("digits", folder), "list_of_inputs": project("siamese", folder)}
    in_dict = project("siamese", folder)
    left, right = in_dict.graph.input_refs()
    in_dict.graph.inputs = {"right": right, "left": left}
    whole = project("siamese", folder)
    whole.data = {**whole.data, "validation_percent": 0}
    for name, document in (projects | {"dict_of_inputs": in_dict, "no_validation": whole}).items():
        (folder / f"{name}.py").write_text(python_source(document, Catalog.load(), RunCode()), "utf-8")
    return answer_of("-W", "ignore", "-m", "tests.unit.graph_editor.exporters.sample_orders_check", folder)


def project(key: str, folder: Path) -> Document:
    """A template on columns that all hold the numbers of the samples."""
    entry = template(key)
    assert entry is not None
    document = entry.open()
    columns: dict[str, Any] = {}
    sizes = {"image": (8, 8), "left": (20,), "right": (20,)}
    for name in document.data["bindings"]:
        shape = () if name in output_names(document.graph) else sizes[name]
        columns[name] = np.broadcast_to(np.arange(COUNT).reshape(-1, *(1 for _ in shape)), (COUNT, *shape))
    np.savez(folder / f"{key}.npz", **columns)
    source = {"kind": "npz", "path": f"{key}.npz", "options": {}}
    bindings = {name: [name] for name in document.data["bindings"]}
    document.data = {**document.data, "sources": [source], "bindings": bindings, "validation_percent": 20}
    document.training = {**document.training, "seed": SEED, "epochs": 3, "batch_size": 8}
    return document


@pytest.mark.parametrize("name", ["list_of_outputs", "list_of_inputs", "dict_of_inputs", "no_validation"])
def test_orders_follow_from_seed_and_epoch(seen: dict[str, Any], name: str) -> None:
    first, again = seen[name]
    assert first == again
    trained = COUNT if name == "no_validation" else TRAINED
    one, two, three = first["train"]
    assert sorted(one) == sorted(two) == sorted(three) == list(range(trained))
    assert one != two != three != one
    assert [one, two, three] == [epoch_order(trained, SEED, epoch).tolist() for epoch in (1, 2, 3)]


@pytest.mark.parametrize("name", ["list_of_outputs", "list_of_inputs", "dict_of_inputs"])
def test_the_last_samples_validate_in_their_order(seen: dict[str, Any], name: str) -> None:
    assert seen[name][0]["test"] == [list(range(TRAINED, COUNT))] * 3
    assert seen["no_validation"][0]["test"] == [[]] * 3
