"""The window's question what augmentation makes of these pictures, asked of the warm engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.looking import AugmentData, DataAugmented, Thumbnail
from runtime.messages.protocol import Answer
from runtime.spec import Augmentation, DataSource, DataSpec
from tests.unit.runtime.asking import SECONDS

FLIP = Augmentation("RandomFlip", {"mode": "horizontal"})
LIGHT = Augmentation("RandomBrightness", {"factor": 0.4, "value_range": [0, 1]})


def question(folder: Path, *layers: Augmentation, **more: Any) -> AugmentData:
    pictures = np.zeros((3, 6, 8, 1), np.float32)
    pictures[:, :, :3] = 0.5  # the left side is grey
    np.savez(folder / "p.npz", picture=pictures, size=np.arange(3.0))
    data = DataSpec((DataSource("npz", str(folder / "p.npz")),), augmentation=layers)
    return AugmentData(0, data, **{"column": "picture", "rows": (0, 2, 9), "times": 5, **more})


def pixels(picture: Thumbnail) -> NDArray[np.uint8]:
    return np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, picture.channels)


def test_pictures_come_as_they_are_and_several_times_augmented(engine: Engine, tmp_path: Path) -> None:
    answer = engine.ask(question(tmp_path, FLIP), SECONDS)
    assert isinstance(answer, DataAugmented)
    assert [len(row) for row in answer.pictures] == [5, 5] and len(answer.originals) == 2
    original = pixels(answer.originals[0])
    assert original.shape == (6, 8, 1) and original[0, 0, 0] == 128 and original[0, 7, 0] == 0
    flipped = [pixels(picture)[0, 7, 0] == 128 for row in answer.pictures for picture in row]
    assert any(flipped) and not all(flipped)
    assert engine.ask(question(tmp_path, FLIP), SECONDS).pictures == answer.pictures  # type: ignore[union-attr]
    other = engine.ask(question(tmp_path, FLIP, LIGHT, seed=4), SECONDS)
    assert isinstance(other, DataAugmented)
    greys = {int(pixels(picture).max()) for row in other.pictures for picture in row}
    assert len(greys) > 3, "as bright as they are, not each from its least to its greatest value"


@pytest.mark.parametrize(
    ("layers", "column", "said"),
    [
        ((Augmentation("RandomHue", {"factor": 0.1}),), "picture", "three colours, but picture comes as 6×8×1"),
        ((Augmentation("RandomFlip", {"angle": 3}),), "picture", "RandomFlip cannot augment these pictures"),
        ((Augmentation("Dense", {}),), "picture", "Pictures cannot be augmented with the layer Dense."),
        ((FLIP,), "size", "size holds no pictures: its samples are 1."),
        ((FLIP,), "nothing", "nothing"),
    ],
)
def test_what_cannot_be_shown_is_said(
    engine: Engine, tmp_path: Path, layers: tuple[Augmentation, ...], column: str, said: str
) -> None:
    answer: Answer = engine.ask(question(tmp_path, *layers, column=column), SECONDS)
    assert isinstance(answer, Failed) and said in answer.error.english()
