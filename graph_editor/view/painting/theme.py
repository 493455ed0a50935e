"""The colours and typefaces of the canvas."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from PySide6.QtGui import QColor, QFont

THEMES: Final = Path(__file__).parents[3] / "resources" / "themes"
_FRAME_TOKENS: Final = {
    "blue": "accent",
    "green": "ok",
    "teal": "category.attention",
    "purple": "category.convolution",
    "grey": "dim",
    "orange": "category.attention",
    "red": "category.convolution",  # in older files
}
UI_FAMILIES: Final = ("Pretendard", "Inter", "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "sans-serif")
MONO_FAMILIES: Final = ("JetBrains Mono", "Pretendard", "Menlo", "Consolas", "monospace")


@dataclass(frozen=True, slots=True)
class CanvasTheme:
    """``colors`` maps the tokens of the application's themes ("panel", "category.core") to colours."""

    colors: Mapping[str, QColor] = field(repr=False)
    ui_families: tuple[str, ...] = UI_FAMILIES
    mono_families: tuple[str, ...] = MONO_FAMILIES

    @classmethod
    def from_tokens(cls, colors: Mapping[str, str]) -> "CanvasTheme":
        """Made of the application theme's "#rrggbb" values."""
        return cls({token: QColor(value) for token, value in colors.items()})

    @classmethod
    def named(cls, name: Literal["dark", "light"]) -> "CanvasTheme":
        """The bundled theme of that name, for pictures made without a window."""
        return cls.from_tokens(json.loads((THEMES / f"{name}.json").read_text("utf-8"))["colors"])

    @property
    def dark(self) -> bool:
        return self.color("background").lightnessF() < 0.5

    def color(self, token: str, opacity: float = 1.0) -> QColor:
        """A copy of the colour of ``token``; an unknown token is a KeyError, as a misspelt one must not pass."""
        color = QColor(self.colors[token])
        color.setAlphaF(opacity)
        return color

    def category(self, key: str) -> QColor:
        """The colour of a category of layers; "frame.blue" is that of blue frames."""
        if key.startswith("frame."):
            return self.frame(key.removeprefix("frame."))
        return QColor(self.colors.get(f"category.{key}", self.colors["category.operation"]))

    def frame(self, color: str, opacity: float = 1.0) -> QColor:
        """The colour of frames of a name; none is that of a warning or an error."""
        return self.color(_FRAME_TOKENS[color], opacity)

    def mixed(self, first: str, second: str, share: float) -> QColor:
        """``first`` with ``share`` (0 to 1) of ``second`` in it."""
        a, b = self.colors[first], self.colors[second]
        return QColor.fromRgbF(
            a.redF() + (b.redF() - a.redF()) * share,
            a.greenF() + (b.greenF() - a.greenF()) * share,
            a.blueF() + (b.blueF() - a.blueF()) * share,
        )

    def font(self, pixels: int, *, bold: bool = False, mono: bool = False) -> QFont:
        """A face whose letters grow evenly with the zoom, ``pixels`` high at 100 %."""
        font = QFont()
        font.setFamilies(list(self.mono_families if mono else self.ui_families))
        font.setPixelSize(pixels)
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font
