"""What a screen reader says of a widget: names of others in it hold nothing that cannot be said."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from graph_editor.words.markup import without_marks
from resources.plain import shown_text

_MOST: Final = 1500  # letters: nobody listens longer, and some readers stop


def set_spoken_name(widget: QWidget, name: str) -> None:
    widget.setAccessibleName(spoken(name))


def set_spoken_description(widget: QWidget, description: str) -> None:
    widget.setAccessibleDescription(spoken(description))


def spoken(text: str) -> str:
    """``text`` without marks of our own, with its lines, control characters written out."""
    return shown_text(without_marks(text), _MOST)


def announce(view: QObject, text: str, *, urgent: bool = False) -> None:
    """Let a screen reader say ``text`` now; without one this is nothing."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(view, text)
        manner = QAccessible.AnnouncementPoliteness
        event.setPoliteness(manner.Assertive if urgent else manner.Polite)
        QAccessible.updateAccessibility(event)
