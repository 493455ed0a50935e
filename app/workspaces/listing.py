"""Finds the workspaces: every module of this folder that has a WORKSPACE, in the order of its places. Imports no Qt."""

from __future__ import annotations

import app.workspaces as package
from app.workspaces.parts.workspace import Workspace
from resources.registry import modules_with


def all_workspaces() -> list[Workspace]:
    found: list[Workspace] = [module.WORKSPACE for module in modules_with(package, "WORKSPACE")]
    return sorted(found, key=lambda workspace: workspace.place)
