"""Inputs that a layer may go without."""

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.graph import Call, TensorRef
from graph_editor.document.ports import missing


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_a_recurrent_layer_needs_no_initial_state(catalog: Catalog) -> None:
    spec = catalog.layer("LSTM")
    assert missing(Call("c2", "o2", (TensorRef("c1"),)), spec) == []
    assert [slot.name for slot in missing(Call("c2", "o2"), spec)] == ["sequences"]


def test_a_half_wired_initial_state_is_missing_its_other_half(catalog: Catalog) -> None:
    half = Call("c2", "o2", (TensorRef("c1"),), {"initial_state": [TensorRef("c3")]})
    assert [slot.path for slot in missing(half, catalog.layer("LSTM"))] == [("kwargs", "initial_state", 1)]
