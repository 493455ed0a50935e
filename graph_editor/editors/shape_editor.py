"""Shapes: "28 × 28 × 1", with "?" for an axis of any length."""

import re

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import MINUS, TIMES
from resources.text import tr

_SEPARATORS = re.compile(rf"\s*[x{TIMES}*,;]\s*|\s+", re.IGNORECASE)
_ANY = frozenset({"?", "none", "null", "any"})


class ShapeEditor(ParsedEditor):
    """`batch_shape` is shown without its first axis, the batch, which keeps its value."""

    kinds = ("shape",)

    @property
    def _with_batch(self) -> bool:
        return self.parameter.name == "batch_shape"

    def parse(self, text: str) -> Json:
        bare = text.replace(MINUS, "-").strip("()[] ,")
        if bare.lower() in (tr("scalar"), "scalar"):
            bare = ""
        axes = [self._axis(item) for item in _SEPARATORS.split(bare) if item]
        if not self._with_batch:
            return axes
        batch = self._value[0] if isinstance(self._value, list) and self._value else None
        return [batch, *axes]

    def format(self, value: Json) -> str:
        axes = value[1:] if self._with_batch else value
        if not axes:
            return tr("scalar")
        return f" {TIMES} ".join("?" if axis is None else str(axis) for axis in axes)

    def _axis(self, text: str) -> int | None:
        if self._with_batch and text.lower() in _ANY:
            return None
        try:
            length = int(text)
        except ValueError:
            length = 0
        if length > 0 or (length == -1 and not self._with_batch):
            return length
        if self._with_batch:
            raise UnreadableError(tr("Type the lengths of the axes, such as 28 × 28 × 1; ? stands for any length."))
        raise UnreadableError(tr("Type the lengths of the axes, such as 7 × 64; -1 stands for what is left."))


EDITOR = ShapeEditor
