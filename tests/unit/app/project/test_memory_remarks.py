"""Weights that this computer cannot hold are remarked on before a model is built."""

from collections.abc import Mapping

import pytest

from app.project.findings import memory
from app.project.project_questions import rule_problems
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from runtime.messages.inference import CallResult, SharedWeights, TensorSpec

GB = 2**30
CATALOG = Catalog.load()


def project(training: Mapping[str, object] | None = None) -> Document:
    entry = template("plain-stack")
    assert entry is not None
    document = entry.open()
    document.training = {**document.training, **(training or {})}
    return document


def remarks(document: Document, sizes: list[int], has: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`sizes` are bytes of the first boxes, in order."""
    monkeypatch.setattr(memory, "memory_of_computer", lambda: has)
    calls = document.graph.topological_order()
    results = {
        call: CallResult(call, (TensorSpec((None, 1), "float32"),), weight_bytes=size)
        for call, size in zip(calls, sizes, strict=False)
    }
    found = [each for each in rule_problems(document, CATALOG, results) if each.kind == "training.memory"]
    assert all(each.severity == "warning" and each.call == calls[sizes.index(max(sizes))] for each in found)
    return [str(each.text) for each in found]


def test_the_sizes_and_the_largest_box_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    document = project()
    largest = document.graph.operation_of(document.graph.topological_order()[2]).shown_name
    assert remarks(document, [0, 5 * GB, 149 * GB], 24 * GB, monkeypatch) == [
        f"The weights take 154 GB, but this computer has 24 GB of memory; the largest box is {largest}, with 149 GB."
    ]


@pytest.mark.parametrize("sizes", [[], [0, 0], [0, 12 * GB, 12 * GB]])
def test_what_fits_is_no_remark(sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert remarks(project(), sizes, 24 * GB, monkeypatch) == []


@pytest.mark.parametrize("device", ["gpu:0", "all"])
def test_nothing_is_said_of_memory_that_is_not_known(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert remarks(project({"device": device}), [0, 149 * GB], 24 * GB, monkeypatch) == []


def test_small_models_do_not_ask_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    assert remarks(project(), [2**20, 2**20], 0, monkeypatch) == []


def test_the_memory_of_this_computer_is_what_it_has() -> None:
    assert memory.memory_of_computer() > 2**29


def test_a_layer_in_several_places_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    document, part = project(), SharedWeights(1, 0, 0, 0, 0, 20 * GB)
    monkeypatch.setattr(memory, "memory_of_computer", lambda: 24 * GB)
    calls = document.graph.topological_order()[:2]
    results = {
        call: CallResult(call, (TensorSpec((None, 1), "float32"),), weight_bytes=20 * GB, shared=(part,))
        for call in calls
    }
    assert not [each for each in rule_problems(document, CATALOG, results) if each.kind == "training.memory"]
