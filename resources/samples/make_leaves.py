"""Draws the pictures of the samples leaves and leaf_outlines anew: leaves of four trees, made up by formulas.

The same pixels come out whenever and wherever it runs. Needs Pillow.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE: Final = 48  # pixels
EACH: Final = 45  # leaves of a tree
OUTLINES: Final = 60
_FINER: Final = 3  # a pixel is the mean of so many times as many points
Values = NDArray[np.float64]


def willow(along: Values, _random: np.random.Generator) -> Values:
    """Half of the width at each place along the leaf, -1 (stalk) to 1 (tip)."""
    return 0.2 * (1 - along**2) ** 0.8


def birch(along: Values, _random: np.random.Generator) -> Values:
    return 0.62 * (1 - along**2) ** 0.6 * (1 - 0.55 * along) / 1.25 + 0.015 * np.sign(np.sin(28 * along))


def oak(along: Values, random: np.random.Generator) -> Values:
    lobes = 1 + 0.34 * np.sin(random.uniform(11, 13) * along + random.uniform(-0.5, 0.5))
    return 0.42 * (1 - along**2) ** 0.55 * lobes * (1 + 0.25 * along)


def maple(angle: Values, random: np.random.Generator) -> Values:
    """The distance of the edge from the middle, by the angle from the tip."""
    fifth = 2 * np.pi / 5
    points = 1 - np.abs(angle - fifth * np.round(angle / fifth)) / (fifth / 2)
    shrink = 1 - 0.28 * (np.abs(angle) / np.pi) ** 2
    return (0.27 + 0.7 * points) * shrink * (1 + random.uniform(-0.04, 0.04) * np.sin(9 * angle))


TREES: Final[dict[str, Callable[[Values, np.random.Generator], Values]]] = {
    "birch": birch,
    "maple": maple,
    "oak": oak,
    "willow": willow,
}


def leaf(tree: str, random: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A picture (SIZE, SIZE, 3), and where on it the leaf lies (SIZE, SIZE). Its colours tell nothing of the tree."""
    points = (np.arange(SIZE * _FINER) + 0.5) / (SIZE * _FINER) * 2 - 1
    across, down = np.meshgrid(points, points)
    across, down = across - random.uniform(-0.12, 0.12), down - random.uniform(-0.12, 0.12)
    turn, size = random.uniform(0, 2 * np.pi), random.uniform(0.68, 0.85)
    x = (np.cos(turn) * across + np.sin(turn) * down) / size
    y = (np.cos(turn) * down - np.sin(turn) * across) / size
    inside = _inside(tree, x, y, random)
    stalk = (np.abs(x) < 0.035) & (y < -0.2) & (y > -1.15) & (random.random() < 0.8)
    ground = _ground(across, down, random)
    green, tint = random.uniform(0.25, 1), random.uniform(0.75, 1.1)
    colour = np.array([235 - 160 * green, 120 + 50 * green, 40]) * tint
    shade = 1 + 0.12 * x[..., None] - 0.22 * _veins(tree, x, y)[..., None]
    picture = np.where(stalk[..., None], colour * 0.6, ground)
    picture = np.where(inside[..., None], colour * shade, picture)
    picture = _mean(picture) + random.normal(0, 3, (SIZE, SIZE, 1))
    return np.clip(picture, 0, 255).astype(np.uint8), _mean(inside[..., None].astype(float))[..., 0] >= 0.5


def _inside(tree: str, x: Values, y: Values, random: np.random.Generator) -> NDArray[np.bool_]:
    if tree == "maple":
        edge = TREES[tree](np.arctan2(x, y), random)
        return np.hypot(x, y) < edge
    half = TREES[tree](np.clip(y, -1, 1), random)
    return (np.abs(y) < 1) & (np.abs(x) < half)


def _veins(tree: str, x: Values, y: Values) -> Values:
    """1 on a vein, 0 elsewhere."""
    if tree == "maple":
        angle = np.arctan2(x, y)
        nearest = np.round(angle / (2 * np.pi / 5)) * (2 * np.pi / 5)
        return np.where(np.abs(np.hypot(x, y) * np.sin(angle - nearest)) < 0.025, 1.0, 0.0)
    branches = np.abs((y - 0.6 * np.abs(x)) * 5 - np.round((y - 0.6 * np.abs(x)) * 5)) < 0.08
    return np.where(np.abs(x) < 0.025, 1.0, np.where(branches, 0.5, 0.0))


def _ground(across: Values, down: Values, random: np.random.Generator) -> Values:
    colour = random.uniform(150, 245) + random.uniform(-18, 18, 3)
    slope = random.uniform(-18, 18, 2)
    ground: Values = colour + (slope[0] * across + slope[1] * down)[..., None]
    return ground


def _mean(values: Values) -> Values:
    means: Values = values.reshape(SIZE, _FINER, SIZE, _FINER, -1).mean(axis=(1, 3))
    return means


def write(folder: Path) -> None:
    """Writes leaves/TREE/NUMBER.jpg, leaf_outlines/images/NUMBER.jpg and leaf_outlines/masks/NUMBER.png."""
    for name in ("leaves", "leaf_outlines"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for place, tree in enumerate(TREES):
        (folder / "leaves" / tree).mkdir(parents=True)
        for number in range(EACH):
            picture, _ = leaf(tree, np.random.default_rng([place, number]))
            _save(folder / "leaves" / tree / f"{number + 1:02}.jpg", picture)
    for side in ("images", "masks"):
        (folder / "leaf_outlines" / side).mkdir(parents=True)
    for number in range(OUTLINES):
        picture, inside = leaf(list(TREES)[number % len(TREES)], np.random.default_rng([9, number]))
        _save(folder / "leaf_outlines" / "images" / f"{number + 1:02}.jpg", picture)
        Image.fromarray(inside).save(folder / "leaf_outlines" / "masks" / f"{number + 1:02}.png", optimize=True)


def _save(path: Path, picture: NDArray[Any]) -> None:
    Image.fromarray(picture).save(path, quality=82, optimize=True)


if __name__ == "__main__":
    write(Path(__file__).parent)
