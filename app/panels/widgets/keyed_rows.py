"""Widgets of one kind below one another that follow a list: filled anew, not built anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.words.letting_go import let_go

W = TypeVar("W", bound=QWidget)


class KeyedRows(Generic[W]):
    """A widget for every key, in the order of the keys; `make` makes that of a new key. Those whose key is gone go.

    A key may come twice, as names in a project do that is being mended: then it has two widgets.
    """

    def __init__(self, layout: QVBoxLayout, make: Callable[[str], W]) -> None:
        """The layout is theirs alone."""
        self._layout = layout
        self._make = make
        self._widgets: dict[tuple[str, int], W] = {}  # by key, and which of those with that key

    def show(self, keys: Iterable[str]) -> list[W]:
        """The widget of each key. What is typed in those that stay, stays."""
        counts: Counter[str] = Counter()
        row_keys: list[tuple[str, int]] = []
        for key in keys:
            row_keys.append((key, counts[key]))
            counts[key] += 1
        for gone in self._widgets.keys() - set(row_keys):
            let_go(self._widgets.pop(gone))
        if row_keys != list(self._widgets):
            self._widgets = {key: self._widgets.get(key) or self._make(key[0]) for key in row_keys}
            for place, widget in enumerate(self._widgets.values()):
                self._layout.insertWidget(place, widget)
        return list(self._widgets.values())
