"""Bypassing and muting boxes from outside of the canvas."""

from __future__ import annotations

from app.project.session import Session
from graph_editor.document.checking.modes import set_mode, toggle_label, toggled
from graph_editor.document.graph import BYPASSED
from resources.text import Text


def toggle(session: Session, mode: str) -> None:
    """Bypass or mute the selected boxes, or when all are, no longer."""
    document, catalog, call_ids = session.document, session.catalog, session.navigation.selection
    if call_ids:
        label = toggle_label(document, call_ids, mode, catalog)
        session.attempt(lambda: session.history.do(label, toggled(document, call_ids, mode, catalog)))


def switch(session: Session, call: str, mode: str, on: bool) -> None:
    """Bypass or mute one box, or build it again."""
    if on:
        label = Text("Bypass") if mode == BYPASSED else Text("Mute")
    else:
        label = Text("No longer bypass") if mode == BYPASSED else Text("No longer mute")
    new = mode if on else ""
    session.attempt(lambda: session.history.do(label, set_mode(session.document, [call], new, session.catalog)))
