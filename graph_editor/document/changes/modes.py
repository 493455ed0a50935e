"""Bypassing and muting boxes."""

from collections.abc import Collection

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import DoStep, Edit, EditError, SetMode
from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.document.ports import Ports
from resources.text import Text


def set_mode(document: Document, call_ids: Collection[str], mode: str, catalog: Catalog) -> list[Edit]:
    """Bypass or mute boxes, or (without a mode) build them again as they are drawn."""
    others = [call_id for call_id in call_ids if document.has_call(call_id) and document.call(call_id).mode != mode]
    for call_id in others:
        reason = why_no_mode(document, call_id, mode, catalog)
        if reason is not None:
            raise EditError(reason)
    return [SetMode(call_id, mode) for call_id in others]


def _targets(document: Document, call_ids: Collection[str], mode: str, catalog: Catalog) -> tuple[list[str], str]:
    """The boxes that a toggle is about, and the mode that it gives them."""
    present_ids = [call_id for call_id in call_ids if document.has_call(call_id)]
    on = [call_id for call_id in present_ids if document.call(call_id).mode == mode]
    able = [
        call_id for call_id in present_ids if call_id in on or why_no_mode(document, call_id, mode, catalog) is None
    ]
    return able or present_ids, "" if able and len(on) == len(able) else mode


def why_no_mode(document: Document, call_id: str, mode: str, catalog: Catalog) -> Text | None:
    """Why a box cannot be bypassed or muted, or None when it can."""
    graph_id = document.graph_id_of_call(call_id)
    graph = document.graphs[graph_id]
    operation = graph.operation_of(call_id)
    layer = operation.shown_name
    if operation.class_name == INPUT and mode == BYPASSED:
        return Text("{layer} is an input: there is nothing before it to hand on. Mute it instead.", {"layer": layer})
    if operation.class_name == INPUT and mode == MUTED and graph_id != ROOT:
        return Text(
            "{layer} is an input of a nested model, which needs all of them. Mute what follows it.", {"layer": layer}
        )
    if mode != BYPASSED:
        return None
    if not any(graph.calls[call_id].tensors()):
        return Text("{layer} has no input that it could hand on. Lead a wire to it first.", {"layer": layer})
    indices = {edge.source.index for edge in graph.edges_from(call_id)}
    indices |= {ref.index for ref in graph.output_refs() if ref.call == call_id}
    if Ports(document, catalog).output_count(operation) > 1 or any(indices - {0}):
        return Text("{layer} gives several tensors, and only one could be handed on. Mute it.", {"layer": layer})
    return None


class Modes:
    """What a person does about bypassing and muting, each as one step that ``do`` makes, whoever offers it."""

    def __init__(self, document: Document, catalog: Catalog, do: DoStep) -> None:
        self._document, self._catalog, self._do = document, catalog, do

    def toggle(self, call_ids: Collection[str], mode: str) -> None:
        """Bypass or mute these boxes, or when all are already, no longer.

        Of several boxes, those that cannot be are passed over, as an Input is among many that are bypassed.
        """
        if call_ids:
            chosen, new = _targets(self._document, call_ids, mode, self._catalog)
            self._do(_label(mode, bool(new)), lambda: set_mode(self._document, chosen, new, self._catalog))

    def switch(self, call_id: str, mode: str, on: bool) -> None:
        """Bypass or mute one box, or build it again."""
        new = mode if on else ""
        self._do(_label(mode, on), lambda: set_mode(self._document, [call_id], new, self._catalog))

    def all_in(self, call_ids: Collection[str], mode: str) -> bool:
        """Whether there are boxes and all of them are bypassed, or muted."""
        return bool(call_ids) and all(self._document.call(call_id).mode == mode for call_id in call_ids)


def _label(mode: str, on: bool) -> Text:
    if on:
        return Text("Bypass") if mode == BYPASSED else Text("Mute")
    return Text("No longer bypass") if mode == BYPASSED else Text("No longer mute")
