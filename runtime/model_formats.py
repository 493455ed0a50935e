"""The forms in which Keras writes a model, found by listing the folder of formats: adding one touches one file.

Free of Keras: only `write` of a format imports it.
"""

from importlib import import_module
from types import ModuleType

import msgspec

from resources.registry import module_in, modules_with
from resources.text import Text

_PACKAGE = "runtime.worker.engine.formats"


class ModelFormat(msgspec.Struct, frozen=True):
    """`key` is its name on the command line. `weights` and `optimizer`: whether the file holds them.

    `unbuilt`: whether a model can be written that has no shapes and no weights yet.
    """

    key: str
    title: Text
    suffix: str
    order: int
    weights: bool = True
    optimizer: bool = False
    unbuilt: bool = False


def model_formats() -> tuple[ModelFormat, ...]:
    """Every module of the package has `FORMAT`, and `write(model, path, target)`.

    `write` writes to `path`, reads that back, and returns sentences that say what was compared; `target` stands in
    messages. It raises WorkerError on a difference, and lets errors of the disk pass.
    """
    found = [module.FORMAT for module in modules_with(import_module(_PACKAGE), "FORMAT")]
    return tuple(sorted(found, key=lambda entry: (entry.order, entry.key)))


def model_format_module(key: str) -> ModuleType:
    """Raises ModuleNotFoundError for a key that is no format."""
    return module_in(_PACKAGE, key)
