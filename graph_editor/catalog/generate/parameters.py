"""From constructor arguments to parameters."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from graph_editor.catalog.generate import docstrings
from graph_editor.catalog.generate.overlay import Overlay, ParameterOverlay
from graph_editor.catalog.specs import Group, Json, Kind, Parameter

_SUFFIXES: Final[dict[str, tuple[Kind, Group]]] = {
    "_initializer": ("initializer", "initializers"),
    "_regularizer": ("regularizer", "regularizers"),
    "_constraint": ("constraint", "constraints"),
}


def constructor_arguments(target: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return what can be handed to the constructor of a class, or to a function, by name."""
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [argument for argument in inspect.signature(target).parameters.values() if argument.kind in named]


def is_required(argument: inspect.Parameter) -> bool:
    return argument.default is inspect.Parameter.empty


def describe(
    class_name: str,
    argument: inspect.Parameter,
    documentation: str | None,
    config: Mapping[str, Json],
    overlay: Overlay,
) -> Parameter:
    """The parameter for a constructor argument; ``config`` is the config of an instance with default values."""
    name = argument.name
    required = is_required(argument)
    default = _default(class_name, argument, config, overlay)
    kind, group = _kind_and_group(name, default)
    choices: tuple[str, ...] = ()
    if kind == "str":
        words = docstrings.quoted(documentation, name)
        kind, choices = ("choice", words) if default in words and len(words) > 1 else (kind, ())
    parameter = Parameter(
        name=name,
        kind=kind,
        default=default,
        required=required,
        nullable=not required and default is None,
        help=docstrings.arguments(documentation).get(name, ""),
        choices=choices,
        length=len(default) if kind == "tuple" else None,
        group=group,
    )
    for change in overlay.parameter(class_name, name):
        parameter = _changed(parameter, change)
    return parameter


def _changed(parameter: Parameter, change: ParameterOverlay) -> Parameter:
    fields = {
        field: value
        for field in ParameterOverlay.__struct_fields__
        if (value := getattr(change, field)) is not msgspec.UNSET
    }
    replaced = msgspec.structs.replace(parameter, **fields)
    return msgspec.structs.replace(
        replaced,
        length=replaced.length if replaced.kind == "tuple" else None,
        choices=replaced.choices if replaced.kind in ("choice", "dtype") else (),
    )


def _default(class_name: str, argument: inspect.Parameter, config: Mapping[str, Json], overlay: Overlay) -> Json:
    """As it stands in a config, but Keras objects by their identifier."""
    if overlay.stays_null(class_name, argument.name):
        return None
    value = config.get(argument.name)
    if argument.name == "dtype" and isinstance(value, dict):
        return value["config"]["name"]
    if argument.name in config and not isinstance(value, dict):
        return value
    if is_required(argument):
        return value
    return identifier(argument.default)


def identifier(value: Any) -> Json:
    """The JSON form of a default value in a signature."""
    if isinstance(value, tuple | list):
        return [identifier(item) for item in value]
    if isinstance(value, str) and value.istitle():
        value = value.lower()
    return "random_uniform" if value == "uniform" else value


def _kind_and_group(name: str, default: Json) -> tuple[Kind, Group]:
    for suffix, answer in _SUFFIXES.items():
        if name.endswith(suffix):
            return answer
    if name.endswith("activation"):
        return "activation", "main"
    if name == "dtype":
        return "dtype", "advanced"
    if isinstance(default, list):
        flat = bool(default) and all(isinstance(item, int | float) for item in default)
        return ("tuple" if flat else "json"), "main"
    for type_, kind in _BY_TYPE.items():
        if type(default) is type_:
            return kind, "main"
    return "json", "main"


_BY_TYPE: Final[dict[type, Kind]] = {bool: "bool", int: "int", float: "float", str: "str"}
