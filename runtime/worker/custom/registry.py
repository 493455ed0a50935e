"""Which classes and functions came from code that somebody has agreed to run: Keras' own register says it."""

import sys
from collections.abc import Iterator
from typing import Any, Final

import keras
from keras.src.saving import object_registration

PACKAGE: Final = "lamella_custom"  # modules of custom code are called lamella_custom.<name of the file>


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


def forget_custom() -> None:
    """Take away all that was loaded."""
    for name, value in list(custom_objects()):
        del keras.saving.get_custom_objects()[name]
        object_registration.GLOBAL_CUSTOM_NAMES.pop(value, None)
    for module in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[module]


def _is_custom(value: Any) -> bool:
    module = getattr(value, "__module__", None)
    return (
        isinstance(module, str)
        and module.startswith(f"{PACKAGE}.")
        and isinstance(getattr(value, "__name__", None), str)
    )
