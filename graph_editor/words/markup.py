"""Rich text of our own in which names of others stand as plain letters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from resources.plain import shown_text
from resources.text import Text, filled

_TAG: Final = re.compile(r"<[^>]*>")


class Markup(str):
    """HTML that was put together by the functions of this module, and nowhere else."""

    __slots__ = ()


def plain(text: str) -> Markup:
    """``text`` letter by letter, its lines kept."""
    return Markup(escape(shown_text(text), quote=False).replace("\n", "<br>"))


def marked(text: Text) -> Markup:
    """The sentence with those of its values that are ``Markup`` as they are, with all else letter by letter."""
    shown = {key: value if isinstance(value, Markup) else plain(str(value)) for key, value in text.args.items()}
    return Markup(filled(plain(text.translated()), shown))


def beside(*parts: str) -> Markup:
    """The parts with a space between them."""
    return Markup(" ".join(part if isinstance(part, Markup) else plain(part) for part in parts))


def bold(text: str) -> Markup:
    return Markup(f"<b>{plain(text)}</b>")


def italic(text: str) -> Markup:
    return Markup(f"<i>{plain(text)}</i>")


def strong(text: str, color: str) -> Markup:
    """Half bold, in a colour such as "#e7eaf0"."""
    return Markup(f'<span style="color:{escape(color)}; font-weight:600">{plain(text)}</span>')


def png(base64: str, width: int, height: int) -> Markup:
    """A picture of our own, in base64."""
    return Markup(f'<img src="data:image/png;base64,{escape(base64)}" width="{width:d}" height="{height:d}">')


def lines(parts: Iterable[str]) -> Markup:
    """The parts that are not empty, one below the other."""
    return Markup("<br>".join(part if isinstance(part, Markup) else plain(part) for part in parts if part))


def without_marks(text: str) -> str:
    """The words of ``text`` as a screen reader says them."""
    return unescape(_TAG.sub("", text.replace("<br>", "\n"))) if isinstance(text, Markup) else text


class MarkedLabel(QLabel):
    """A label for sentences with a part in bold; takes nothing but `Markup`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)

    def setText(self, text: str) -> None:
        super().setText(text if isinstance(text, Markup) else plain(text))
