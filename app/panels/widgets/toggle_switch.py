"""The on/off switch of the whole application; it lives beside the editors, which may not know the app."""

from graph_editor.editors.parts.toggle_switch import ToggleSwitch

__all__ = ["ToggleSwitch"]
