"""The desktop of the shell's tests."""

from tests.gui.app.conftest import catalog, rig, template

__all__ = ["catalog", "rig", "template"]
