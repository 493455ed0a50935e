"""Regularizers."""

from graph_editor.editors.parts.object_editor import ObjectEditor


class RegularizerEditor(ObjectEditor):
    kinds = ("regularizer",)
    objects = "regularizers"


EDITOR = RegularizerEditor
