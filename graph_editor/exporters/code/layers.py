"""Layers and operations as Python expressions: the constructor, or the function and its arguments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph_editor.catalog.catalog import LAYERS_MODULE
from graph_editor.catalog.specs import FunctionSpec, Json, LayerSpec
from graph_editor.document.graph import Call, Operation, TensorRef
from graph_editor.exporters.code.values import NO_LAMBDA, Objects, from_config, is_lambda, is_object, policy_name, same
from graph_editor.keras_format.functional import named_config
from resources.python_code.pieces import (
    ELLIPSIS,
    FALSE,
    SLICE,
    TRUE,
    CallCode,
    Code,
    SourceError,
    bounds,
    call,
    dict_of,
    flat,
    library,
    list_of,
    literal,
    quoted,
    subscript,
    tuple_of,
)
from resources.python_code.pieces import name as variable
from resources.shared_layers import is_layer, shared_id
from resources.text import Text

_EVERY_LAYER: Final = ("name", "trainable")
_NOTHING: Final[tuple[Json, ...]] = (None, False, {}, [])
_SLICE, _ELLIPSIS = "__slice__", "__ellipsis__"
_CONSTANTS: Final = {"__tensor__": "keras.ops.convert_to_tensor", "__numpy__": "np.array"}
# What is in their configs runs, or names a file to run: Keras decides whether it may.
_CODE: Final = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
Tensors = Mapping[TensorRef, Code]


@dataclass(frozen=True, slots=True)
class Layers(Objects):
    """Writes layers; activations and wrapped layers inside configs are written the same way.

    ``shared`` are the variables of layers that stand in several places, by their marks.
    """

    shared: dict[int | None, str] = field(default_factory=dict)

    def object(self, value: Mapping[str, Json]) -> Code:
        mark = shared_id(value) if is_layer(value) else None
        if mark in self.shared:
            return variable(self.shared[mark])
        return self.made(value)

    def made(self, value: Mapping[str, Json]) -> Code:
        """An object of its own, though it may be one that stands in other places."""
        name, module, config = value["class_name"], value.get("module"), value["config"]
        spec = self.catalog.layer(name, module) if module == LAYERS_MODULE else None
        if spec is None or value.get("registered_name") not in (None, name) or not isinstance(config, Mapping):
            return Objects.object(self, value)
        return self.constructor(spec, config) or from_config(value)

    def layer(self, operation: Operation) -> Code:
        """The layer itself, not yet called."""
        config = named_config(operation)
        written = {
            "module": operation.module,
            "class_name": operation.class_name,
            "config": config,
            "registered_name": operation.registered_name,
        }
        return self.made(written)

    def constructor(self, spec: LayerSpec, config: Mapping[str, Json]) -> CallCode | None:
        """None when the config has something that the constructor does not take."""
        if spec.class_name == "InputLayer":
            return _input(config)
        if spec.class_name in _CODE or not self._complete(spec, config) or _is_adapted(spec, config):
            return None
        shown = tuple(parameter for parameter in spec.parameters if parameter.name != "dtype")
        args, kwargs = self.arguments(shown, spec.defaults, config)
        # Another default than float32 depends on the other arguments.
        dtype = config.get("dtype", spec.defaults.get("dtype"))
        if _dtype_name(dtype) is None:
            kwargs["dtype"] = self.value(dtype)
        elif (_dtype_name(dtype), _dtype_name(spec.defaults.get("dtype"))) != ("float32", "float32"):
            kwargs["dtype"] = quoted(str(_dtype_name(dtype)))
        if config.get("trainable") is False:
            kwargs["trainable"] = FALSE
        if isinstance(config.get("name"), str):
            kwargs["name"] = quoted(config["name"])
        return CallCode(library(f"{LAYERS_MODULE}.{spec.class_name}"), tuple(args), kwargs)

    def _complete(self, spec: LayerSpec, config: Mapping[str, Json]) -> bool:
        known = {*_EVERY_LAYER, *(parameter.name for parameter in spec.parameters)}
        return all(
            key in known or value in _NOTHING or same(value, spec.defaults.get(key)) for key, value in config.items()
        )

    def operation(self, spec: LayerSpec, operation: Operation, recorded: Call, tensors: Tensors) -> Code:
        """A call of the function behind an operation; what Keras filled in by itself is left out."""
        assert spec.function
        values = self._function_values(spec, spec.function, operation.config, recorded, tensors)
        if spec.class_name == "GetItem" and len(recorded.args) == 2 and isinstance(recorded.args[0], TensorRef):
            return subscript(tensors[recorded.args[0]], *_index(recorded.args[1], tensors))
        missing = next((name for name in spec.function.required if name not in values and name[:1] != "*"), None)
        if missing is not None:
            raise SourceError(Text("it needs a value for {parameter}.", {"parameter": missing}))
        args: list[Code] = []
        kwargs: dict[str, Code] = {}
        for name in spec.function.arguments:
            if name.startswith("*"):
                args += [self.argument(item, tensors) for item in recorded.args]
            elif name in values and name in spec.function.required and not kwargs:
                args.append(values.pop(name))
            elif name in values:
                kwargs[name] = values.pop(name)
        return CallCode(library(spec.function.name), tuple(args), {**kwargs, **values})

    def _function_values(
        self, spec: LayerSpec, function: FunctionSpec, config: Mapping[str, Json], recorded: Call, tensors: Tensors
    ) -> dict[str, Code]:
        """Argument of the function -> value, of those that must be written."""
        values: dict[str, Code] = {}
        for index, (name, value) in enumerate(zip(function.positions, recorded.args, strict=False)):
            default = function.args[index] if index < len(function.args) else None
            if not name.startswith("*") and (name in function.required or not _same_argument(value, default)):
                values[name] = self.argument(value, tensors)
        for name, value in recorded.kwargs.items():
            if not _same_argument(value, function.kwargs.get(name)):
                values[name] = self.argument(value, tensors)
        for key, value in config.items():
            parameter = spec.parameter(key)
            if parameter is None or (not parameter.required and same(value, parameter.default)):
                continue
            values[key] = self.value(value, tuples=True)
        return values

    def argument(self, argument: Any, tensors: Tensors) -> Code:
        """An argument of a call: tensors, literals, and lists and dicts of them."""
        if isinstance(argument, TensorRef):
            return _tensor(argument, tensors)
        if isinstance(argument, list | tuple):
            return list_of(self.argument(item, tensors) for item in argument)
        if not isinstance(argument, Mapping):
            return literal(argument)
        special = _special(argument)
        if special is not None:
            return special
        if is_lambda(argument):
            raise SourceError(NO_LAMBDA)
        if is_object(argument):
            return self.object(argument)
        return dict_of({str(key): self.argument(item, tensors) for key, item in argument.items()})


def _is_adapted(spec: LayerSpec, config: Mapping[str, Json]) -> bool:
    """Whether it says more than its constructor takes at once: a Discretization that has found its boundaries."""
    both = ("num_bins", "bin_boundaries")
    return spec.class_name == "Discretization" and all(config.get(key) is not None for key in both)


def _input(config: Mapping[str, Json]) -> CallCode | None:
    shape = config.get("batch_shape")
    if not isinstance(shape, list | tuple) or not shape:
        return None
    kwargs: dict[str, Code] = {}
    if shape[0] is None:
        kwargs["shape"] = literal(list(shape[1:]), tuples=True)
    else:
        kwargs["batch_shape"] = literal(list(shape), tuples=True)
    dtype = _dtype_name(config.get("dtype", "float32"))
    if dtype is None:
        return None
    if dtype != "float32":
        kwargs["dtype"] = quoted(dtype)
    kwargs.update({key: TRUE for key in ("sparse", "ragged", "optional") if config.get(key)})
    if isinstance(config.get("name"), str):
        kwargs["name"] = quoted(config["name"])
    return CallCode(library("keras.Input"), (), kwargs)


def _dtype_name(dtype: Json) -> str | None:
    """The name of a dtype or of a plain policy; None for a policy with settings of its own."""
    if dtype is None:
        return "float32"
    return dtype if isinstance(dtype, str) else policy_name(dtype)


def argument_text(value: Json) -> str:
    """A literal argument as it would be typed in Python; slices as they stand between the brackets of x[...]."""
    try:
        return ", ".join(map(flat, _index(value, {})))
    except SourceError:
        return repr(value)


def _special(argument: Mapping[str, Any]) -> Code | None:
    """Return what Keras marks in arguments: slices, the ellipsis, constant tensors."""
    config = argument.get("config")
    match argument.get("class_name"):
        case str(name) if name == _ELLIPSIS:
            return ELLIPSIS
        case str(name) if name == _SLICE and isinstance(config, Mapping):
            return call(SLICE, *(literal(config.get(key)) for key in ("start", "stop", "step")))
        case str(name) if name in _CONSTANTS and isinstance(config, Mapping):
            return CallCode(
                library(_CONSTANTS[name]), (literal(config.get("value")),), {"dtype": literal(config.get("dtype"))}
            )
    return None


def _index(key: Any, tensors: Tensors) -> list[Code]:
    """Return what stands between the brackets of x[...], between its commas."""
    if isinstance(key, list | tuple) and key:
        return [_indexed(item, tensors) for item in key]
    return [_indexed(key, tensors)]


def _indexed(key: Any, tensors: Tensors) -> Code:
    if isinstance(key, TensorRef):
        return _tensor(key, tensors)
    if isinstance(key, list | tuple):
        return literal(key) if key else tuple_of([])
    if not isinstance(key, Mapping):
        return literal(key)
    if key.get("class_name") == _SLICE and isinstance(key.get("config"), Mapping):
        return bounds(*(_bound(key["config"].get(name), tensors) for name in ("start", "stop", "step")))
    return _special(key) or from_config(key)


def _bound(value: Any, tensors: Tensors) -> Code | None:
    if isinstance(value, TensorRef):
        return _tensor(value, tensors)
    return None if value is None else literal(value)


def _tensor(ref: TensorRef, tensors: Tensors) -> Code:
    if ref not in tensors:
        raise SourceError(Text("it needs a box that comes after it."))
    return tensors[ref]


def _same_argument(value: Any, default: Json) -> bool:
    return not isinstance(value, TensorRef) and not _has_tensor(value) and same(value, default)


def _has_tensor(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_tensor(item) for item in value.values())
    return isinstance(value, TensorRef) or (isinstance(value, list | tuple) and any(map(_has_tensor, value)))
