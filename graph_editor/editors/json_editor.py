"""Anything that has no editor of its own: a line of JSON."""

import json

from graph_editor.catalog.specs import Json
from graph_editor.document.files.json_text import plain_json
from graph_editor.editors.parts.base import UnreadableError
from graph_editor.editors.parts.parsed import ParsedEditor
from graph_editor.editors.parts.wording import parameter_words
from resources.text import tr


class JsonEditor(ParsedEditor):
    kinds = ("json",)

    def parse(self, text: str) -> Json:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            raise UnreadableError(tr('Type JSON, such as 3, [1, 2], "text", true or null.')) from None
        if value is None and not self.parameter.nullable:
            raise UnreadableError(tr("{name} needs a value.", name=parameter_words(self.parameter)))
        return value

    def format(self, value: Json) -> str:
        return plain_json(value)


EDITOR = JsonEditor
