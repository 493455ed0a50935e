"""Yes, no, or nothing said: a switch could not go back to that."""

from graph_editor.catalog.specs import Json
from graph_editor.editors.choice_editor import ChoiceEditor
from graph_editor.editors.parts.combo import Entry
from resources.text import tr


class OptionalBoolEditor(ChoiceEditor):
    kinds = ("optional_bool",)

    def entries(self) -> list[Entry]:
        return [Entry(self.text_of(value), value) for value in (True, False)]

    def text_of(self, value: Json) -> str:
        return {True: tr("on"), False: tr("off")}.get(value, str(value))


EDITOR = OptionalBoolEditor
