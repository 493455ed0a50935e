"""What loaded code offers, as the catalogue has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph_editor.catalog.specs import Group, LayerSpec, ObjectKind, ObjectSpec, Parameter, Port
from runtime.messages.custom_code import CodeObject, CodeParameter, CodePort

CATEGORY: Final = "custom"
_DTYPES: Final = ("float32", "mixed_float16", "mixed_bfloat16", "float16", "bfloat16", "float64")
_KINDS: Final[dict[str, ObjectKind]] = {
    "loss": "losses",
    "metric": "metrics",
    "optimizer": "optimizers",
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
    "activation": "activations",
}
_GROUPS: Final[dict[str, Group]] = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
}


def layer_specs(objects: Iterable[CodeObject]) -> list[LayerSpec]:
    return [_layer(item) for item in objects if item.kind == "layer"]


def object_specs(objects: Iterable[CodeObject]) -> list[ObjectSpec]:
    return [
        ObjectSpec(
            item.class_name,
            _KINDS[item.kind],
            item.registered_name,
            item.help,
            tuple(_parameter(parameter) for parameter in item.parameters),
            item.config,
            item.module,
            item.logged,
            item.direction,
        )
        for item in objects
        if item.kind in _KINDS
    ]


def _layer(item: CodeObject) -> LayerSpec:
    parameters = [_parameter(parameter) for parameter in item.parameters]
    dtype = Parameter("dtype", "dtype", "float32", choices=_DTYPES, group="advanced")
    return LayerSpec(
        item.class_name,
        item.module,
        CATEGORY,
        help=item.help,
        parameters=(*parameters, dtype),
        inputs=tuple(_ports(item.ports)),
        summary=tuple(parameter.name for parameter in parameters if parameter.group == "main")[:3],
        keywords=(item.module,),
        defaults=item.config,
        registered=item.registered_name,
    )


def _parameter(item: CodeParameter) -> Parameter:
    kind = item.kind
    return Parameter(
        item.name,
        kind,
        item.default,
        required=item.required,
        nullable=item.nullable or kind == "json",
        group=_GROUPS.get(kind, "main"),
    )


def _ports(ports: Sequence[CodePort]) -> Iterable[Port]:
    for index, port in enumerate(ports):
        if index == 0:
            yield Port(port.name, port.kind, ("args", 0))
        else:
            yield Port(port.name, "keyword", ("kwargs", port.name), required=port.required)
