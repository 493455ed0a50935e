"""The specs of the functions of ``keras.ops``: each is called on symbolic tensors, to see what Keras makes of it."""

import functools
import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import keras
import msgspec

from graph_editor.catalog.generate import docstrings
from graph_editor.catalog.generate.operation_samples import (
    BROKEN,
    ITEMS,
    MATRIX,
    OPTIONAL,
    REASONS,
    REQUIRED,
    Samples,
    Tensor,
    f,
)
from graph_editor.catalog.generate.overlay import Overlay
from graph_editor.catalog.generate.parameters import describe, identifier
from graph_editor.catalog.specs import (
    CallLiteral,
    FunctionSpec,
    Json,
    LayerSpec,
    OperationsFile,
    Parameter,
    Port,
)

_PAGES: Final = "https://keras.io/api/ops/"
_PAGE_OF: Final = {"core": "core", "image": "image", "linalg": "linalg", "nn": "nn", "numpy": "numpy"}
_TELLING: Final = ("axis", "axes")
_EMPTY: Final = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Recorded:
    """What Keras recorded of a call: ``config`` without its name; tensors among the arguments are `KerasTensor`."""

    class_name: str
    module: str
    config: dict[str, Json]
    operation: Any
    args: list[Any]
    kwargs: dict[str, Any]
    outputs: int
    sequence: bool
    names: dict[int, str]  # id of a tensor -> argument of the function that took it


def operations_file(overlay: Overlay) -> OperationsFile:
    specs: dict[tuple[str, str], LayerSpec] = {}
    left_out: dict[str, str] = {}
    for name, function in functions():
        if name in REASONS:
            left_out[f"keras.ops.{name}"] = REASONS[name]
            continue
        spec = _spec(name, function, overlay)
        key = (spec.module, spec.class_name)
        specs[key] = _with_alias(specs[key], name) if key in specs else spec
    ordered = sorted(specs.values(), key=lambda spec: spec.title)
    return OperationsFile(keras.__version__, tuple(ordered), left_out)


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions by their name below ``keras.ops``; other namespaces hold the same ones again.

    Of several names of one function its own comes first.
    """
    for prefix, module in (("", keras.ops), ("image.", keras.ops.image)):
        found = {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}
        public = [(name, function) for name, function in found.items() if inspect.isfunction(function)]
        yield from ((prefix + name, function) for name, function in public if function.__name__ == name)
        yield from ((prefix + name, function) for name, function in public if function.__name__ != name)


def samples(name: str, function: Callable[..., Any], optional: bool) -> Samples:
    """Arguments to call the function with; ``optional`` tensors are given on demand."""
    values = dict(REQUIRED.get(name, {}))
    for argument in inspect.signature(function).parameters.values():
        named = argument.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        if named and argument.default is _EMPTY and argument.name not in values:
            values[argument.name] = f(2, 8, 8, 3) if name.startswith("image.") else MATRIX
    return {**values, **OPTIONAL.get(name, {})} if optional else values


def symbolic(value: Any) -> Any:
    if isinstance(value, Tensor):
        return keras.Input(batch_shape=value.shape, dtype=value.dtype)
    if isinstance(value, list):
        return [symbolic(item) for item in value]
    return value


def record(name: str, function: Callable[..., Any], optional: bool) -> Recorded:
    """Call the function on symbolic tensors. Raises ``ValueError`` if that made more than one operation."""
    values = {key: symbolic(value) for key, value in samples(name, function, optional).items()}
    names = {id(tensor): key for key, value in values.items() for tensor in _tensors(value)}
    result = call(function, values)
    outputs = _tensors(result)
    operations = {tensor._keras_history.operation for tensor in outputs}
    operation = operations.pop()
    node = operation._inbound_nodes[outputs[0]._keras_history.node_index]
    taken = {id(tensor) for tensor in node.arguments.keras_tensors}
    if operations or taken != names.keys():
        raise ValueError(f"keras.ops.{name} is made of several operations.")
    written = json.loads(json.dumps(keras.saving.serialize_keras_object(operation)))
    if written["registered_name"] != written["class_name"]:
        raise ValueError(f"keras.ops.{name} is registered as {written['registered_name']}.")
    config = {key: value for key, value in written["config"].items() if key != "name"}
    args, kwargs = list(node.arguments.args), dict(node.arguments.kwargs)
    sequence = isinstance(result, list | tuple)
    return Recorded(
        written["class_name"], written["module"], config, operation, args, kwargs, len(outputs), sequence, names
    )


def call(function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
    """Call with named values; those of an argument with a star are spread out."""
    arguments = inspect.signature(function).parameters.values()
    star = next((item.name for item in arguments if item.kind is inspect.Parameter.VAR_POSITIONAL), None)
    if star is None:
        return function(**values)
    before: list[Any] = []
    for argument in arguments:
        if argument.name == star:
            break
        before.append(values[argument.name])
    after = {item.name for item in arguments if item.kind is inspect.Parameter.KEYWORD_ONLY}
    return function(*before, *values[star], **{key: value for key, value in values.items() if key in after})


def _spec(name: str, function: Callable[..., Any], overlay: Overlay) -> LayerSpec:
    plain, full = record(name, function, optional=False), record(name, function, optional=True)
    arguments = inspect.signature(function).parameters
    own = f"ops.{name}"
    make = functools.partial(_parameter, own, function, overlay)
    literals = tuple(_literals(plain, full, make))
    parameters = tuple(make(arguments.get(key), key, plain.config) for key in plain.config)
    telling = [item.name for item in parameters if item.required or item.name in _TELLING]
    section = plain.module.rsplit(".", 1)[-1]
    return LayerSpec(
        class_name=plain.class_name,
        module=plain.module,
        category="operation",
        title=name.rpartition(".")[2],
        help=overlay.help.get(own) or docstrings.summary(function.__doc__),
        parameters=parameters,
        inputs=tuple(_ports(name, plain, full)),
        outputs=plain.outputs,
        palette=name not in BROKEN,
        reason=BROKEN.get(name, ""),
        summary=tuple(telling),
        url=_PAGES + (f"{_PAGE_OF[section]}/" if section in _PAGE_OF else ""),
        keywords=(f"keras.ops.{name}", own, plain.class_name),
        defaults=plain.config,
        function=_function(name, function, plain, full, literals),
    )


def _with_alias(spec: LayerSpec, name: str) -> LayerSpec:
    assert spec.function
    function = msgspec.structs.replace(spec.function, aliases=(*spec.function.aliases, f"keras.ops.{name}"))
    return msgspec.structs.replace(spec, function=function, keywords=(*spec.keywords, name, f"ops.{name}"))


def _parameter(
    own: str,
    function: Callable[..., Any],
    overlay: Overlay,
    argument: inspect.Parameter | None,
    name: str,
    config: Mapping[str, Json],
) -> Parameter:
    """A config value that is no argument of the function has the default that Keras gave it."""
    if argument is None or argument.kind is inspect.Parameter.VAR_KEYWORD:
        argument = inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=config.get(name))
    described = describe(own, argument, function.__doc__, config, overlay)
    if argument.default is not _EMPTY and name in REQUIRED.get(own.removeprefix("ops."), {}):
        described = msgspec.structs.replace(
            described, default=identifier(argument.default)
        )  # the sample has another value
    if described.kind != "tuple":
        return described
    # Functions take sizes of any number of dimensions, and one number where it is the same in each.
    return msgspec.structs.replace(
        described, kind="tuple" if isinstance(described.default, list) else "json", length=None
    )


def _function(
    name: str, function: Callable[..., Any], plain: Recorded, full: Recorded, literals: tuple[CallLiteral, ...]
) -> FunctionSpec:
    arguments = [item for item in inspect.signature(function).parameters.values() if item.kind is not item.VAR_KEYWORD]
    starred = {item.name: f"*{item.name}" for item in arguments if item.kind is item.VAR_POSITIONAL}
    positions = [starred.get(_name_of(full, index), _name_of(full, index)) for index in range(len(full.args))]
    args = [None if _tensors(value) else value for value in plain.args]
    while args and _tensors(plain.args[len(args) - 1]):
        args.pop()
    return FunctionSpec(
        name=f"keras.ops.{name}",
        arguments=tuple(starred.get(item.name, item.name) for item in arguments),
        required=tuple(item.name for item in arguments if item.default is _EMPTY and item.name not in starred),
        positions=tuple(positions),
        args=tuple(json.loads(json.dumps(args))),
        kwargs={key: value for key, value in plain.kwargs.items() if not _tensors(value)},
        literals=literals,
        sequence=plain.sequence,
    )


def _ports(name: str, plain: Recorded, full: Recorded) -> Iterator[Port]:
    for path, value in _places(full):
        if not _tensors(value):
            continue
        place = full.args[path[1]] if path[0] == "args" else full.kwargs[path[1]]
        optional = not _tensors(dict(_places(plain)).get(path))
        title = _name_of(full, path[1])
        if isinstance(place, list | tuple):
            items = ITEMS.get(name, ())
            fewest, most = (len(items), len(items)) if items else (1, None)
            yield Port(title, "list", path, not optional, minimum=fewest, maximum=most, items=items)
        else:
            number = f" {path[1] + 1}" if list(full.names.values()).count(title) > 1 else ""
            yield Port(title + number, "single" if path[0] == "args" else "keyword", path, not optional)


def _literals(plain: Recorded, full: Recorded, make: Callable[..., Parameter]) -> Iterator[CallLiteral]:
    tensors = {path for path, value in _places(full) if _tensors(value)}
    for path, value in _places(plain):
        if path not in tensors:
            title = _name_of(full, path[1])
            argument = inspect.Parameter(title, inspect.Parameter.KEYWORD_ONLY, default=value)
            yield CallLiteral(make(argument, title, {title: value}), path)


def _places(recorded: Recorded) -> Iterator[tuple[Any, Any]]:
    yield from ((("args", index), value) for index, value in enumerate(recorded.args))
    yield from ((("kwargs", key), value) for key, value in recorded.kwargs.items())


def _name_of(recorded: Recorded, place: int | str) -> str:
    """The argument of the function that stands at a place of the recorded arguments."""
    if isinstance(place, str):
        return place
    tensors = _tensors(recorded.args[place])
    if tensors:
        return recorded.names[id(tensors[0])]
    arguments = list(inspect.signature(type(recorded.operation).call).parameters)
    return arguments[1 + place]


def _tensors(value: Any) -> list[Any]:
    return [leaf for leaf in keras.tree.flatten(value) if isinstance(leaf, keras.KerasTensor)]
