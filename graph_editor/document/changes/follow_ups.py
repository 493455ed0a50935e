"""What follows from edits, whoever made them: the list that every history of a project is given.

Each is worked out when the edits of a step and the follow-ups before it are applied, and belongs to the same step.
"""

from typing import Final

from graph_editor.document.applied import FollowUp
from graph_editor.document.canvas.hidden_notes import hidden_notes_follow
from graph_editor.document.canvas.items import canvas_forgets
from graph_editor.document.canvas.wire_dots import dots_follow
from graph_editor.document.changes.built_shapes import built_shapes_follow
from graph_editor.document.changes.monitors import monitors_follow
from graph_editor.document.changes.renaming import names_follow
from graph_editor.document.changes.shared_layers import shared_layers_follow

FOLLOW_UPS: Final[tuple[FollowUp, ...]] = (
    shared_layers_follow,
    built_shapes_follow,
    canvas_forgets,
    hidden_notes_follow,
    dots_follow,
    names_follow,
    monitors_follow,
)
