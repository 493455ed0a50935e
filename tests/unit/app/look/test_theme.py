"""Every theme has every token, can be read, and tells its categories apart."""

from __future__ import annotations

import re
from itertools import combinations, product
from pathlib import Path

import pytest

import resources
from app.look.theme import Theme, load_theme, mix, theme_names
from graph_editor.catalog.categories import CATEGORIES
from tests.support.contrast import contrast

GROUNDS = ("background", "panel", "raised")
READ_ON_GROUNDS = ("text", "dim", "accent.text", "ok.text", "warning.text", "error.text", "frozen.text")
READ_ON_OWN = (
    ("accent.ink", "accent.fill"),
    ("accent.ink", "accent.fill.hover"),
    ("text", "accent.soft"),
    ("text", "hover"),
    ("text", "selection"),
    ("error.text", "error.soft"),
    ("warning.text", "warning.soft"),
    ("ok.text", "ok.soft"),
    ("frozen.text", "frozen.soft"),
)
Matrix = tuple[tuple[float, float, float], ...]
SEEN_BY: dict[str, Matrix] = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # for linear RGB
APART, APART_COLOR_BLIND = 20, 10.5  # differences of CIE L*a*b*; about 2 can just be seen side by side


@pytest.fixture(params=theme_names())
def theme(request: pytest.FixtureRequest) -> Theme:
    return load_theme(request.param)


def test_themes_have_the_same_tokens() -> None:
    tokens = [set(load_theme(name).colors) for name in theme_names()]
    assert len(tokens) == 2
    assert tokens[0] == tokens[1]


def test_text_is_readable_on_every_ground(theme: Theme) -> None:
    pairs = [*product(READ_ON_GROUNDS, GROUNDS), *READ_ON_OWN]
    weak = {pair: round(contrast(theme.color(pair[0]), theme.color(pair[1])), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_every_category_has_a_color_of_its_own(theme: Theme) -> None:
    colors = [theme.color(f"category.{category.key}") for category in CATEGORIES]
    assert len(set(colors)) == len(CATEGORIES)


@pytest.mark.parametrize("kind", SEEN_BY)
def test_categories_can_be_told_apart_also_by_the_color_blind(theme: Theme, kind: str) -> None:
    """As people see them who lack one kind of cone, by the matrices (severity 1.0) of Machado, Oliveira and Fernandes,
    "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009."""
    keys = [category.key for category in CATEGORIES]
    for one, other in combinations(keys, 2):
        first, second = linear(theme.category(one)), linear(theme.category(other))
        assert distance(first, second) > APART, (one, other)
        assert distance(seen(first, SEEN_BY[kind]), seen(second, SEEN_BY[kind])) > APART_COLOR_BLIND, (one, other)


def test_categories_stand_out_from_the_boxes(theme: Theme) -> None:
    weak = [c.key for c in CATEGORIES if contrast(theme.category(c.key), theme.color("raised")) < 1.9]
    assert weak == []


def test_contrast_and_mix() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == 1.0
    assert mix("#000000", "#ffffff", 0.5) == "#808080"


def test_an_unknown_token_is_an_error(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.color("backgroud")


Rgb = tuple[float, float, float]


def linear(color: str) -> Rgb:
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _to_linear(r), _to_linear(g), _to_linear(b)


def _to_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def seen(color: Rgb, matrix: Matrix) -> Rgb:
    r, g, b = (min(1.0, max(0.0, sum(f * c for f, c in zip(row, color, strict=True)))) for row in matrix)
    return r, g, b


def lab(color: Rgb) -> Rgb:
    """CIE L*a*b* under D65."""
    r, g, b = color
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(first: Rgb, second: Rgb) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(lab(first), lab(second), strict=True)) ** 0.5)


def test_every_kind_of_button_shows_the_focus_with_its_border() -> None:
    """A rule for a role hides the one for all buttons, and then the style draws a box of its own around the words."""
    sheet = (Path(resources.__file__).parent / "themes" / "base.qss").read_text(encoding="utf-8")
    roles = set(re.findall(r'QPushButton\[role="(\w+)"\]', sheet))
    assert {"primary", "danger", "pill"} <= roles
    assert roles == set(re.findall(r'QPushButton\[role="(\w+)"\]:focus \{ border', sheet))
    assert re.search(r"QPushButton, QToolButton[^{]*\{ outline: none; \}", sheet)
