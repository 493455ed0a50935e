"""In which order Tab goes from one control to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_tab_order(widgets: Sequence[QWidget], after: QWidget | None = None) -> None:
    """Let Tab go through these one by one, from where it was at `after`, which may not take the keyboard itself.

    What hands the keyboard on to a part of itself takes that part along.
    """
    ordered = [after, *widgets] if after is not None else list(widgets)
    with _focusable(ordered):
        for before, widget in pairwise(ordered):
            QWidget.setTabOrder(before, widget)


@contextmanager
def _focusable(widgets: Sequence[QWidget]) -> Iterator[None]:
    """Qt gives a place only to what takes the keyboard itself; a policy is passed on to the part that gets it."""
    lent = [(widget, widget.focusProxy()) for widget in widgets if widget.focusPolicy() == Qt.FocusPolicy.NoFocus]
    policies = [proxy.focusPolicy() if proxy is not None else None for _, proxy in lent]
    for widget, _ in lent:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    yield
    for (widget, proxy), policy in zip(lent, policies, strict=True):
        widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if proxy is not None and policy is not None:
            proxy.setFocusPolicy(policy)
