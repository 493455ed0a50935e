"""How shapes and counts are written in panels."""

from collections.abc import Sequence

from resources.text import tr

_TIMES = "\N{MULTIPLICATION SIGN}"


def shape_text(shape: Sequence[int | None]) -> str:
    """The shape of one sample, without the batch axis: "8×8×96", "?" for an axis of any length."""
    axes = list(shape)[1:]
    if not axes:
        return tr("scalar")
    return _TIMES.join("?" if axis is None else str(axis) for axis in axes)


def count_text(count: int) -> str:
    return f"{count:,}"
