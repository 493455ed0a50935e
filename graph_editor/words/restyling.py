"""Properties that the style sheet looks at: Qt does not notice by itself that one has changed."""

from PySide6.QtWidgets import QWidget


def restyle(widget: QWidget, **properties: str | bool) -> None:
    """Give the widget these properties, and the look that goes with them. False and "" look as if there were none."""
    changed = any((widget.property(name) or "") != (value or "") for name, value in properties.items())
    for name, value in properties.items():
        widget.setProperty(name, value)
    if changed:
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Let the style sheet look at the widget again, because a widget around it has changed."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
