"""Widgets of one kind below one another that follow a list: filled anew, not built anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.view.letting_go import let_go

W = TypeVar("W", bound=QWidget)


class KeyedRows(Generic[W]):
    """One widget a key, in the order of the keys; `make` makes that of a new key. Those whose key is gone go."""

    def __init__(self, layout: QVBoxLayout, make: Callable[[str], W]) -> None:
        """The layout is theirs alone."""
        self._layout = layout
        self._make = make
        self._widgets: dict[str, W] = {}

    def show(self, keys: Iterable[str]) -> dict[str, W]:
        """A key that comes twice has one widget. What is typed in those that stay, stays."""
        wanted = list(dict.fromkeys(keys))
        for gone in [key for key in self._widgets if key not in wanted]:
            let_go(self._widgets.pop(gone))
        if wanted != list(self._widgets):
            self._widgets = {key: self._widgets.get(key) or self._make(key) for key in wanted}
            for place, widget in enumerate(self._widgets.values()):
                self._layout.insertWidget(place, widget)
        return self._widgets
