"""What loaded code offers: registered classes and functions, their parameters, and the tensors of a call.

A signature is all that there is to go by, so kinds of values are guesses from defaults, annotations and Keras' habits.
"""

import inspect
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Literal

import keras
import msgspec

from resources.text import Text
from resources.training.metric_logs import KnownMetric
from runtime.messages.custom_code import CodeKind, CodeObject, CodeParameter, CodePort, CodeProblem
from runtime.messages.parts import Json
from runtime.worker.custom.metrics import known_metric, plain_name
from runtime.worker.custom.package import PACKAGE
from runtime.worker.custom.registry import custom_objects

_Parameter = inspect.Parameter
_NAMED: Final = (_Parameter.POSITIONAL_OR_KEYWORD, _Parameter.KEYWORD_ONLY)
_OWN: Final = frozenset({"self", "name", "trainable", "dtype"})  # what every layer has anyway
_CALL_OPTIONS: Final = frozenset({"self", "training", "mask"})
_BY_ENDING: Final = ("activation", "initializer", "regularizer", "constraint")
_GUESSES: Final = {"int": 32, "float": 1.0, "bool": False, "str": ""}
_SIZES: Final = frozenset({"units", "filters", "channels", "features", "dim", "dimension", "size", "width", "depth"})


def describe(modules: Sequence[tuple[ModuleType, str]]) -> tuple[tuple[CodeObject, ...], tuple[CodeProblem, ...]]:
    """Objects in the order in which they were registered; warnings say what is left out, and why."""
    paths = {module.__name__: path for module, path in modules}
    objects: list[CodeObject] = []
    problems: list[CodeProblem] = []
    for registered, value in custom_objects():
        if value.__module__ not in paths:
            continue
        try:
            objects += _describe(registered, value)
        except Exception as error:
            reason = " ".join(str(error).split())[:300] or type(error).__name__
            text = Text("{class_name} is left out: {reason}", {"class_name": value.__name__, "reason": reason})
            problems.append(CodeProblem(paths[value.__module__], text, _line(value), "warning"))
    for module, path in modules:
        problems += _unregistered(module, path)
    return tuple(objects), tuple(problems)


def _describe(registered: str, value: Any) -> Iterator[CodeObject]:
    module = value.__module__.removeprefix(f"{PACKAGE}.")
    help_line = (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ").strip()[:300]
    own_help = value.__dict__.get("__doc__") if isinstance(value, type) else value.__doc__
    help_line = help_line if own_help else ""
    for kind in _kinds(value):
        if not isinstance(value, type):
            known = known_metric(value) if kind == "metric" else None
            yield CodeObject(kind, value.__name__, module, registered, help_line, logged=known.logged if known else "")
            continue
        parameters = tuple(_parameters(value))
        config = _default_config(value, parameters)
        ports = _ports(value) if kind == "layer" else ()
        known = _known_metric(value, parameters) if kind == "metric" else None
        yield CodeObject(
            kind, value.__name__, module, registered, help_line, parameters, ports, config,
            known.logged if known else "", known.direction if known else None,
        )  # fmt: skip


def _kinds(value: Any) -> list[CodeKind]:
    if not isinstance(value, type):
        needed = [item for item in _signature(value) if item.default is _Parameter.empty and item.kind in _NAMED]
        return ["loss", "metric"] if len(needed) >= 2 else ["activation"]
    classes: dict[type, CodeKind] = {
        keras.layers.Layer: "layer",
        keras.Loss: "loss",
        keras.Metric: "metric",
        keras.optimizers.Optimizer: "optimizer",
        keras.initializers.Initializer: "initializer",
        keras.regularizers.Regularizer: "regularizer",
        keras.constraints.Constraint: "constraint",
    }
    if inspect.isabstract(value):
        return []
    return [kind for base, kind in classes.items() if issubclass(value, base)][:1]


def _signature(function: Callable[..., Any]) -> list[_Parameter]:
    return list(inspect.signature(function).parameters.values())


def _parameters(cls: type) -> Iterator[CodeParameter]:
    initializer: Any = cls.__init__  # type: ignore[misc]
    for item in _signature(initializer):
        if item.kind not in _NAMED or item.name in _OWN:
            continue
        required = item.default is _Parameter.empty
        annotation, nullable = _without_none(item.annotation)
        kind = _kind(item.name, None if required else item.default, annotation)
        default = _json(None if required else item.default)
        if required:
            default = 32 if kind == "json" and item.name in _SIZES else _GUESSES.get(kind)
            kind = "int" if item.name in _SIZES and kind == "json" else kind
        nullable = nullable or (not required and item.default is None)
        yield CodeParameter(item.name, kind, default, required, nullable)


def _kind(name: str, default: Any, annotation: Any) -> str:
    """A kind of value of the catalogue; "json" takes everything."""
    for ending in _BY_ENDING:
        if name == ending or name.endswith(f"_{ending}"):
            return ending
    for kind, python in (("bool", bool), ("int", int), ("float", float), ("str", str)):
        if isinstance(default, python) or (default is None and annotation in (python, kind)):
            return kind
    return "json"


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """`int | None` is an int that may be left out; annotations written as text stay text."""
    if isinstance(annotation, str):
        parts = [part.strip() for part in annotation.split("|")]
        rest = [part for part in parts if part != "None"]
        return (rest[0] if len(rest) == 1 else annotation), len(rest) < len(parts)
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        return (parts[0] if len(parts) == 1 else annotation), len(parts) < len(typing.get_args(annotation))
    return annotation, False


def _default_config(cls: Any, parameters: Sequence[CodeParameter]) -> dict[str, Json]:
    """The config of a new object as Keras writes it. Raises whatever the class raises."""
    defaults = {item.name: item.default for item in parameters if item.required}
    if any(value is None for value in defaults.values()):  # only a person knows
        written = {item.name: item.default for item in parameters}
        return {"trainable": True, "dtype": "float32", **written} if issubclass(cls, keras.layers.Layer) else written
    made = cls(**defaults)
    config = keras.saving.serialize_keras_object(made)["config"]
    config.pop("name", None)
    missing_names = [item.name for item in parameters if item.name not in config]
    if missing_names:
        raise ValueError(f"get_config() does not return {', '.join(missing_names)}")
    return {key: _json(value) for key, value in config.items()}


def _known_metric(cls: Any, parameters: Sequence[CodeParameter]) -> KnownMetric | None:
    """None where only a person knows what it is made with. Raises whatever the class raises."""
    needed = {item.name: item.default for item in parameters if item.required}
    if any(value is None for value in needed.values()):
        return None
    known = known_metric(cls(**needed))
    return KnownMetric(plain_name(known.logged, str(cls(**needed).name)), known.direction)


def _json(value: Any) -> Json:
    """Return what a message can hold of a value; None for anything else."""
    try:
        builtins_value = msgspec.to_builtins(value)
        msgspec.json.encode(builtins_value)
    except (TypeError, ValueError, msgspec.MsgspecError, RecursionError):
        try:
            return msgspec.to_builtins(keras.saving.serialize_keras_object(value))
        except Exception:  # code of others says what it likes
            return None
    return list(builtins_value) if isinstance(builtins_value, tuple) else builtins_value


def _ports(cls: Any) -> tuple[CodePort, ...]:
    """The tensor arguments of `call`: the first one, and all others that need a value or have None."""
    ports: list[CodePort] = []
    for item in _signature(cls.call):
        if item.kind not in _NAMED or item.name in _CALL_OPTIONS:
            continue
        required = item.default is _Parameter.empty
        if not ports or required or item.default is None:
            kind: Literal["single", "list"] = "list" if not ports and _is_list(item.annotation) else "single"
            ports.append(CodePort(item.name, kind, required or not ports))
    return tuple(ports) or (CodePort("inputs"),)


def _is_list(annotation: Any) -> bool:
    type_name = annotation if isinstance(annotation, str) else getattr(typing.get_origin(annotation), "__name__", "")
    type_name = type_name or getattr(annotation, "__name__", "")
    return type_name.rpartition(".")[2].split("[")[0].lower() in ("list", "tuple", "sequence")


def _unregistered(module: ModuleType, path: str) -> Iterator[CodeProblem]:
    registered_ids = {id(value) for _, value in custom_objects()}
    bases = (keras.layers.Layer, keras.Loss, keras.Metric)
    for value in vars(module).values():
        own = isinstance(value, type) and issubclass(value, bases) and value.__module__ == module.__name__
        if own and id(value) not in registered_ids and not value.__name__.startswith("_"):
            text = Text(
                "{class_name} in {file} is not registered, so it is not offered: put "
                "@keras.saving.register_keras_serializable() above it.",
                {"class_name": value.__name__, "file": Path(path).name},
            )
            yield CodeProblem(path, text, _line(value), "warning")


def _line(value: Any) -> int:
    try:
        return inspect.getsourcelines(value)[1]
    except (OSError, TypeError):
        return 0
