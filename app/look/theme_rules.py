"""QSS of the controls every part uses, made from the template in the resources and a theme's colours."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

from app.look.fonts import BASE_PIXELS, MONO_FAMILY, UI_FAMILY
from app.system.places import RESOURCES


def base_rules(colors: Mapping[str, str], dark: bool) -> str:
    """The QSS of the shared controls and of the window's own frame."""
    values = {token.replace(".", "_"): color for token, color in colors.items()}
    values |= {
        "ui": UI_FAMILY,
        "mono": MONO_FAMILY,
        "base": str(BASE_PIXELS),
        "icons": (RESOURCES / "icons").as_posix(),
        "field": colors["background"],
        "switch": colors["hover"] if dark else colors["panel"],
        "switch_line": colors["hover"] if dark else colors["line"],
        "scroll": colors["line"],
    }
    return Template((RESOURCES / "themes" / "base.qss").read_text(encoding="utf-8")).substitute(values)
