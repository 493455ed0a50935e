"""A folder of pictures as a source: columns, parts, samples in any order, and files that cannot be read."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from runtime.data_kinds import data_kinds
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.opening import Sources, open_source
from runtime.worker.data.pictures import decoding
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources.pictures import recognise
from tests.support.pictures import fill, pixels, save

CLASSES = ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png", "dog/3.png"]


def opened(folder: Path, **options: Any) -> Source:
    return open_source(DataSource("pictures", str(folder), options))


@pytest.fixture
def classes(tmp_path: Path) -> Iterator[Source]:
    with opened(fill(tmp_path / "animals", CLASSES)) as source:
        yield source


def test_columns(classes: Source) -> None:
    image, label, name = classes.columns()
    assert (image.name, image.kind, image.shape, image.dtype, image.samples) == (
        "image",
        "image",
        (6, 8, 3),
        "uint8",
        5,
    )
    assert (label.name, label.kind, label.categories) == ("label", "category", ("cat", "dog"))
    assert (name.name, name.kind, name.dtype) == ("name", "text", "object")
    assert classes.read("label", slice(1, 4)).tolist() == [0, 1, 1]
    assert classes.read("name", slice(0, 2)).tolist() == ["cat/1.png", "cat/2.png"]
    np.testing.assert_array_equal(classes.read("image", slice(2, 4)), [pixels(2), pixels(3)])
    assert "cat/1.png" in str(classes.place(0))
    assert not classes.parts() and not classes.unreadable() and classes.note is None


def test_samples_in_any_order(classes: Source) -> None:
    rows = np.array([4, 0, 4, 2])
    np.testing.assert_array_equal(classes.take("image", rows), [pixels(number) for number in rows])
    assert classes.take("label", rows).tolist() == [1, 0, 1, 1]
    assert classes.take("name", rows).tolist() == [CLASSES[row] for row in rows]
    assert classes.take("image", rows[:0]).shape == (0, 6, 8, 3)


def test_threads_give_the_same_and_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_WORTH_IT", 1)
    monkeypatch.setattr(decoding, "cpu_cores", lambda: 3)
    folder = fill(tmp_path, [f"{number}.png" for number in range(20)])
    before = threading.active_count()
    with opened(folder) as source:
        names = source.read("name", slice(0, 20)).tolist()
        wanted = [pixels(int(name[:-4])) for name in names]
        np.testing.assert_array_equal(source.read("image", slice(0, 20)), wanted)
        assert threading.active_count() > before
        (folder / "7.png").write_bytes(b"")
        with pytest.raises(DataError, match=r"7\.png cannot be read: it is empty"):
            source.read("image", slice(0, 20))
    assert threading.active_count() == before


def test_own_parts(tmp_path: Path) -> None:
    fill(tmp_path, ["test/a/1.png", "train/a/1.png", "train/b/1.png", "val/b/1.png"])
    with opened(tmp_path) as source:
        assert source.parts() == {
            "training": (slice(0, 2),),
            "validation": (slice(2, 3),),
            "test": (slice(3, 4),),
        }
        assert source.read("name", slice(3, 4)).tolist() == ["test/a/1.png"]


def test_masks(tmp_path: Path) -> None:
    fill(tmp_path, ["images/a.png", "images/b.png", "images/c.png"])
    for number, stem in enumerate("ab"):
        save(tmp_path / "masks" / f"{stem}.png", np.full((6, 8), number + 1, np.uint8))
    with opened(tmp_path) as source:
        image, mask, name = source.columns()
        assert (mask.name, mask.kind, mask.shape, mask.dtype, mask.maximum) == ("mask", "mask", (6, 8, 1), "uint8", 2)
        assert source.take("mask", np.array([1, 0]))[:, 0, 0, 0].tolist() == [2, 1]
        assert image.samples == name.samples == 2
        assert "images/c.png" in str(source.note) and "mask" in str(source.note)
        thumbnail = source.thumbnail("mask", 1, 4)
        assert thumbnail is not None and thumbnail.dtype == np.uint8 and thumbnail.max() == 255


def test_masks_unlike_the_first_ones(tmp_path: Path) -> None:
    names = [f"{number:03}.png" for number in range(40)]
    fill(tmp_path / "images", names)
    for name in names:
        save(tmp_path / "masks" / name, np.zeros((6, 8), np.uint8))
    with opened(tmp_path) as source:
        save(tmp_path / "masks" / names[20], pixels(1))
        with pytest.raises(DataError, match=r"020\.png has colours or numbers"):
            source.read("mask", slice(0, 40))


def test_sizes_are_found_out(tmp_path: Path) -> None:
    fill(tmp_path / "small", ["1.png"], (40, 50))
    with opened(tmp_path / "small") as source:
        assert source.shape("image")[1:] == (40, 50, 3) and not list(source.doubts("image"))
        assert source.column("image").note is None
    fill(tmp_path / "large", ["1.png"], (600, 300))
    with opened(tmp_path / "large") as source:
        assert source.shape("image")[1:] == (224, 112, 3)
        assert "600×300 (height×width) are each made 224×112" in str(source.column("image").note)
    fill(tmp_path / "mixed", ["1.png"], (100, 70))
    fill(tmp_path / "mixed", ["2.png"], (66, 90))
    with opened(tmp_path / "mixed") as source:
        assert source.shape("image")[1:] == (64, 64, 3)
        (doubt,) = source.doubts("image")
        assert doubt.kind == "mixed_sizes" and "66×90 to 100×70" in str(doubt.text)
        assert doubt.mend is not None and [change.value for change in doubt.mend.changes] == [64, 64]  # type: ignore[union-attr]
    with opened(tmp_path / "mixed", height=16) as source:
        assert source.shape("image")[1:] == (16, 16, 3) and not list(source.doubts("image"))
        assert "66×90 to 100×70 (height×width) are each made 16×16" in str(source.column("image").note)


def test_colours_and_bits_are_found_out(tmp_path: Path) -> None:
    fill(tmp_path / "grey", ["1.png"], channels=1)
    fill(tmp_path / "clear", ["1.png"], channels=4)
    save(tmp_path / "opaque" / "1.png", np.full((6, 8, 4), 255, np.uint8))
    save(tmp_path / "deep" / "1.png", np.full((6, 8), 1000, np.uint16))
    save(tmp_path / "floats" / "1.tiff", np.full((6, 8), -0.5, np.float32))
    fill(tmp_path / "both", ["1.png"], channels=1)
    fill(tmp_path / "both", ["2.png"])
    wanted = {"grey": (1, "uint8"), "clear": (4, "uint8"), "opaque": (3, "uint8"), "deep": (1, "uint16")}
    wanted |= {"floats": (1, "float32"), "both": (3, "uint8")}
    for name, (channels, dtype) in wanted.items():
        with opened(tmp_path / name) as source:
            assert (source.shape("image")[-1], str(source.dtype("image"))) == (channels, dtype), name
    with opened(tmp_path / "deep", colour="rgb") as source:
        assert source.read("image", slice(0, 1))[0, 0, 0].tolist() == [3, 3, 3]
    with pytest.raises(DataError, match="More than 8 bits"):
        opened(tmp_path / "deep", colour="rgb", depth="16")
    with pytest.raises(DataError, match="Height is 0"):
        opened(tmp_path / "deep", height=0)


def test_unreadable_files_are_named_before_training(tmp_path: Path) -> None:
    fill(tmp_path, CLASSES)
    (tmp_path / "cat" / "2.png").write_bytes(b"")
    (tmp_path / "dog" / "1.png").write_text("a letter")
    whole = (tmp_path / "dog" / "2.png").read_bytes()
    (tmp_path / "dog" / "2.png").write_bytes(whole[: len(whole) // 2])
    with opened(tmp_path) as source:
        assert {one.name: str(one.reason) for one in source.unreadable()} == {
            "cat/2.png": "it is empty",
            "dog/1.png": "it is no picture that can be read, whatever its name says",
            "dog/2.png": "it ends too early",
        }
        assert source.column("image").maximum is not None, "others tell what the column holds"
        doubt, *notes = source.doubts("image")
        assert [(note.severity, Path(note.file).relative_to(tmp_path).as_posix()) for note in notes] == [
            ("note", "cat/2.png"),
            ("note", "dog/1.png"),
            ("note", "dog/2.png"),
        ], "each of them can be gone to"
        assert doubt.severity == "error" and "3 pictures" in str(doubt.text) and "cat/2.png" in str(doubt.text)
        assert doubt.mend is not None and doubt.mend.changes[0].value is True  # type: ignore[union-attr]
    with opened(tmp_path, skip_unreadable=True) as source:
        assert source.read("name", slice(0, 9)).tolist() == ["cat/1.png", "dog/3.png"]
        assert source.read("label", slice(0, 9)).tolist() == [0, 1]
        assert "dog/2.png" in str(source.note)
        notes = list(source.doubts("image"))
        assert {note.severity for note in notes} == {"note"}, "nothing is wrong then, and still each can be gone to"
        assert [str(note.text) for note in notes] == [
            "Skipped cat/2.png: it is empty.",
            "Skipped dog/1.png: it is no picture that can be read, whatever its name says.",
            "Skipped dog/2.png: it ends too early.",
        ]


def test_a_picture_that_breaks_while_training_has_a_stand_in_of_its_class(tmp_path: Path) -> None:
    fill(tmp_path, CLASSES)
    with opened(tmp_path, skip_unreadable=True) as source:
        (tmp_path / "dog" / "3.png").unlink()
        taken = source.take("image", np.array([4, 0]))
        np.testing.assert_array_equal(taken, [pixels(2), pixels(0)])
        np.testing.assert_array_equal(source.take("image", np.array([4])), [pixels(2)])
        assert [one.name for one in source.unreadable()] == ["dog/3.png"]
        (tmp_path / "cat" / "1.png").unlink()
        (tmp_path / "cat" / "2.png").unlink()
        with pytest.raises(DataError, match="it is not there any more"):
            source.take("image", np.array([0]))


def test_skipped_masks_are_all_decoded_first(tmp_path: Path) -> None:
    for side in ("images", "masks"):
        fill(tmp_path / side, ["1.png", "2.png", "3.png"], channels=1)
    (tmp_path / "masks" / "2.png").write_bytes(b"\x89PNG nothing IEND")
    with opened(tmp_path, skip_unreadable=True) as source:
        assert source.read("name", slice(0, 9)).tolist() == ["images/1.png", "images/3.png"]


def test_same_bytes(tmp_path: Path) -> None:
    fill(tmp_path, CLASSES)
    (tmp_path / "dog" / "2.png").write_bytes((tmp_path / "cat" / "1.png").read_bytes())
    big = pixels(1, (300, 300))
    for number, name in enumerate(("a", "b", "c")):
        big[150] = number // 2  # in the middle of the file
        save(tmp_path / "dog" / f"{name}.bmp", big)
    with opened(tmp_path, height=6, width=8) as source:
        names = source.read("name", slice(0, 99)).tolist()
        assert [{names[row] for row in group} for group in source.same_samples()] == [
            {"cat/1.png", "dog/2.png"},
            {"dog/a.bmp", "dog/b.bmp"},
        ]


def test_files_that_come_and_go_are_noticed(tmp_path: Path) -> None:
    fill(tmp_path, CLASSES)
    spec = DataSpec((DataSource("pictures", str(tmp_path)),))
    sources = Sources()
    first = sources.open(spec)
    assert sources.open(spec) is first
    (tmp_path / "dog" / "3.png").unlink()
    assert sources.open(spec).shape("name") == (4,)
    save(tmp_path / "dog" / "deeper" / "4.png", pixels(9))
    assert sources.open(spec).shape("name") == (5,)
    sources.close()


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no pictures"):
        opened(tmp_path)
    with pytest.raises(DataError, match="is not there any more"):
        opened(tmp_path / "nowhere")
    file = save(tmp_path / "a.png", pixels(1))
    with pytest.raises(DataError, match=r"a\.png is no folder"):
        opened(file)
    with pytest.raises(DataError, match="No data is chosen"):
        open_source(DataSource("pictures"))
    with pytest.raises(DataError, match="in which names are alike"):
        opened(tmp_path, layout="masks")
    with pytest.raises(DataError, match="a folder for its class"):
        opened(tmp_path, layout="classes")
    file.write_bytes(b"")
    with pytest.raises(DataError, match=r"No picture in .* can be read"):
        opened(tmp_path, skip_unreadable=True)


def test_names_in_all_scripts(tmp_path: Path) -> None:
    fill(tmp_path / "자료 🌸", ["사과/붉은 것.png", "🍐/1.png"])
    with opened(tmp_path / "자료 🌸") as source:
        assert source.categories("label") == ("사과", "🍐")
        assert source.read("name", slice(0, 1)).tolist() == ["사과/붉은 것.png"]
        assert source.read("image", slice(0, 2)).shape == (2, 6, 8, 3)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    save(tmp_path / "a.png", pixels(1)).rename(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.png"))
    with opened(tmp_path) as source:
        source.read("name", slice(0, 1))[0].encode()
        np.testing.assert_array_equal(source.read("image", slice(0, 1))[0], pixels(1))


def test_recognition(tmp_path: Path) -> None:
    fill(tmp_path / "animals", CLASSES)
    found = recognise(tmp_path / "animals")
    assert found is not None and found.score > 0.9 and str(found.what) == "5 pictures in 2 classes"
    assert found.options == {"layout": "classes", "height": 6, "width": 8, "colour": "rgb", "depth": "8"}
    (kind,) = (kind for kind in data_kinds() if kind.key == "pictures")
    assert found.options.keys() <= {setting.key for setting in kind.options}
    for number in range(40):
        (tmp_path / "animals" / f"{number}.txt").write_text("text")
    assert recognise(tmp_path / "animals") is None
    assert recognise(tmp_path / "nowhere") is None
    (tmp_path / "nothing").mkdir()
    assert recognise(tmp_path / "nothing") is None


def test_thumbnails(classes: Source) -> None:
    thumbnail = classes.thumbnail("image", 1, 4)
    assert thumbnail is not None and thumbnail.shape == (3, 4, 3) and thumbnail.dtype == np.uint8
    assert classes.thumbnail("label", 1, 4) is None


def test_thumbnails_of_many_bits(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 48).reshape(6, 8).astype(np.uint16)
    Image.fromarray(values).save(tmp_path / "a.png")
    with opened(tmp_path) as source:
        thumbnail = source.thumbnail("image", 0, 8)
        assert thumbnail is not None and (thumbnail.min(), thumbnail.max()) == (0, 255)
