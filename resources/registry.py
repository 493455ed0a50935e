"""Folders that are registries: a file more is one thing more."""

import pkgutil
from importlib import import_module
from types import ModuleType


def module_names(package: ModuleType) -> list[str]:
    """The modules of a package by their own names; its folders are no modules. Imports none of them."""
    return [info.name for info in pkgutil.iter_modules(package.__path__) if not info.ispkg]


def modules_with(package: ModuleType, name: str) -> list[ModuleType]:
    """The modules of a package that have ``name``, by their names."""
    found = [f"{package.__name__}.{module}" for module in module_names(package)]
    return [module for module in map(import_module, found) if hasattr(module, name)]


def module_in(package: str, name: str) -> ModuleType:
    """``name`` may come from a file. Raises ModuleNotFoundError where the package itself has no such module."""
    if name not in module_names(import_module(package)):
        raise ModuleNotFoundError(f"{package} has no module {name!r}")
    return import_module(f"{package}.{name}")
