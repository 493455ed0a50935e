"""The style sheet of what floats above the canvas: independent of the window's, so that the canvas can stand alone."""

from PySide6.QtGui import QColor

from graph_editor.view.painting.theme import CanvasTheme


def overlay_sheet(theme: CanvasTheme) -> str:
    c = {token: color.name() for token, color in theme.colors.items()}
    ground = theme.color("background", 0.86).name(QColor.NameFormat.HexArgb)
    families = ", ".join(f'"{family}"' for family in theme.ui_families)
    return f"""
#zoomBar, #insideBar, #searchPopup {{
    background: {c["panel"]}; border: 1px solid {c["line"]}; border-radius: 6px;
}}
#zoomBar QToolButton, #insideBar QToolButton {{
    background: transparent; border: none; border-radius: 4px; padding: 4px 8px;
    color: {c["dim"]}; font-family: {families}; font-size: 12px;
}}
#zoomBar QToolButton:hover, #insideBar QToolButton:hover {{ background: {c["raised"]}; color: {c["text"]}; }}
#insideBar QToolButton:checked {{ background: {c["accent.soft"]}; color: {c["accent.text"]}; font-weight: 600; }}
#breadcrumbs {{ background: {ground}; border-radius: 5px; }}
#canvasTitle, #canvasWaiting {{ background: transparent; color: {c["dim"]}; font-family: {families}; font-size: 13px; }}
#canvasTitle[inside="true"] {{ color: {c["text"]}; font-weight: 600; }}
#breadcrumbs QToolButton {{
    background: transparent; border: none; border-radius: 4px; padding: 0; margin: 0;
    color: {c["accent.text"]}; font-family: {families}; font-size: 13px;
}}
#breadcrumbs QToolButton:hover, #breadcrumbs QToolButton:focus {{ background: {c["raised"]}; color: {c["text"]}; }}
#crumbArrow {{ background: transparent; color: {c["dim"]}; font-size: 13px; }}
#canvasReason {{
    background: {c["error.soft"]}; color: {c["error.text"]}; border: 1px solid {c["error"]}; border-radius: 5px;
    padding: 4px 8px; font-family: {families}; font-size: 12px;
}}
#searchField, #nameField {{
    background: {c["background"]}; color: {c["text"]}; border: 1px solid {c["accent"]}; border-radius: 5px;
    padding: 5px 8px; font-family: {families}; font-size: 13px;
    selection-background-color: {c["selection"]}; selection-color: {c["text"]};
}}
#nameField {{ padding: 1px 4px; font-weight: 600; }}
#searchList {{ background: transparent; border: none; outline: none; font-family: {families}; font-size: 13px; }}
#searchPopup QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
#searchPopup QScrollBar::handle:vertical {{ background: {c["line"]}; border-radius: 3px; margin: 2px; }}
#searchPopup QScrollBar::add-line, #searchPopup QScrollBar::sub-line {{ height: 0; }}
#searchPopup QScrollBar::add-page, #searchPopup QScrollBar::sub-page {{ background: transparent; }}
#searchHint {{ background: transparent; color: {c["dim"]}; font-family: {families}; font-size: 11px; }}
"""
