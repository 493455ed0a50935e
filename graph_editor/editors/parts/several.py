"""What an editor shows while the layers that it edits together have different values."""

from typing import Final

from resources.text import tr


class _Several:
    """Equal to no value at all, so that whichever is chosen is a change."""

    def __repr__(self) -> str:
        return "several values"


SEVERAL: Final = _Several()


def several_text() -> str:
    return tr("several values")
