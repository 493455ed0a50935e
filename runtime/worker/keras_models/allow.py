"""Which Keras objects a config may name: the ones Keras itself publishes, and none that run code from the file.

Classes and functions of the project's own code join them once somebody has agreed to run that code (see custom/).

Everything is checked before Keras sees the config, because Keras imports modules and calls constructors while it reads.
"""

import sys
from collections.abc import Mapping
from typing import Any, Final

import keras

from resources.text import Facts, Text
from runtime.worker.custom.registry import custom_objects
from runtime.worker.process.control import WorkerError

Json = Any

_MAX_DEPTH: Final = 200  # nested models are a few levels deep, each level costs about six
# These run Python code, or load it from a file that the config names.
_CODE: Final = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
# Keras' own marks for plain values inside a config.
_PLAIN: Final = frozenset({"__keras_tensor__", "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__"})
_NAMESPACES: Final = (
    "keras.layers",
    "keras.initializers",
    "keras.regularizers",
    "keras.constraints",
    "keras.activations",
    "keras.losses",
    "keras.metrics",
    "keras.optimizers",
    "keras.optimizers.schedules",
    "keras.dtype_policies",
    "keras.mixed_precision",
    "keras.models",
    "keras.quantizers",
    "keras.random",
    "keras",
)
# Not published, but Keras' own: what functions of keras.ops record, and layers that models which Keras makes have.
_OWN: Final = ("keras.src.ops.", "keras.src.applications.", "keras.src.layers.")
_FUNCTIONAL: Final = "keras.src.models.functional"  # Keras writes its unpublished place
_FUNCTION_NAMESPACES: Final = ("activations", "losses", "metrics", "initializers", "regularizers", "constraints", "ops")


class NotAllowedError(WorkerError):
    """A config names something that is no published part of Keras, or something that would run code."""


def check_config(config: Json, where: str) -> None:
    """Raises NotAllowedError unless every object that `config` names, at any depth, may be made. `where`: the box."""
    _check(config, where, 0)


def _check(node: Json, where: str, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise NotAllowedError(Text("The settings of {layer} are nested too deeply.", {"layer": where}))
    if isinstance(node, Mapping):
        if isinstance(node.get("class_name"), str):
            _check_object(node, where)
        _check_vocabulary(node, where)
        for value in node.values():
            _check(value, where, depth + 1)
    elif isinstance(node, (list, tuple)):
        for value in node:
            _check(value, where, depth + 1)


def _check_object(node: Mapping[str, Json], where: str) -> None:
    name, module = node["class_name"], node.get("module")
    if name in _PLAIN:
        return
    if name in ("__lambda__", "__typespec__") or name.rpartition(">")[2] in _CODE:
        text = Text("{layer} was not run: {class_name} can run code from the file.", _names(where, name))
        raise NotAllowedError(text, f"{module}.{name}")
    if module is not None and not isinstance(module, str):
        raise _unknown(where, name, str(module))
    if _is_loaded(node):
        return
    if name == "function":
        _check_function(node, where)
    elif _find_class(name, module) is None:
        raise _unknown(where, name, module)
    elif node.get("registered_name") not in (None, name):
        raise _unknown(where, str(node["registered_name"]), module)


def _is_loaded(node: Mapping[str, Json]) -> bool:
    """Whether Keras will find the object among those that loaded code has registered, by the name that stands there."""
    registered = node.get("registered_name")
    if node["class_name"] == "function":
        registered = node.get("config")
    return isinstance(registered, str) and registered in dict(custom_objects())


def _check_function(node: Mapping[str, Json], where: str) -> None:
    name, module = node.get("config"), node.get("module")
    if module == "builtins" or module is None:
        spaces = [f"keras.{space}" for space in _FUNCTION_NAMESPACES]
    else:
        spaces = [f"keras.{space}" for space in _FUNCTION_NAMESPACES if f"keras.{space}" == module]
    if not isinstance(name, str) or not any(callable(_published(space, name)) for space in spaces):
        raise _unknown(where, str(name), module)


def _check_vocabulary(node: Mapping[str, Json], where: str) -> None:
    if isinstance(node.get("vocabulary"), str):  # the name of a file that Keras would read
        raise NotAllowedError(
            Text(
                "{layer} was not run: its vocabulary is a file; write the words into the layer instead.", _names(where)
            ),
            str(node["vocabulary"]),
        )


def _find_class(name: str, module: str | None) -> Any:
    """The class that a config means, if it is one that may be made."""
    if name == "Functional" and module in (None, "keras", "keras.models", _FUNCTIONAL):
        return keras.Model
    if module is not None and module.startswith(_OWN):
        loaded = sys.modules.get(module)  # never imported on behalf of a file
        class_ = vars(loaded).get(name) if loaded is not None else None
        own = isinstance(class_, type) and class_.__module__ == module
        return class_ if own and isinstance(class_, type) and issubclass(class_, keras.Operation) else None
    spaces = _NAMESPACES if module is None else tuple(space for space in _NAMESPACES if space == module)
    for space in spaces:
        class_ = _published(space, name)
        if isinstance(class_, type) and issubclass(class_, _kinds()):
            return class_
    return None


def python_name(class_name: str, module: Json) -> str:
    """Return what Python calls the class of a config, which names the groups of its weights.

    Mostly what Keras publishes it as; but GroupQueryAttention is the class GroupedQueryAttention.
    """
    class_ = _find_class(class_name, module if isinstance(module, str) else None)
    return class_name if class_ is None else str(class_.__name__)


def _published(namespace: str, name: str) -> object:
    if not name.isidentifier() or name.startswith("_"):
        return None
    published: object = keras
    for part in [*namespace.split(".")[1:], name]:
        published = getattr(published, part, None)
    return published


def _kinds() -> tuple[type, ...]:
    return (
        keras.Operation,  # layers and models are operations
        keras.initializers.Initializer,
        keras.regularizers.Regularizer,
        keras.constraints.Constraint,
        keras.Loss,
        keras.Metric,
        keras.optimizers.Optimizer,
        keras.optimizers.schedules.LearningRateSchedule,
        keras.DTypePolicy,
        keras.dtype_policies.DTypePolicyMap,
        keras.quantizers.Quantizer,
        keras.quantizers.QuantizationConfig,
        keras.random.SeedGenerator,
    )


def _unknown(where: str, name: str, module: str | None) -> NotAllowedError:
    text = Text("{layer} was not run: {class_name} is not part of Keras.", _names(where, name))
    return NotAllowedError(text, f"{module}.{name}" if module else name)


def _names(where: str, class_name: str = "") -> Facts:
    return {"layer": where, "class_name": class_name} if class_name else {"layer": where}
