"""Names where Qt reads signs of its own: "&" marks a key in menus and on buttons, "[*]" a change in window titles."""

from __future__ import annotations

from resources.plain import shown_name


def on_button(name: str) -> str:
    """``name`` for a button, a menu entry or a tab, in one line, without keys in it (a tab would start them)."""
    return shown_name(name).replace("&", "&&")


def window_title(name: str) -> str:
    return shown_name(name).replace("[*]", "[*][*]")
