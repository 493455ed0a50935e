"""The one way to a tooltip: plain words stay plain, whoever wrote them, and long ones are broken into lines."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Final, Protocol

from PySide6.QtCore import QPoint
from PySide6.QtGui import Qt  # the part of the namespace that knows text
from PySide6.QtWidgets import QToolTip, QWidget

from graph_editor.words.markup import Markup
from graph_editor.words.spoken import spoken
from resources.plain import shown_text

_SAID: Final = "tooltip_in_words"
_WIDTH: Final = 90  # letters of a line; Qt breaks rich text alone
_MOST_LINES: Final = 40
_MOST: Final = 3000


class HasTooltip(Protocol):
    """A widget, an action, an item of a list or of the canvas."""

    def setToolTip(self, text: str, /) -> None: ...  # noqa: N802


def set_tooltip(target: HasTooltip, text: str) -> None:
    """``text`` is plain unless it is `Markup`."""
    tip = tooltip_text(text)
    target.setToolTip(tip)
    if isinstance(target, QWidget):
        _say(target, text, Qt.mightBeRichText(tip))


def _say(widget: QWidget, text: str, rich: bool) -> None:
    """Screen readers are given the tooltip of a widget that has no description, marks and all: give them the words."""
    description, before = widget.accessibleDescription(), widget.property(_SAID)
    words = spoken(text) if rich else ""
    if description in ("", before) and words != description:
        widget.setAccessibleDescription(words)
        widget.setProperty(_SAID, words)


def show_tooltip(place: QPoint, text: str, widget: QWidget) -> None:
    QToolTip.showText(place, tooltip_text(text), widget)


def tooltip_text(text: str) -> str:
    """Return what Qt is given so that a person reads ``text`` letter by letter; `Markup` is rich text of our own."""
    if isinstance(text, Markup):
        return str(text)
    plain = _broken(shown_text(text, _MOST))
    if not Qt.mightBeRichText(plain):
        return plain
    return f'<p style="white-space:pre">{escape(plain, quote=False)}</p>'


def _broken(text: str) -> str:
    lines = [part for line in text.split("\n") for part in _parts(line)]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "…"]
    return "\n".join(lines)


def _parts(line: str) -> list[str]:
    if len(line) <= _WIDTH:
        return [line]
    return textwrap.wrap(line, _WIDTH, replace_whitespace=False, drop_whitespace=True, break_on_hyphens=False) or [""]
