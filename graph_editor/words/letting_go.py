"""The one way to throw a widget away while the window stays."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QWidget


def let_go(widget: QWidget) -> None:
    """Take a widget out of sight and out of its layout; it is freed when Qt comes to it.

    It says nothing more: that it loses the keyboard must not count as an edit of what takes its place. It leaves its
    layout first, as Qt would free its place there without telling Python.
    """
    for part in (widget, *widget.findChildren(QWidget)):
        part.blockSignals(True)
    holder = widget.parentWidget()
    outer = holder.layout() if holder is not None else None
    if outer is not None:
        for layout in (outer, *outer.findChildren(QLayout)):
            layout.removeWidget(widget)
    widget.hide()
    widget.deleteLater()
