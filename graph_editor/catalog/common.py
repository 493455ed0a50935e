"""The parameters that layers of several classes have in common, to be edited together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from graph_editor.catalog.specs import LayerSpec, Parameter

# What an inner layer is called, or how its pieces hang together, is its own.
_APART: Final = frozenset({"layer"})
_OWN: Final = frozenset({"name", "trainable"})


def common_spec(specs: Sequence[LayerSpec]) -> LayerSpec:
    """One class in the place of all: the parameters that all of ``specs`` have, within the limits of all.

    A parameter whose default is not the same everywhere has none.
    """
    first, *others = specs
    parameters = []
    for parameter in first.parameters:
        alike = [other.parameter(parameter.name) for other in others]
        if _may_be_shared(parameter) and all(_fits(parameter, item) for item in alike):
            parameters.append(_joined([parameter, *(item for item in alike if item is not None)]))
    defaults = {item.name: _default(first, item.name) for item in parameters}
    for spec in others:
        for name in [name for name, value in defaults.items() if _default(spec, name) != value]:
            del defaults[name]
    parameters = [
        item if item.name in defaults else msgspec.structs.replace(item, required=True) for item in parameters
    ]
    name = first.class_name if not others else ""
    return msgspec.structs.replace(first, class_name=name, parameters=tuple(parameters), defaults=defaults, summary=())


def _may_be_shared(parameter: Parameter) -> bool:
    return parameter.name not in _OWN and parameter.kind not in _APART


def _fits(parameter: Parameter, other: Parameter | None) -> bool:
    if other is None or other.kind != parameter.kind or other.length != parameter.length:
        return False
    return bool(set(parameter.choices) & set(other.choices)) or not (parameter.choices or other.choices)


def _joined(alike: Sequence[Parameter]) -> Parameter:
    first = alike[0]
    choices = tuple(choice for choice in first.choices if all(choice in item.choices for item in alike))
    return msgspec.structs.replace(
        first,
        nullable=all(item.nullable for item in alike),
        required=any(item.required for item in alike),
        choices=choices,
        minimum=max(_known(item.minimum for item in alike), default=None),
        maximum=min(_known(item.maximum for item in alike), default=None),
    )


def _known(limits: Iterable[float | None]) -> list[float]:
    return [limit for limit in limits if limit is not None]


def _default(spec: LayerSpec, name: str) -> object:
    parameter = spec.parameter(name)
    return spec.defaults.get(name, parameter.default if parameter else None)
