"""Qt's palette from a theme, for what no style sheet reaches: placeholders, links, disabled text."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.look.theme import Theme

_ROLES = {
    QPalette.ColorRole.Window: "panel",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "error",
    QPalette.ColorRole.PlaceholderText: "dim",
    QPalette.ColorRole.Highlight: "accent.fill",
    QPalette.ColorRole.HighlightedText: "accent.ink",
    QPalette.ColorRole.Link: "accent.text",
    QPalette.ColorRole.Light: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "background",
}
_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def palette(theme: Theme) -> QPalette:
    qt_palette = QPalette()
    for role, token in _ROLES.items():
        qt_palette.setColor(role, QColor(theme.color(token)))
    for role in _DISABLED:
        qt_palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.color("faint")))
    return qt_palette
