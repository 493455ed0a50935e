"""Finds the workspaces: every module of this folder that has a WORKSPACE, in the order of its places. Imports no Qt."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import app.workspaces as package
from app.workspaces.parts.workspace import Workspace


def all_workspaces() -> list[Workspace]:
    names = [info.name for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}.") if not info.ispkg]
    found = [module.WORKSPACE for module in map(import_module, names) if hasattr(module, "WORKSPACE")]
    return sorted(found, key=lambda workspace: workspace.place)
