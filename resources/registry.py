"""Folders that are registries: a file more is one thing more."""

import pkgutil
from importlib import import_module
from types import ModuleType


def modules_with(package: ModuleType, name: str) -> list[ModuleType]:
    """The modules of a package that have ``name``, by their names; its folders are no modules."""
    found = [info.name for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if not info.ispkg]
    return [module for module in map(import_module, found) if hasattr(module, name)]
