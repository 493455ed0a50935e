"""What is left out of the model because boxes are bypassed or muted, in words."""

from collections.abc import Collection

from graph_editor.document.checking.built_model import BuiltModel, LeftOut
from graph_editor.document.document import Document
from resources.text import tr


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
    cause = document.operation_of(reason.cause).shown_name if reason.cause and document.has_call(reason.cause) else ""
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
