"""The bundled typefaces, registered once: each time more costs their 10 MB, and makes Qt look for all fonts anew."""

from __future__ import annotations

from functools import cache

from app.look.fonts import load_fonts


@cache
def fonts() -> tuple[str, ...]:
    """The families. An application must be there, and stay."""
    return tuple(load_fonts())
