"""How the boxes of a collapsed frame stand, all together: left out, frozen, or only some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph_editor.document.checking.built_model import LeftOut
from graph_editor.view.painting.content import BoxLook
from resources.text import tr

_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class FrameState:
    """``partly_out`` and ``partly_frozen`` are sentences, where only some of the boxes are."""

    left_out: LeftOut | None = None
    why: str = ""
    partly_out: str = ""
    frozen: bool = False
    partly_frozen: str = ""


def state_of(looks: Sequence[BoxLook], with_weights: Sequence[BoxLook], single: bool) -> FrameState:
    """``with_weights`` are those of ``looks`` that can be frozen; ``single``: one wire leads in and one out."""
    cause = _cause(looks) if looks and all(look.left_out for look in looks) else None
    out = [look.name for look in looks if look.left_out]
    names = ", ".join(out[:_MOST_NAMES]) + (", …" if len(out) > _MOST_NAMES else "")
    frozen, count = sum(look.frozen for look in with_weights), len(with_weights)
    return FrameState(
        left_out=_led_through(cause.left_out, single) if cause and cause.left_out else None,
        why=cause.left_out_why if cause else "",
        partly_out=tr("{out} of {count} boxes are left out: {names}", out=len(out), count=len(looks), names=names)
        if out and cause is None
        else "",
        frozen=frozen == count if count else bool(looks) and all(look.frozen for look in looks),
        partly_frozen=tr("{frozen} of {count} layers with weights are frozen.", frozen=frozen, count=count)
        if 0 < frozen < count
        else "",
    )


def _cause(looks: Sequence[BoxLook]) -> BoxLook:
    """The box that tells best why all are left out: what a person did counts most."""
    order = ("muted", "starved", "unused", "inside", "bypassed", "passes")
    return min(looks, key=lambda look: order.index(look.left_out.kind) if look.left_out else len(order))


def _led_through(left_out: LeftOut, single: bool) -> LeftOut:
    """The one wire in is handed on, when the boxes are bypassed."""
    return replace(left_out, passes=("in", 0) if single and left_out.passes is not None else None)
