"""Operations: true of the installed Keras, and usable on the canvas. One process imports Keras for all of these."""

from typing import Any

import msgspec
import pytest

from graph_editor.catalog.catalog import FOLDER, Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from tests.support.fresh_python import answer_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="module")
def findings() -> dict[str, Any]:
    return answer_of("-m", "tests.unit.graph_editor.catalog.operations_check")


def operation(catalog: Catalog, name: str) -> LayerSpec:
    return next(spec for spec in catalog.operations() if spec.shown_name == name)


def test_every_public_function_is_known_or_left_out_for_a_reason(findings: dict[str, Any]) -> None:
    assert findings["unknown"] == []


def test_keras_makes_every_operation_again_that_is_offered(findings: dict[str, Any], catalog: Catalog) -> None:
    not_offered = {spec.function.name for spec in catalog.operations() if spec.function and not spec.palette}
    assert set(findings["broken"]) == not_offered, findings["broken"]
    assert all(spec.reason for spec in catalog.operations() if not spec.palette)


def test_a_new_operation_is_exactly_what_keras_writes_for_a_call_in_python(findings: dict[str, Any]) -> None:
    assert findings["differs"] == {}


def test_a_wired_operation_has_no_problem_on_the_canvas(findings: dict[str, Any]) -> None:
    assert findings["canvas"] == {}


def test_there_are_about_three_hundred(catalog: Catalog) -> None:
    assert len(catalog.operations()) > 300
    assert len(catalog.palette("operation")) > 300


def test_operations_are_looked_up_by_the_module_that_keras_writes(catalog: Catalog) -> None:
    spec = catalog.layer("Add", "keras.src.ops.numpy")
    assert spec is not None and spec.function is not None
    assert spec.function.name == "keras.ops.add"
    assert catalog.layer("Add", "keras.src.ops.nn") is None
    layer = catalog.layer("Add")
    assert layer is not None and layer.function is None


def test_layers_are_found_before_operations(catalog: Catalog) -> None:
    found = catalog.search("softmax")
    assert [spec.function is None for spec in found[:2]] == [True, False]
    assert found[1].shown_name == "softmax"
    assert catalog.search("scatter_update")[0].shown_name == "scatter_update"
    assert catalog.search("ops.matmul")[0].shown_name == "matmul"
    maximum = [spec.shown_name for spec in catalog.search("max")]
    assert maximum.index("MaxPooling2D") < maximum.index("max") < maximum.index("amax")


def test_another_name_of_a_function_leads_to_it(catalog: Catalog) -> None:
    assert catalog.search("swish")[0].shown_name == "silu" or "swish" in catalog.search("swish")[0].keywords


def test_a_new_operation_has_its_literals_and_its_registered_name(catalog: Catalog) -> None:
    document = Document()
    edits, call = commands.add_layer(document, "GetItem", "keras.src.ops.numpy", None, (0, 0), catalog)
    for edit in edits:
        edit.apply(document)
    made = document.operation_of(call)
    assert (made.registered_name, made.config["name"]) == ("GetItem", "get_item")
    assert document.call(call).args == (None, 0)


def test_cutting_into_parts_gives_as_many_tensors(catalog: Catalog) -> None:
    split = operation(catalog, "split")
    assert catalog.output_count(split, {"indices_or_sections": 3}) == 3
    assert catalog.output_count(split, {"indices_or_sections": [1, 2, 5]}) == 4
    assert catalog.output_count(operation(catalog, "linspace"), {"num": 50}) == 1


def test_ports_and_parameters_are_those_of_the_function(catalog: Catalog) -> None:
    where = operation(catalog, "where")
    assert [(port.name, port.required) for port in where.inputs] == [("condition", True), ("x1", False), ("x2", False)]
    joined = operation(catalog, "concatenate")
    assert [(port.kind, port.maximum) for port in joined.inputs] == [("list", None)]
    assert [parameter.name for parameter in operation(catalog, "clip").parameters] == ["x_min", "x_max"]
    assert all(parameter.required for parameter in operation(catalog, "clip").parameters)


def test_korean_help_is_about_operations_that_exist(catalog: Catalog) -> None:
    table = msgspec.json.decode((FOLDER / "operations.ko.json").read_bytes(), type=dict[str, str])
    known: set[str] = set()
    for spec in catalog.operations():
        assert spec.function
        known.add(spec.function.name.removeprefix("keras."))
        known |= {f"ops:{parameter.name}" for parameter in spec.parameters}
        known |= {f"ops:{literal.parameter.name}" for literal in spec.function.literals}
    assert set(table) - known == set()
