"""The values that several layers have in common, and one value for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.common import common_spec
from graph_editor.catalog.specs import Json, LayerSpec, Parameter
from graph_editor.document.changes import commands
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Operation
from graph_editor.editors.dtype_editor import dtype_like
from graph_editor.editors.parts.several import SEVERAL
from graph_editor.editors.parts.wording import plain


def spec_in_common(catalog: Catalog, operations: Iterable[Operation]) -> LayerSpec | None:
    """Return what their classes share; None where one of them is not known, or there is nothing."""
    classes = dict.fromkeys((operation.class_name, operation.module) for operation in operations)
    specs = [catalog.layer(*key) for key in classes]
    known_specs = [spec for spec in specs if spec is not None]
    if not known_specs or len(known_specs) < len(specs):
        return None
    found = common_spec(list({id(spec): spec for spec in known_specs}.values()))
    return found if found.parameters else None


def values_in_common(catalog: Catalog, operations: Sequence[Operation], spec: LayerSpec) -> dict[str, Json]:
    """The value of each parameter of ``spec``; SEVERAL where they differ."""
    classes: dict[tuple[str, str], list[Operation]] = {}
    for operation in operations:
        classes.setdefault((operation.class_name, operation.module), []).append(operation)
    return {parameter.name: _value(catalog, classes, parameter) for parameter in spec.parameters}


def _value(catalog: Catalog, classes: Mapping[tuple[str, str], list[Operation]], parameter: Parameter) -> Json:
    """Quick for thousands of layers: values are mostly the same object, or equal at first sight."""
    values: list[Json] = []
    for key, operations in classes.items():
        name, default = parameter.name, _default(catalog.layer(*key), parameter.name)
        values = values or [operations[0].config.get(name, default)]
        first = values[0]
        for operation in operations:
            own = operation.config.get(name, default)
            if own is not first and own != first and _comparable(own, parameter) != _comparable(first, parameter):
                return SEVERAL
    return values[0]


def _default(spec: LayerSpec | None, name: str) -> Json:
    parameter = spec.parameter(name) if spec else None
    return spec.defaults.get(name, parameter.default if parameter else None) if spec else None


def _comparable(value: Json, parameter: Parameter) -> Json:
    """A dtype is its name, however it is written."""
    if parameter.kind == "dtype" and isinstance(value, dict):
        inner = value.get("config")
        return inner.get("name") if isinstance(inner, dict) else value.get("class_name")
    return plain(value)


def set_for_all(document: Document, operations: Sequence[Operation], parameter: Parameter, value: Json) -> list[Edit]:
    """Give all these layers the value, each in the form in which it writes such values."""
    return [
        edit
        for operation in operations
        for edit in commands.set_parameter(
            document, operation.id, parameter.name, _as_written(operation, parameter, value)
        )
    ]


def _as_written(operation: Operation, parameter: Parameter, value: Json) -> Json:
    before = operation.config.get(parameter.name)
    if parameter.kind == "dtype":
        inner = value.get("config") if isinstance(value, dict) else None
        return dtype_like(before, inner.get("name") if isinstance(inner, dict) else value)
    if parameter.name == "batch_shape" and isinstance(value, list) and isinstance(before, list) and before:
        return [before[0], *value[1:]]  # the batch is not edited
    return value
