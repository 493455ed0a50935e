"""Exported scripts and notebooks read a folder of pictures as Lamella does, pixel by pixel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resources.python_code.pieces import SourceError
from runtime.spec import DataSource
from runtime.worker.data.sources.pictures import recognise
from tests.support.pictures import fill, pixels, save
from tests.unit.graph_editor.exporters.test_reading_data import require_same, scripts


def source(folder: Path, **options: Any) -> DataSource:
    found = recognise(folder)
    assert found is not None
    return DataSource("pictures", str(folder), found.options | options)


def test_classes_of_all_formats(tmp_path: Path) -> None:
    for number, ending in enumerate(("png", "jpg", "bmp", "gif", "tiff", "webp")):
        save(tmp_path / "a" / f"{number}.{ending}", pixels(number, (24, 30)))
        save(tmp_path / "b" / f"{number}.{ending}", pixels(number, (20, 40), 1))
    require_same(source(tmp_path))
    require_same(source(tmp_path, height=9, width=8, fit="crop", interpolation="bicubic", colour="grey"))
    require_same(source(tmp_path, height=9, width=8, fit="pad", colour="rgba"))


def test_parts_names_and_deep_pictures(tmp_path: Path) -> None:
    names = [f"{part}/{label}/{number}.png" for part in ("train", "test") for label in "ab" for number in range(2)]
    require_same(source(fill(tmp_path / "parts", names)))
    require_same(source(fill(tmp_path / "names", [f"{label}_{number}.png" for label in "ab" for number in range(4)])))
    for number in range(2):
        save(tmp_path / "deep" / f"{number}.png", np.full((6, 8), 300 * (number + 1), np.uint16))
    require_same(source(tmp_path / "deep"))
    require_same(source(tmp_path / "deep", height=3, width=3))


def test_masks(tmp_path: Path) -> None:
    fill(tmp_path / "images", ["1.png", "2.png", "3.png"])
    fill(tmp_path / "masks", ["1.png", "2_mask.png"], channels=1)
    require_same(source(tmp_path))
    require_same(source(tmp_path, height=5, width=5, fit="pad"))


def test_unreadable_pictures_are_skipped(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png"])
    (tmp_path / "a" / "2.png").write_bytes(b"")
    require_same(source(tmp_path, skip_unreadable=True))


def test_what_a_script_cannot_find_out_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Choose height, width and colours"):
        scripts(DataSource("pictures", str(tmp_path)), ("image",))
    with pytest.raises(SourceError, match="Fit"):
        scripts(DataSource("pictures", str(tmp_path), {"fit": "roll"}), ("image",))
