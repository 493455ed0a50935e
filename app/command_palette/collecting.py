"""Finds the providers: every module of `providers` that has PROVIDE, in the order of its ORDER."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from app.command_palette import providers
from app.command_palette.providers.entry import Entry, Provider, Surroundings


def all_providers() -> list[Provider]:
    modules = [import_module(info.name) for info in pkgutil.iter_modules(providers.__path__, providers.__name__ + ".")]
    offering = [module for module in modules if hasattr(module, "PROVIDE")]
    return [module.PROVIDE for module in sorted(offering, key=lambda module: int(module.ORDER))]


def all_entries(around: Surroundings) -> list[Entry]:
    """Everything, as it is now; the first are those that are offered before anything is typed."""
    return [entry for provide in all_providers() for entry in provide(around)]
