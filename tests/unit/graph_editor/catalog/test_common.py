"""What layers of several classes have in common."""

from __future__ import annotations

import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.common import common_spec
from graph_editor.catalog.specs import LayerSpec

CATALOG = Catalog.load()


def together(*names: str) -> LayerSpec:
    specs = [CATALOG.layer(name) for name in names]
    return common_spec([spec for spec in specs if spec is not None])


def names(*classes: str) -> set[str]:
    return {parameter.name for parameter in together(*classes).parameters}


def test_one_class_has_all_its_parameters_but_those_of_each_layer() -> None:
    spec = CATALOG.layer("Dense")
    assert spec is not None
    assert names("Dense") == {parameter.name for parameter in spec.parameters} - {"name", "trainable"}
    assert together("Dense").class_name == "Dense"


@pytest.mark.parametrize(
    ("classes", "shared", "apart"),
    [
        (("Dense", "LSTM"), {"units", "activation", "use_bias", "kernel_initializer", "dtype"}, {"return_sequences"}),
        (("Conv2D", "Dense"), {"activation", "use_bias", "dtype"}, {"filters", "units", "kernel_size"}),
        (("Conv1D", "Conv2D"), {"filters", "padding", "activation"}, {"kernel_size", "strides"}),
        (("Dropout", "Dense"), {"dtype"}, {"rate", "units"}),
        (("Bidirectional", "TimeDistributed"), {"dtype"}, {"layer", "name"}),
    ],
)
def test_parameters_of_the_same_name_and_kind_are_shared(
    classes: tuple[str, ...], shared: set[str], apart: set[str]
) -> None:
    assert shared <= names(*classes) and not apart & names(*classes)


def test_a_default_that_differs_is_none_and_limits_hold_for_all() -> None:
    activation = together("Dense", "LSTM").parameter("activation")
    assert activation is not None and activation.required and "activation" not in together("Dense", "LSTM").defaults
    units = together("Dense", "LSTM").parameter("units")
    assert units is not None and units.minimum == 1
    padding = together("Conv1D", "Conv2D").parameter("padding")
    assert padding is not None and set(padding.choices) == {"valid", "same"}, "only Conv1D can be causal"
