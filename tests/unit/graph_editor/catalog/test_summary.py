from collections.abc import Iterator
from typing import Any

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.summary import shape_text, summary_line
from resources import text


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture
def korean() -> Iterator[None]:
    text.use_language("ko")
    yield
    text.use_language("en")


def line(catalog: Catalog, name: str, changes: dict[str, Any]) -> str:
    spec = catalog.layer(name)
    assert spec is not None
    return summary_line(spec, name, catalog.default_config(spec, "x") | changes)


@pytest.mark.parametrize(
    ("layer", "changes", "expected"),
    [
        ("InputLayer", {}, "Input"),
        ("Conv2D", {"activation": "relu"}, "Conv2D · 32 · 3×3 · relu"),
        ("Conv2D", {"activation": "relu", "padding": "same"}, "Conv2D · 32 · 3×3 · relu"),
        ("Conv2D", {"filters": 96, "padding": "same"}, "Conv2D · 96 · 3×3 · same"),
        ("Conv2D", {"kernel_size": [1, 1], "padding": "same"}, "Conv2D · 32 · 1×1"),
        ("Conv2D", {}, "Conv2D · 32 · 3×3"),
        ("Concatenate", {}, "Concatenate · axis −1"),
        ("Dense", {"units": 10, "activation": "softmax"}, "Dense · 10 · softmax"),
        ("Dense", {"activation": {"class_name": "function", "config": "gelu"}}, "Dense · 64 · gelu"),
        ("Dense", {"activation": {"class_name": "ReLU", "config": {"max_value": 6}}}, "Dense · 64 · ReLU"),
        ("Dense", {"activation": None}, "Dense · 64"),
        ("MaxPooling2D", {"pool_size": [3, 3], "padding": "same"}, "MaxPooling2D · 3×3"),
        ("BatchNormalization", {}, "BatchNormalization"),
        ("Dropout", {}, "Dropout · 0.5"),
        ("LSTM", {}, "LSTM · 64"),
        ("Add", {}, "Add"),
        ("ReLU", {}, "ReLU"),
        ("ReLU", {"max_value": 6.0}, "ReLU · max 6"),
        ("Reshape", {"target_shape": [4, -1]}, "Reshape · 4×−1"),
        ("ZeroPadding2D", {}, "ZeroPadding2D · 1×1"),
        ("ZeroPadding2D", {"padding": [[0, 1], [2, 2]]}, "ZeroPadding2D · 0+1×2"),
        ("Rescaling", {}, "Rescaling · 0.00392"),
        ("Bidirectional", {}, "Bidirectional · LSTM 32"),
        ("TimeDistributed", {"layer": {"class_name": "Flatten", "config": {}}}, "TimeDistributed · Flatten"),
        ("ActivityRegularization", {"l2": 0.01}, "ActivityRegularization · l2 0.01"),
        ("RandomFlip", {}, "RandomFlip · horizontal and vertical"),
        ("Softmax", {"axis": [1, 2]}, "Softmax · axis 1×2"),
    ],
)
def test_summary_line(catalog: Catalog, layer: str, changes: dict[str, Any], expected: str) -> None:
    assert line(catalog, layer, changes) == expected


def test_an_unknown_class_is_named_and_nothing_else(catalog: Catalog) -> None:
    assert catalog.layer("Mine") is None
    assert summary_line(None, "Mine", {"units": 3}) == "Mine"


def test_any_config_can_be_summed_up(catalog: Catalog) -> None:
    """A file may hold anything in place of a parameter."""
    for spec in catalog.layers():
        for odd in (None, "text", 3, -1.5, True, [], [None], {}, {"class_name": None, "config": None}):
            assert summary_line(spec, "x", dict.fromkeys(spec.summary, odd)).startswith(spec.shown_name)
        assert summary_line(spec, "x", {}) == spec.shown_name


def test_shape_text() -> None:
    assert shape_text((None, 8, 8, 96)) == "8×8×96"
    assert shape_text([32, 10]) == "10"
    assert shape_text((None, None, 3)) == "?×3"
    assert shape_text((None,)) == "scalar"
    assert shape_text(()) == "scalar"


@pytest.mark.usefixtures("korean")
def test_scalar_is_translated() -> None:
    assert shape_text((None,)) == "스칼라"
