"""The two bundled typefaces: a machine may have no font of its own."""

from __future__ import annotations

import os

from PySide6.QtGui import QFont, QFontDatabase

from app.system.places import RESOURCES

UI_FAMILY = "Pretendard"
MONO_FAMILY = "JetBrains Mono"
BASE_PIXELS = 13
FONTS = RESOURCES / "fonts"


def point_qt_at_fonts() -> None:
    """Call before the QApplication exists: Qt without fontconfig looks only into this folder, and warns without one."""
    os.environ.setdefault("QT_QPA_FONTDIR", str(FONTS))


def load_fonts() -> list[str]:
    """Register the bundled fonts with the running application and return the families found."""
    families: list[str] = []
    for path in sorted([*FONTS.glob("*.ttf"), *FONTS.glob("*.otf")]):
        handle = QFontDatabase.addApplicationFont(str(path))
        if handle >= 0:
            families += QFontDatabase.applicationFontFamilies(handle)
    return list(dict.fromkeys(families))


def ui_font(pixels: int = BASE_PIXELS, bold: bool = False) -> QFont:
    """The interface face, `pixels` high."""
    return _font([UI_FAMILY, "Inter", "Noto Sans KR", "sans-serif"], pixels, bold)


def mono_font(pixels: int = BASE_PIXELS - 1) -> QFont:
    """The face for numbers, shapes and console text."""
    font = _font([MONO_FAMILY, UI_FAMILY, "monospace"], pixels, False)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return font


def _font(families: list[str], pixels: int, bold: bool) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(pixels)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font
