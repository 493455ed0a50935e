"""Finds the providers: every module of `providers` that has PROVIDE, in the order of its ORDER."""

from __future__ import annotations

from app.command_palette import providers
from app.command_palette.providers.entry import Entry, Provider, Surroundings
from resources.registry import modules_with


def all_providers() -> list[Provider]:
    found = modules_with(providers, "PROVIDE")
    return [module.PROVIDE for module in sorted(found, key=lambda module: int(module.ORDER))]


def all_entries(around: Surroundings) -> list[Entry]:
    """Everything, as it is now; the first are those that are offered before anything is typed."""
    return [entry for provide in all_providers() for entry in provide(around)]
