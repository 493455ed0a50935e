"""The field that fits a column."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.look.theme_source import ThemeSource
from app.panels.tryit.fields.date import DateField
from app.panels.tryit.fields.field import Field
from app.panels.tryit.fields.number import NumberField
from app.panels.tryit.fields.numbers import NumbersField
from app.panels.tryit.fields.picture import AskPicture, PictureField
from app.panels.tryit.fields.sound import SoundField
from app.panels.tryit.fields.word import WordField
from app.panels.tryit.fields.words import TextField
from app.panels.tryit.parts.files import ReadFile
from runtime.messages.trying import FormField


@dataclass(frozen=True, slots=True)
class Means:
    """What fields may use: `choose` asks for a file of a column, `read` reads it, `ask` has pictures decoded."""

    look: ThemeSource
    choose: Callable[[str], Path | None]
    read: ReadFile
    ask: AskPicture


def field_for(field: FormField, means: Means) -> Field:
    if field.kind in ("image", "mask"):
        return PictureField(field, means.look, means.choose, means.read, means.ask)
    if field.kind == "audio":
        return SoundField(field, means.look, means.choose, means.read)
    if field.kind == "category" and field.categories:
        return WordField(field)
    if field.kind == "date":
        return DateField(field)
    if field.kind in ("text", "category") and not field.shape and field.low is None:
        return TextField(field) if field.kind == "text" else DateField(field)
    if math.prod(1 if size is None else size for size in field.shape) == 1 and None not in field.shape:
        return NumberField(field)
    return NumbersField(field)
