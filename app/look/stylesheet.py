"""The one style sheet of the application, made from a theme."""

from __future__ import annotations

from app.look import style, theme_rules, training_style
from app.look.theme import Theme


def stylesheet(theme: Theme) -> str:
    """The application's whole QSS: the base and what the panels add."""
    base = theme_rules.base_rules(theme.colors, theme.dark)
    return "\n".join((base, style.panel_rules(theme), training_style.rules(theme)))
