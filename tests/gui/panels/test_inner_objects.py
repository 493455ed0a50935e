"""What stands inside other layers: cells, wrapped layers, activations with parameters, code of the project."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter, Port
from graph_editor.catalog.summary import summary_line
from graph_editor.editors.activation_editor import ActivationEditor
from graph_editor.editors.layer_editor import LayerEditor
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.registry import editor_context
from graph_editor.editors.regularizer_editor import RegularizerEditor

OWN = LayerSpec(
    "Scale",
    "my_layers",
    "custom",
    inputs=(Port("inputs", "single", ("args", 0)),),
    defaults={"factor": 2.0},
    registered="my_layers>Scale",
)
SOFTER = ObjectSpec("softer", "activations", "my_layers>softer", own_module="my_layers")


@pytest.fixture
def own_catalog() -> Catalog:
    catalog = Catalog.load()
    catalog.set_custom([OWN], [SOFTER])
    return catalog


def row_of(qtbot: QtBot, catalog: Catalog, parameter: Parameter, value: Json) -> tuple[ParameterRow, list[Json]]:
    row, emitted = ParameterRow(parameter, editor_context(catalog), parameter.default), list[Json]()
    qtbot.addWidget(row)
    row.set_value(value)
    row.edited.connect(emitted.append)
    return row, emitted


def inner_row(row: ParameterRow, name: str) -> ParameterRow:
    assert row.editor.below is not None
    found = row.editor.below.findChild(ParameterRow, f"row_{name}")
    assert isinstance(found, ParameterRow)
    return found


def test_the_cell_of_an_rnn_is_chosen_and_edited_in_place(qtbot: QtBot, own_catalog: Catalog) -> None:
    spec = own_catalog.layer("RNN")
    assert spec is not None
    parameter = spec.parameter("cell")
    assert parameter is not None
    row, emitted = row_of(qtbot, own_catalog, parameter, spec.defaults["cell"])
    assert isinstance(row.editor, LayerEditor)
    inner_row(row, "units").edited.emit(7)
    assert (emitted[-1]["class_name"], emitted[-1]["config"]["units"]) == ("LSTMCell", 7)
    row.editor.combo.chosen.emit("GRUCell")
    assert emitted[-1]["class_name"] == "GRUCell"
    assert emitted[-1]["config"]["units"] == 64
    row.editor.combo.chosen.emit("StackedRNNCells")
    assert len(emitted[-1]["config"]["cells"]) == 2
    assert inner_row(row, "cells") is not None
    assert summary_line(spec, "RNN", {"cell": emitted[-1]}).startswith("RNN · StackedRNNCells")


def test_only_cells_stand_in_an_rnn_and_only_layers_in_a_wrapper(qtbot: QtBot, own_catalog: Catalog) -> None:
    for class_name, key, inside, outside in (
        ("RNN", "cell", "LSTMCell", "Dense"),
        ("TimeDistributed", "layer", "Dense", "LSTMCell"),
        ("TimeDistributed", "layer", "Scale", "GRUCell"),
    ):
        spec = own_catalog.layer(class_name)
        assert spec is not None
        parameter = spec.parameter(key)
        assert parameter is not None
        row, _ = row_of(qtbot, own_catalog, parameter, spec.defaults[key])
        assert isinstance(row.editor, LayerEditor)
        assert row.editor.combo.findData(inside) >= 0
        assert row.editor.combo.findData(outside) < 0


def test_a_layer_of_the_projects_code_is_wrapped_by_its_registered_name(qtbot: QtBot, own_catalog: Catalog) -> None:
    row, emitted = row_of(qtbot, own_catalog, Parameter("layer", "layer"), None)
    assert isinstance(row.editor, LayerEditor)
    row.editor.combo.chosen.emit("Scale")
    written = emitted[-1]
    assert (written["module"], written["registered_name"]) == ("my_layers", "my_layers>Scale")
    assert written["config"] == {"name": "scale", "factor": 2.0}


def test_an_inner_layer_has_the_name_that_keras_would_give_it(qtbot: QtBot, own_catalog: Catalog) -> None:
    row, emitted = row_of(qtbot, own_catalog, Parameter("layer", "layer"), None)
    assert isinstance(row.editor, LayerEditor)
    for class_name, name in (("Conv2D", "conv2d"), ("BatchNormalization", "batch_normalization")):
        row.editor.combo.chosen.emit(class_name)
        assert emitted[-1]["config"]["name"] == name


def test_inner_layers_that_differ_show_so_and_whichever_is_chosen_is_a_change(
    qtbot: QtBot, own_catalog: Catalog
) -> None:
    row, emitted = row_of(qtbot, own_catalog, Parameter("layer", "layer", nullable=True), SEVERAL)
    assert isinstance(row.editor, LayerEditor)
    assert row.editor.combo.currentText() == "several values"
    row.editor.commit()
    assert emitted == [] and row.editor.value() is SEVERAL
    row.editor.combo.chosen.emit(None)
    assert emitted == [None]


def test_an_object_that_is_not_known_can_be_taken_away(qtbot: QtBot, own_catalog: Catalog) -> None:
    parameter = Parameter("kernel_regularizer", "regularizer", nullable=True)
    row, emitted = row_of(qtbot, own_catalog, parameter, {"class_name": "Foreign", "config": {"factor": 1}})
    assert isinstance(row.editor, RegularizerEditor)
    assert row.editor.combo.currentText() == "Foreign"
    row.editor.combo.chosen.emit("Foreign")
    assert emitted == []
    row.editor.combo.chosen.emit(None)
    assert emitted == [None] and row.editor.value() is None


def test_an_activation_with_parameters(qtbot: QtBot, own_catalog: Catalog) -> None:
    row, emitted = row_of(qtbot, own_catalog, Parameter("activation", "activation", "linear"), "relu")
    assert isinstance(row.editor, ActivationEditor)
    row.editor.combo.chosen.emit("LeakyReLU")
    assert (emitted[-1]["module"], emitted[-1]["class_name"]) == ("keras.layers", "LeakyReLU")
    inner_row(row, "negative_slope").edited.emit(0.05)
    assert emitted[-1]["config"]["negative_slope"] == 0.05
    assert row.changed
    row.editor.combo.chosen.emit("relu")
    assert emitted[-1] == "relu"
    row.set_value({"class_name": "LeakyReLU", "config": {"negative_slope": 0.3}})
    assert inner_row(row, "negative_slope").editor.value() == 0.3


def test_an_activation_of_the_projects_code(qtbot: QtBot, own_catalog: Catalog) -> None:
    row, emitted = row_of(qtbot, own_catalog, Parameter("activation", "activation", "linear"), "relu")
    assert isinstance(row.editor, ActivationEditor)
    row.editor.combo.chosen.emit("my_layers>softer")
    wanted = "my_layers>softer"
    assert emitted == [{"module": "builtins", "class_name": "function", "config": wanted, "registered_name": wanted}]
    row.editor.combo.chosen.emit("my_layers>softer")
    assert len(emitted) == 1
