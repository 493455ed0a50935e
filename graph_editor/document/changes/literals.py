"""Values that stand among the arguments of a call instead of tensors: the 2 of ``x * 2``, the key of ``x[:, 1]``."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph_editor.catalog.specs import Json, Kind, LayerSpec, Parameter
from graph_editor.document import arguments
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, SetArguments
from graph_editor.document.graph import Argument, ArgumentPath, Call, walk


@dataclass(frozen=True, slots=True)
class LiteralArgument:
    """``parameter`` says how it is called and edited; ``simple`` values can be typed, others are only shown."""

    path: ArgumentPath
    parameter: Parameter
    value: Json

    @property
    def simple(self) -> bool:
        return _is_simple(self.value)


def literal_arguments(call: Call, spec: LayerSpec | None) -> list[LiteralArgument]:
    """The arguments of ``call`` that hold no tensor, but for places where none has been wired yet."""
    parameters = (
        {literal.path: literal.parameter for literal in spec.function.literals} if spec and spec.function else {}
    )
    literals = []
    for path, name, value in _top_level(call, spec):
        if next(walk(value), None) is not None or (_says_nothing(value) and path not in parameters):
            continue
        # JSON for numbers: x * 2 may become x * 2.5.
        kind: Kind = "bool" if isinstance(value, bool) else "str" if isinstance(value, str) else "json"
        parameter = parameters.get(path) or Parameter(name, kind, required=True)
        literals.append(LiteralArgument(path, parameter, value))
    return literals


def set_literal(document: Document, call_id: str, path: ArgumentPath, value: Json) -> list[Edit]:
    """Put another value in its place."""
    call = document.call(call_id)
    before = arguments.read(call, path)
    if repr(before) == repr(value):
        return []
    return [SetArguments(call_id, *arguments.with_tensor(call, path, value))]


def _top_level(call: Call, spec: LayerSpec | None) -> Iterator[tuple[ArgumentPath, str, Argument]]:
    positions = spec.function.positions if spec and spec.function else ()
    for index, value in enumerate(call.args):
        name = positions[index].lstrip("*") if index < len(positions) else f"argument {index + 1}"
        yield ("args", index), name, value
    for key, value in call.kwargs.items():
        yield ("kwargs", key), key, value


def _says_nothing(value: Any) -> bool:
    """None, or what Keras writes where a model with several inputs has no masks."""
    return value is None or (isinstance(value, list) and bool(value) and all(item is None for item in value))


def _is_simple(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_simple(item) for item in value)
    return value is None or isinstance(value, bool | int | float | str)
