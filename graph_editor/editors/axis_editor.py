"""One axis or several."""

import re

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import MINUS
from resources.text import tr


class AxisEditor(ParsedEditor):
    """An axis is a whole number, counted from the end when negative; several are a list."""

    kinds = ("axis",)
    stepping = True

    def parse(self, text: str) -> Json:
        bare = text.replace(MINUS, "-").strip("()[] ,")
        try:
            axes = [int(item) for item in re.split(r"[\s,;]+", bare)]
        except ValueError:
            raise UnreadableError(tr("Type the number of an axis, such as -1 for the last one.")) from None
        return axes if len(axes) > 1 or isinstance(self._value, list) else axes[0]

    def format(self, value: Json) -> str:
        return ", ".join(str(axis) for axis in value) if isinstance(value, list) else str(value)

    def canonical(self, value: Json) -> Json:
        return [value] if isinstance(value, int) else super().canonical(value)

    def step(self, value: Json, steps: int) -> Json:
        if value is None:
            return -1
        return [axis + steps for axis in value] if isinstance(value, list) else value + steps


EDITOR = AxisEditor
