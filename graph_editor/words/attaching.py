"""Layouts within layouts."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QBoxLayout, QLayout

L = TypeVar("L", bound=QLayout)


def attached(outer: QBoxLayout, inner: L, stretch: int = 0) -> L:
    """``inner``, added to ``outer`` while it is empty.

    PySide makes and keeps a wrapper of every item of a layout that is added full. Qt frees the item with its widget and
    tells nobody, and the next C++ object at its address would be taken for it.
    """
    outer.addLayout(inner, stretch)
    return inner
