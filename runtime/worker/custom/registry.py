"""Which classes and functions came from code that somebody has agreed to run: Keras' own register says it."""

import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

import keras
from keras.src.saving import object_registration

from runtime.worker.custom.package import PACKAGE

_NAMED: Final = "_lamella_module"


def custom_objects() -> Iterator[tuple[str, Any]]:
    """Registered names and what they stand for, in the order of registration."""
    for name, value in keras.saving.get_custom_objects().items():
        if _is_custom(value):
            yield name, value


def find_custom(name: str) -> Any:
    """By registered name, else by the name of the class or function, if only one has it. Or None."""
    objects = dict(custom_objects())
    if name in objects:
        return objects[name]
    found = [value for value in objects.values() if value.__name__ == name]
    return found[0] if len(found) == 1 else None


def remember_modules(config: Any) -> None:
    """Note by which module a config names what loaded code has registered, so that it is written so again."""
    known = dict(custom_objects())
    for node in _objects(config) if known else ():
        found = known.get(_registered(node) or "")
        if found is not None:
            setattr(found, _NAMED, node.get("module"))


def named_as_in_files(config: Any) -> None:
    """Name the modules of custom code as the file did that the model comes from, not as they are called here."""
    known: dict[str | None, Any] | None = None
    for node in _objects(config):
        module = node.get("module")
        if isinstance(module, str) and module.startswith(f"{PACKAGE}."):
            known = dict(custom_objects()) if known is None else known
            own = vars(known.get(_registered(node) or "", object)).get(_NAMED, module.partition(".")[2])
            node["module"] = own


def _registered(node: Mapping[str, Any]) -> str | None:
    name = node.get("config") if node.get("class_name") == "function" else node.get("registered_name")
    return name if isinstance(name, str) else None


def _objects(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if isinstance(node.get("class_name"), str) and "config" in node:
                yield node
            waiting += node.values()
        elif isinstance(node, list | tuple):
            waiting += node


def forget_custom() -> None:
    """Take away all that was loaded."""
    for name, value in list(custom_objects()):
        del keras.saving.get_custom_objects()[name]
        object_registration.GLOBAL_CUSTOM_NAMES.pop(value, None)
    for module in [name for name in list(sys.modules) if name.partition(".")[0] == PACKAGE]:
        del sys.modules[module]


def _is_custom(value: Any) -> bool:
    module = getattr(value, "__module__", None)
    return (
        isinstance(module, str)
        and module.startswith(f"{PACKAGE}.")
        and isinstance(getattr(value, "__name__", None), str)
    )
