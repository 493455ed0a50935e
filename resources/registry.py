"""Folders that are registries: a file more is one thing more."""

import pkgutil
from importlib import import_module
from types import ModuleType


def modules_with(package: ModuleType, name: str) -> list[ModuleType]:
    """The modules of a package that have ``name``, by their names; its folders are no modules."""
    found = [f"{package.__name__}.{module}" for module in _modules(package)]
    return [module for module in map(import_module, found) if hasattr(module, name)]


def module_in(package: str, name: str) -> ModuleType:
    """``name`` may come from a file. Raises ModuleNotFoundError where the package itself has no such module."""
    if name not in _modules(import_module(package)):
        raise ModuleNotFoundError(f"{package} has no module {name!r}")
    return import_module(f"{package}.{name}")


def _modules(package: ModuleType) -> list[str]:
    return [info.name for info in pkgutil.iter_modules(package.__path__) if not info.ispkg]
