"""Folders of tiny pictures."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def pixels(number: int, size: tuple[int, int] = (6, 8), channels: int = 3) -> NDArray[np.uint8]:
    """Pixels that no other number has, of shape (height, width[, channels])."""
    values = np.random.default_rng(number).integers(0, 256, (*size, channels), dtype=np.uint8)
    return values[..., 0] if channels == 1 else values


def save(path: Path, values: NDArray[Any], **options: Any) -> Path:
    """In the format of the path's ending; folders on the way are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values).save(path, **options)
    return path


def fill(folder: Path, names: Iterable[str], size: tuple[int, int] = (6, 8), channels: int = 3) -> Path:
    """A picture by each of the names, the first with the number 0."""
    for number, name in enumerate(names):
        save(folder / name, pixels(number, size, channels))
    return folder
