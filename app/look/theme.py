"""The themes: one JSON file each in resources/themes, with colour tokens and what the theme is called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.system.places import RESOURCES
from resources.text import language

THEMES = RESOURCES / "themes"


@dataclass(frozen=True, slots=True)
class Theme:
    """A named set of colours; `colors` maps a token such as "panel" or "category.core" to "#rrggbb"."""

    name: str
    colors: Mapping[str, str] = field(repr=False)
    titles: Mapping[str, str] = field(default_factory=dict, repr=False)  # by code of a language

    @property
    def title(self) -> str:
        """What it is called in the language that is spoken; in English, or by its name, when nobody said."""
        return self.titles.get(language()) or self.titles.get("en") or self.name

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return luminance(self.colors["background"]) < 0.2

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
    """Read the theme `name`; FileNotFoundError when there is none, ValueError with its file when it is broken."""
    path = THEMES / f"{name}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        colors, titles = dict(content["colors"]), dict(content.get("title", {}))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{path.name} is no theme: {error!r}") from error
    return Theme(name, MappingProxyType(colors), MappingProxyType(titles))


def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0 to 1) of `second` mixed in."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def luminance(color: str) -> float:
    """Return how bright a colour is, as WCAG 2.2 defines it, 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(color))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
