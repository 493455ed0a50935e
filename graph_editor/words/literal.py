"""Names where Qt reads signs of its own: "&" marks a key in menus and on buttons, "[*]" a change in window titles."""

from __future__ import annotations

from typing import Final

from resources.plain import shown_name

_ON_BUTTON: Final = 120


def on_button(name: str, limit: int = _ON_BUTTON) -> str:
    """``name`` for a button, a menu entry or a tab, in one line, without keys in it (a tab would start them)."""
    return shown_name(name, limit).replace("&", "&&")


def window_title(name: str) -> str:
    return shown_name(name).replace("[*]", "[*][*]")
