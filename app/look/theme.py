"""Colour tokens of a theme, and the one style sheet made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType

from app.look.theme_rules import base_rules
from app.system.places import RESOURCES

THEMES = RESOURCES / "themes"
_RULE_MODULES = (("app.look.style", "panel_rules"), ("app.look.training_style", "rules"))


@dataclass(frozen=True, slots=True)
class Theme:
    """A named set of colours; `colors` maps a token such as "panel" or "category.core" to "#rrggbb"."""

    name: str
    colors: Mapping[str, str] = field(repr=False)

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return _luminance(self.colors["background"]) < 0.2

    def color(self, token: str) -> str:
        """The colour of `token`; an unknown token is a KeyError, as a misspelt one must not pass."""
        return self.colors[token]

    def category(self, key: str) -> str:
        """The colour of a layer category, that of plain operations for one without its own."""
        return self.colors.get(f"category.{key}", self.colors["category.operation"])


def theme_names() -> list[str]:
    """Every theme that lies in the resources."""
    return sorted(path.stem for path in THEMES.glob("*.json"))


def load_theme(name: str) -> Theme:
    """Read the theme called `name`; FileNotFoundError when there is none."""
    content = json.loads((THEMES / f"{name}.json").read_text(encoding="utf-8"))
    return Theme(content["name"], MappingProxyType(dict(content["colors"])))


def stylesheet(theme: Theme) -> str:
    """The application's whole QSS: the base and what the panels add."""
    return "\n".join([base_rules(theme.colors, theme.dark), *(_panel_rules(theme))])


def _panel_rules(theme: Theme) -> list[str]:
    found = []
    for module, function in _RULE_MODULES:
        if find_spec(module) is not None:
            found.append(str(getattr(import_module(module), function)(theme)))
    return found


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` mixed in."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours as WCAG 2.2 defines it, 1 to 21."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
