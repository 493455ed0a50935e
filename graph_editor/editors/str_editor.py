"""Free text."""

from graph_editor.catalog.specs import Json
from graph_editor.editors.parts.parsed import ParsedEditor


class StrEditor(ParsedEditor):
    kinds = ("str",)

    def parse(self, text: str) -> Json:
        return text

    def parse_empty(self) -> Json:
        return None if self.parameter.nullable else ""

    def format(self, value: Json) -> str:
        return str(value)


EDITOR = StrEditor
