"""Constraints."""

from graph_editor.editors.parts.object_editor import ObjectEditor


class ConstraintEditor(ObjectEditor):
    kinds = ("constraint",)
    objects = "constraints"


EDITOR = ConstraintEditor
