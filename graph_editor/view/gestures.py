"""Finds the mouse gestures: every module of ``tools`` that has one."""

from graph_editor.view import tools
from graph_editor.view.tools.base import Gesture, Pointer
from graph_editor.view.tools.canvas import Canvas
from resources.registry import modules_with


def all_gestures() -> list[type[Gesture]]:
    """In the order in which they are asked whether a press is theirs."""
    found: list[type[Gesture]] = [module.GESTURE for module in modules_with(tools, "GESTURE")]
    return sorted(found, key=lambda gesture: gesture.priority)


def gesture_for(gestures: list[type[Gesture]], canvas: Canvas, at: Pointer) -> Gesture | None:
    for kind in gestures:
        gesture = kind.begins(canvas, at)
        if gesture is not None:
            return gesture
    return None
