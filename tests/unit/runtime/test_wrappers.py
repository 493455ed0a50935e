"""Wrappers, cells and objects with parameters of their own, as the palette and the editors make them, in Keras."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, CallSpec, Infer, Inferred, OperationJson

Json = Any
LEAKY = {
    "module": "keras.layers",
    "class_name": "LeakyReLU",
    "config": {"negative_slope": 0.2},
    "registered_name": None,
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def layer(catalog: Catalog, class_name: str, **changes: Json) -> dict[str, Json]:
    """A layer in another one's config, with its defaults save for `changes`."""
    spec = catalog.layer(class_name)
    assert spec is not None
    config = {**catalog.default_config(spec, class_name.lower()), **changes}
    return {"module": "keras.layers", "class_name": class_name, "config": config, "registered_name": None}


def ask(engine: Engine, outer: dict[str, Json], shape: list[int | None]) -> CallResult:
    source = CallSpec("in", OperationJson("InputLayer", {"batch_shape": shape, "dtype": "float32", "name": "in"}))
    operation = OperationJson(outer["class_name"], copy.deepcopy(outer["config"]))
    answer = engine.ask(Infer(0, [source, CallSpec("box", operation, [{"$tensor": ["in", 0]}])]), 60)
    assert isinstance(answer, Inferred)
    return answer.results[-1]


def shapes(result: CallResult) -> list[tuple[int | None, ...]]:
    assert result.error is None, result.error.english()
    return [spec.shape for spec in result.outputs]


@pytest.mark.parametrize(("cell", "states", "gates"), [("LSTMCell", 2, 4), ("GRUCell", 1, 3), ("SimpleRNNCell", 1, 1)])
def test_an_rnn_over_each_cell(engine: Engine, catalog: Catalog, cell: str, states: int, gates: int) -> None:
    inner = layer(catalog, cell, units=5)
    plain = ask(engine, layer(catalog, "RNN", cell=inner), [None, 7, 3])
    assert shapes(plain) == [(None, 5)]
    assert plain.parameters in (gates * (5 * (3 + 5 + 1)), gates * (5 * (3 + 5 + 2)))  # GRU has two biases
    outer = layer(catalog, "RNN", cell=inner, return_sequences=True, return_state=True)
    assert shapes(ask(engine, outer, [None, 7, 3])) == [(None, 7, 5), *[(None, 5)] * states]
    spec = catalog.layer("RNN")
    assert spec is not None
    assert catalog.output_count(spec, outer["config"]) == 1 + states


def test_stacked_cells(engine: Engine, catalog: Catalog) -> None:
    cells = [layer(catalog, "LSTMCell", units=4, name="a"), layer(catalog, "GRUCell", units=6, name="b")]
    outer = layer(catalog, "RNN", cell=layer(catalog, "StackedRNNCells", cells=cells), return_state=True)
    assert len(shapes(ask(engine, outer, [None, 7, 3]))) in (3, 4)
    spec = catalog.layer("RNN")
    assert spec is not None
    assert catalog.output_count(spec, outer["config"]) == len(shapes(ask(engine, outer, [None, 7, 3])))


@pytest.mark.parametrize(("mode", "wanted"), [("concat", [(None, 10)]), ("sum", [(None, 5)]), (None, [(None, 5)] * 2)])
def test_both_directions(
    engine: Engine, catalog: Catalog, mode: str | None, wanted: list[tuple[int | None, ...]]
) -> None:
    for inner in (layer(catalog, "GRU", units=5), layer(catalog, "RNN", cell=layer(catalog, "LSTMCell", units=5))):
        outer = layer(catalog, "Bidirectional", layer=inner, merge_mode=mode)
        assert shapes(ask(engine, outer, [None, 7, 3])) == wanted
        spec = catalog.layer("Bidirectional")
        assert spec is not None
        assert catalog.output_count(spec, outer["config"]) == len(wanted)


def test_every_time_step(engine: Engine, catalog: Catalog) -> None:
    outer = layer(catalog, "TimeDistributed", layer=layer(catalog, "Dense", units=5))
    assert shapes(ask(engine, outer, [None, 7, 3])) == [(None, 7, 5)]


def test_a_new_wrapper_works_as_it_comes_from_the_palette(engine: Engine, catalog: Catalog) -> None:
    palette = {spec.class_name for spec in catalog.palette()}
    for name in ("RNN", "Bidirectional", "TimeDistributed"):
        assert name in palette
        assert shapes(ask(engine, layer(catalog, name), [None, 7, 3]))


def test_objects_with_parameters_of_their_own(engine: Engine, catalog: Catalog) -> None:
    regularizer = {"module": "keras.regularizers", "class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.2}}
    constraint = {"module": "keras.constraints", "class_name": "MaxNorm", "config": {"max_value": 3, "axis": 0}}
    outer = layer(
        catalog,
        "Dense",
        units=4,
        activation=LEAKY,
        kernel_regularizer={**regularizer, "registered_name": None},
        kernel_constraint={**constraint, "registered_name": None},
    )
    assert shapes(ask(engine, outer, [None, 3])) == [(None, 4)]
