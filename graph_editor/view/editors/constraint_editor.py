"""Constraints."""

from graph_editor.view.editors.parts.object_editor import ObjectEditor


class ConstraintEditor(ObjectEditor):
    kinds = ("constraint",)
    objects = "constraints"


EDITOR = ConstraintEditor
