"""Whole numbers."""

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import MINUS
from resources.text import tr


class IntEditor(ParsedEditor):
    kinds = ("int",)
    stepping = True

    def parse(self, text: str) -> Json:
        try:
            number = int(text.replace(MINUS, "-").replace(",", ""))
        except ValueError:
            raise UnreadableError(tr("Type a whole number, such as 32.")) from None
        self.check_limits(number)
        return number

    def format(self, value: Json) -> str:
        return str(value)

    def step(self, value: Json, steps: int) -> Json:
        """From no value, a step leads to the smallest one allowed."""
        if value is None:
            return int(self.parameter.minimum or 0)
        number = value + steps
        if self.parameter.minimum is not None:
            number = max(number, int(self.parameter.minimum))
        if self.parameter.maximum is not None:
            number = min(number, int(self.parameter.maximum))
        return number


EDITOR = IntEditor
