"""Edits that were just applied within a step, for those who work out what follows from them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from graph_editor.document.document import Document, Point
from graph_editor.document.edits import AddCall, AddGraph, Edit, SetCanvas, SetPositions
from graph_editor.document.graph import Json


@dataclass(frozen=True, slots=True)
class Applied:
    """``document`` is as it is after ``edits``; ``inverses`` holds what undoes each of them, in the same order.

    ``shown_at`` tells where a canvas shows a box for which the document has no place.
    """

    document: Document
    edits: Sequence[Edit]
    inverses: Sequence[Edit]
    shown_at: Callable[[str], Point | None]

    @property
    def canvas_before(self) -> Mapping[str, Json]:
        """The canvas section as it was before the edits."""
        first = next((edit.canvas for edit in self.inverses if isinstance(edit, SetCanvas)), None)
        return self.document.canvas_extra if first is None else first

    def places_before(self) -> dict[str, Point | None]:
        """Return where the boxes lay that were given places; None for those that were nowhere."""
        before: dict[str, Point | None] = {}
        for edit in self.inverses:
            if isinstance(edit, SetPositions):
                before = {**edit.positions, **before}  # as it was at first
        return {key: place or self.shown_at(key) for key, place in before.items()}

    def removed_ids(self) -> Collection[str]:
        """The ids of calls and graphs that are no longer there."""
        document, removed_ids = self.document, set[str]()
        for edit in self.inverses:
            if isinstance(edit, AddCall):
                removed_ids.add(edit.call.id)
            elif isinstance(edit, AddGraph):
                removed_ids |= {edit.id, *edit.graph.calls}
        return {key for key in removed_ids if key not in document.graphs and not document.has_call(key)}


FollowUp = Callable[[Applied], Sequence[Edit]]
