"""Values of configs as Python expressions: what Keras writes for its objects, by their constructors."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, ObjectKind, ObjectSpec, Parameter
from graph_editor.exporters.code.names import may_be_own_class
from resources.python_code.pieces import (
    CallCode,
    Code,
    SourceError,
    attribute,
    call,
    library,
    list_of,
    literal,
    name,
    quoted,
)
from resources.python_code.python_names import shown
from resources.shared_layers import SHARED
from resources.text import Text

_KINDS: Final[Mapping[str, ObjectKind]] = {
    "keras.initializers": "initializers",
    "keras.regularizers": "regularizers",
    "keras.constraints": "constraints",
    "keras.losses": "losses",
    "keras.metrics": "metrics",
    "keras.optimizers": "optimizers",
    "keras.optimizers.schedules": "schedules",
}
_MODULES: Final[Mapping[ObjectKind, str]] = {kind: module for module, kind in _KINDS.items()}
FROM_CONFIG: Final = "keras.saving.deserialize_keras_object"
_TOOLS: Final = frozenset({"utils", "saving", "config", "preprocessing", "datasets", "export"})
_RUNS_CODE: Final = (
    *("exec", "eval", "compile", "open", "__import__", "breakpoint", "input", "getattr", "setattr", "delattr"),
    *("globals", "locals", "vars", "exit", "quit", "help"),
)
NO_LAMBDA: Final = Text("It holds a function without a name (a lambda), which cannot be written as source.")
_OBJECT_KEYS: Final = {"class_name", "config"}
_TUPLES: Final = frozenset({"ngrams"})  # any value in JSON, of which the constructors take no list


def is_object(value: Json) -> bool:
    return isinstance(value, Mapping) and value.keys() >= _OBJECT_KEYS and isinstance(value["class_name"], str)


def policy_name(value: Json) -> str | None:
    """The name of a dtype policy that has no settings besides."""
    if is_object(value) and value["class_name"] == "DTypePolicy" and isinstance(value["config"], Mapping):
        return str(value["config"]["name"]) if set(value["config"]) == {"name"} else None
    return None


def from_config(value: Json) -> Code:
    """Keras makes the object itself; for whatever cannot be written as a constructor with nothing lost.

    Newer versions of Keras refuse what is no part of a model, older ones import whatever a config names: a SourceError
    here.
    """
    foreign = next(filter(is_no_part_of_a_model, _objects_in(value)), None)
    if foreign is not None:
        named = ".".join((foreign["module"], foreign["class_name"]))
        raise SourceError(Text("{name} is no part of a model, and is not called.", {"name": shown(named)}))
    if _has_lambda(value):  # Keras would refuse it, as it is code in a file
        raise SourceError(NO_LAMBDA)
    return call(library(FROM_CONFIG), literal(unmarked(value)))


def is_lambda(value: Json) -> bool:
    return isinstance(value, Mapping) and value.get("class_name") == "__lambda__"


def _has_lambda(value: Json) -> bool:
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return is_lambda(value) or any(map(_has_lambda, inside))


def unmarked(value: Json) -> Json:
    """Without the marks of objects in several places, which mean nothing to `deserialize_keras_object`."""
    if isinstance(value, Mapping):
        return {key: unmarked(item) for key, item in value.items() if not (key == SHARED and is_object(value))}
    return [unmarked(item) for item in value] if isinstance(value, list | tuple) else value


def is_no_part_of_a_model(value: Mapping[str, Json]) -> bool:
    """Whether a config names something of Python itself, or of Keras what reads, writes or loads."""
    module, class_name, config = str(value["module"]), value["class_name"], value.get("config")
    function = class_name == "function"
    root, _, rest = module.partition(".")
    if root == "builtins":
        return not function or config in _RUNS_CODE
    if root == "keras":
        family = rest.removeprefix("src.").partition(".")[0]
        return family in _TOOLS or (function and family in ("", "models"))
    return root in sys.stdlib_module_names


def _objects_in(value: Json) -> Iterator[Mapping[str, Json]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting += item.values()
            if isinstance(item.get("module"), str) and isinstance(item.get("class_name"), str):
                yield item
        elif isinstance(item, list | tuple):
            waiting += item


def same(left: Json, right: Json) -> bool:
    """Equal as JSON: 1 and True differ, (1, 2) and [1, 2] do not."""
    return bool(plain(left) == plain(right))


def plain(value: Json) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return (type(value).__name__, value) if isinstance(value, bool) else value


@dataclass(frozen=True, slots=True)
class Objects:
    """Writes the objects that stand in configs: initializers, regularizers, activations, schedules, ..."""

    catalog: Catalog
    own_modules: frozenset[str] = frozenset()  # files of the project's own code
    imported: set[tuple[str, str]] = field(default_factory=set)  # what is used of them: module and name

    def value(self, value: Json, *, tuples: bool = False) -> Code:
        if is_object(value):
            return self.object(value)
        if isinstance(value, list | tuple) and any(is_object(item) for item in value):
            return list_of(self.value(item) for item in value)
        return literal(value, tuples=tuples)

    def object(self, value: Mapping[str, Json]) -> Code:
        """A Keras object by its constructor with what differs from the defaults."""
        class_name, module, config = value["class_name"], value.get("module"), value["config"]
        if value.get("registered_name") not in (None, class_name):
            return self.own(value) or from_config(value)
        policy = policy_name(value)
        if policy is not None:
            return call(library("keras.DTypePolicy"), quoted(policy))
        if class_name == "function":
            return self._function(value, config)
        kind = _KINDS.get(str(module))
        spec = self.catalog.object(kind, class_name) if kind else None
        if kind is None or spec is None or not isinstance(config, Mapping):
            return from_config(value)
        return self.constructed(kind, spec, config) or from_config(value)

    def own(self, value: Mapping[str, Json]) -> Code | None:
        """An object of the project's own code, made as Keras makes it; None for anything else."""
        class_name, module, config = value["class_name"], value.get("module"), value["config"]
        spec = self.catalog.layer(class_name, module) if isinstance(module, str) else None
        if spec is not None and spec.registered and spec.registered == value.get("registered_name"):
            module = spec.module  # the file of this project that has the class, wherever the model was made
        if not isinstance(module, str) or not isinstance(config, Mapping) or not self.may_import(module, class_name):
            return None
        self.imported.add((module, class_name))
        return call(attribute(name(class_name), "from_config"), literal(unmarked(config)))

    def may_import(self, module: str, class_name: str) -> bool:
        """Whether `from module import class_name` gives what the project's own code has by that name."""
        return module in self.own_modules and may_be_own_class(class_name)

    def constructed(self, kind: ObjectKind, spec: ObjectSpec, config: Mapping[str, Json]) -> CallCode | None:
        """None when the config has something that the constructor does not take."""
        if spec.own_module:
            return self._own_constructed(spec, config)
        known = {parameter.name for parameter in spec.parameters}
        others = {key: value for key, value in config.items() if key != "name" and key not in known}
        if any(not same(value, spec.config.get(key)) for key, value in others.items()):
            return None
        args, kwargs = self.arguments(spec.parameters, spec.config, config)
        if isinstance(config.get("name"), str) and kind in ("losses", "metrics"):
            kwargs["name"] = quoted(config["name"])
        return CallCode(library(f"{_MODULES[kind]}.{spec.class_name}"), tuple(args), kwargs)

    def _own_constructed(self, spec: ObjectSpec, config: Mapping[str, Json]) -> CallCode | None:
        """None for a function of the project's own code, which has no constructor, with arguments."""
        if not self.may_import(spec.own_module, spec.class_name):
            return None
        self.imported.add((spec.own_module, spec.class_name))
        return call(attribute(name(spec.class_name), "from_config"), literal(config))

    def _own_function(self, spec: ObjectSpec) -> Code | None:
        """A function of the project's own code by its name, which the script imports."""
        if not self.may_import(spec.own_module, spec.class_name):
            return None
        self.imported.add((spec.own_module, spec.class_name))
        return name(spec.class_name)

    def arguments(
        self, parameters: tuple[Parameter, ...], defaults: Mapping[str, Json], config: Mapping[str, Json]
    ) -> tuple[list[Code], dict[str, Code]]:
        """Return what differs from the defaults; required arguments by their place as long as none is left out.

        Raises SourceError for a required one that the config does not have: none is made up.
        """
        args: list[Code] = []
        kwargs: dict[str, Code] = {}
        for parameter in parameters:
            if parameter.required and parameter.name not in config:
                raise SourceError(Text("it needs a value for {parameter}.", {"parameter": parameter.name}))
            default = defaults.get(parameter.name, parameter.default)
            value = config.get(parameter.name, default)
            if not parameter.required and self._is_default(value, default):
                continue
            code = self.value(value, tuples=parameter.kind in ("tuple", "shape") or parameter.name in _TUPLES)
            if parameter.required and not kwargs and len(args) == parameters.index(parameter):
                args.append(code)
            else:
                kwargs[parameter.name] = code
        return args, kwargs

    def _is_default(self, value: Json, default: Json) -> bool:
        """A default may be the identifier of an object that is written in full: "zeros" is `Zeros()`."""
        if same(value, default):
            return True
        kind = _KINDS.get(str(value.get("module"))) if is_object(value) and isinstance(default, str) else None
        spec = self.catalog.object(kind, default) if kind else None
        return spec is not None and spec.class_name == value["class_name"] and same(value["config"], spec.config)

    def _function(self, value: Mapping[str, Json], config: Json) -> Code:
        spec = self.catalog.object("activations", config) if isinstance(config, str) else None
        if spec is not None and spec.own_module:
            return self._own_function(spec) or from_config(value)
        if spec is not None:
            return library(f"keras.activations.{config}")
        return from_config(value)
