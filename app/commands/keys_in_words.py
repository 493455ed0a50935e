"""Keys as the system writes them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence

from app.commands.command import Shortcut


def key_list(shortcuts: Sequence[Shortcut]) -> list[str]:
    """Each once, in order."""
    form = QKeySequence.SequenceFormat.NativeText
    return list(dict.fromkeys(QKeySequence(shortcut).toString(form) for shortcut in shortcuts))


def key_words(shortcuts: Sequence[Shortcut]) -> str:
    """The first of them; empty when there is none."""
    return next(iter(key_list(shortcuts)), "")
