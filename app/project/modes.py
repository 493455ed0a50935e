"""Bypassing and muting the selected boxes: the entries of the menu Model."""

from __future__ import annotations

from functools import partial

from app.commands.command import Command
from app.project.session import Session
from graph_editor.document.checking.modes import set_mode, toggle_label, toggled
from graph_editor.document.graph import BYPASSED, MUTED
from resources.text import Text, tr


def commands(session: Session) -> tuple[Command, Command]:
    selected = lambda: bool(session.selection)  # noqa: E731
    return (
        Command(
            "model.bypass",
            lambda: tr("Bypass"),
            partial(toggle, session, BYPASSED),
            ("Ctrl+B",),
            selected,
            partial(are_all, session, BYPASSED),
        ),
        Command(
            "model.mute",
            lambda: tr("Mute"),
            partial(toggle, session, MUTED),
            ("Ctrl+M",),
            selected,
            partial(are_all, session, MUTED),
        ),
    )


def toggle(session: Session, mode: str) -> None:
    """Bypass or mute the selected boxes, or when all are, no longer."""
    document, catalog, chosen = session.document, session.catalog, session.selection
    if chosen:
        label = toggle_label(document, chosen, mode, catalog)
        session.attempt(lambda: session.history.do(label, toggled(document, chosen, mode, catalog)))


def are_all(session: Session, mode: str) -> bool:
    chosen = session.selection
    return bool(chosen) and all(session.document.call(call).mode == mode for call in chosen)


def switch(session: Session, call: str, mode: str, on: bool) -> None:
    """Bypass or mute one box, or build it again."""
    if on:
        label = Text("Bypass") if mode == BYPASSED else Text("Mute")
    else:
        label = Text("No longer bypass") if mode == BYPASSED else Text("No longer mute")
    new = mode if on else ""
    session.attempt(lambda: session.history.do(label, set_mode(session.document, [call], new, session.catalog)))
