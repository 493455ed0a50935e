"""Bypassing and muting boxes, as edits; and what is left out by it, in words."""

from collections.abc import Collection

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.checking.built_model import BuiltModel, LeftOut
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit, EditError, SetMode
from graph_editor.document.graph import BYPASSED, MUTED
from graph_editor.document.ports import Ports
from resources.text import Text, tr


def set_mode(document: Document, call_ids: Collection[str], mode: str, catalog: Catalog) -> list[Edit]:
    """Bypass or mute boxes, or (without a mode) build them again as they are drawn."""
    others = [call_id for call_id in call_ids if document.has_call(call_id) and document.call(call_id).mode != mode]
    for call_id in others:
        reason = why_no_mode(document, call_id, mode, catalog)
        if reason is not None:
            raise EditError(reason)
    return [SetMode(call_id, mode) for call_id in others]


def toggled(document: Document, call_ids: Collection[str], mode: str, catalog: Catalog) -> list[Edit]:
    """Bypass or mute boxes, or when all are already, no longer.

    Of several boxes, those that cannot be are passed over, as an Input is among many that are bypassed.
    """
    chosen, new = _targets(document, call_ids, mode, catalog)
    return set_mode(document, chosen, new, catalog)


def toggle_label(document: Document, call_ids: Collection[str], mode: str, catalog: Catalog) -> Text:
    """Return what ``toggled`` would do."""
    if _targets(document, call_ids, mode, catalog)[1]:
        return Text("Bypass") if mode == BYPASSED else Text("Mute")
    return Text("No longer bypass") if mode == BYPASSED else Text("No longer mute")


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
    layer = operation.name
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


def left_out_sentence(model: BuiltModel) -> str:
    """Return how many boxes are left out of the model, and why; empty when none is."""
    return _how_many(model.total, model.count("bypassed"), model.count("muted"))


def left_out_among(model: BuiltModel, call_ids: Collection[str]) -> str:
    """Return how many of these boxes are left out, and why; empty when none is."""
    kinds = [model.left_out[call_id].kind for call_id in call_ids if call_id in model.left_out]
    return _how_many(len(kinds), kinds.count("bypassed"), kinds.count("muted"))


def _how_many(total: int, bypassed: int, muted: int) -> str:
    if not total:
        return ""
    others = total - bypassed - muted
    parts = [tr("{count} bypassed", count=bypassed)] if bypassed else []
    parts += [tr("{count} muted", count=muted)] if muted else []
    parts += [tr("{count} because of these", count=others)] if others and others < total else []
    parts += [tr("{count} because of others", count=others)] if others == total else []
    if total == 1:
        return tr("1 box is left out ({reasons})", reasons=", ".join(parts))
    return tr("{count} boxes are left out ({reasons})", count=total, reasons=", ".join(parts))


def mark(reason: LeftOut) -> str:
    """One or two words on a box that is left out."""
    if reason.kind == "bypassed":
        return tr("bypassed")
    return tr("muted") if reason.kind == "muted" else tr("left out")


def why_left_out(document: Document, reason: LeftOut) -> str:
    """Why one box is no part of the model, in a sentence."""
    cause = document.operation_of(reason.cause).name if reason.cause and document.has_call(reason.cause) else ""
    match reason.kind:
        case "bypassed" if reason.passes is None:
            return tr("Bypassed, and left out: what it would hand on is left out because of {layer}.", layer=cause)
        case "bypassed":
            return tr("Bypassed: it hands on what comes in, and is no part of the model.")
        case "muted":
            return tr("Muted: it is no part of the model, and neither is what needs it.")
        case "passes":
            return tr("Left out because of {layer}: the one tensor that is left is handed on.", layer=cause)
        case "starved":
            return tr("Left out: it needs what {layer} gave, which is left out.", layer=cause)
        case "unused":
            return tr("Left out: what it gives was only for {layer}, which is left out.", layer=cause)
        case "inside":
            return tr("Left out with {layer}, the model it lies in.", layer=cause)
