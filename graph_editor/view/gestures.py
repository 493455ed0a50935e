"""Finds the mouse gestures: every module of ``tools`` that has one."""

import pkgutil
from importlib import import_module

from graph_editor.view import tools
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas


def all_gestures() -> list[type[Gesture]]:
    """In the order in which they are asked whether a press is theirs."""
    found: list[type[Gesture]] = []
    for info in pkgutil.iter_modules(tools.__path__, tools.__name__ + "."):
        gesture = getattr(import_module(info.name), "GESTURE", None)
        if gesture is not None:
            found.append(gesture)
    return sorted(found, key=lambda gesture: gesture.priority)


def gesture_for(gestures: list[type[Gesture]], canvas: Canvas, at: Pointer) -> Gesture | None:
    for kind in gestures:
        gesture = kind.begins(canvas, at)
        if gesture is not None:
            return gesture
    return None
