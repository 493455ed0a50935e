"""Initializers."""

from graph_editor.editors.parts.object_editor import ObjectEditor


class InitializerEditor(ObjectEditor):
    kinds = ("initializer",)
    objects = "initializers"


EDITOR = InitializerEditor
