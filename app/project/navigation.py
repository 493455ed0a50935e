"""What a person looks at and has selected, for all views of the open project."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from graph_editor.document.document import ROOT, Changes, Document


class Navigation(QObject):
    selection_changed = Signal(object)  # tuple[str, ...] of call ids
    graph_changed = Signal(str)  # graph id: the canvas shows another graph of the document
    reveal_requested = Signal(str)  # call id: show Build and bring this box into view
    graph_requested = Signal(str)  # graph id: show Build and what is in this nested model
    inside_requested = Signal(object)  # OneSample: show Build, and what comes out of its boxes for this sample
    run_project_requested = Signal(object)  # Path of a run: show the project as it was when it was started
    workspace_requested = Signal(str)  # the key of the one that is to be shown

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.selection: tuple[str, ...] = ()
        self.graph_id = ROOT  # what the canvas shows

    def select(self, ids: Sequence[str]) -> None:
        """Make `ids` the selected boxes, for all views."""
        selection = tuple(ids)
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit(selection)

    def note_graph(self, graph_id: str) -> None:
        """The canvas shows another graph now."""
        if graph_id != self.graph_id:
            self.graph_id = graph_id
            self.graph_changed.emit(graph_id)

    def reveal(self, call_id: str) -> None:
        """Select the box and bring it into view."""
        self.select((call_id,))
        self.reveal_requested.emit(call_id)

    def open_model(self, call_id: str) -> None:
        """Show what is in the nested model that the box is."""
        graph_id = self._document.operation_of(call_id).graph
        if graph_id is not None:
            self.graph_requested.emit(graph_id)

    def show_workspace(self, workspace: str) -> None:
        self.workspace_requested.emit(workspace)

    def on_document_changed(self, changes: Changes) -> None:
        """Let go of boxes that are gone."""
        removed_ids = changes.calls_removed & set(self.selection)
        if removed_ids or changes.everything:
            # a box that went into a nested model, or came out of one, is no longer chosen: the view stays where it is
            self.select(
                tuple(call for call in self.selection if call not in removed_ids and self._document.has_call(call))
            )
