"""What folders and names of pictures say: classes, parts, masks."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from resources.python_code.in_scripts.folders import Arranged, as_written
from resources.python_code.in_scripts.picture_folders import arrange_pictures, list_pictures


def touch(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_what_is_listed(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.PNG", "b/10.jpg", "a/x.jpeg", "a/.hidden.png", "a/Thumbs.db", "a/desktop.ini", "notes.txt")
    touch(tmp_path, "__MACOSX/a.png", ".git/a.png", "a/deeper/y.webp")
    (tmp_path / "nothing" / "at all").mkdir(parents=True)
    found = list_pictures(str(tmp_path))
    assert found.files == ["a/x.jpeg", "a/deeper/y.webp", "b/10.jpg", "b/2.PNG"]
    assert found.others == ["notes.txt"]
    assert found.empty == ["nothing/at all", "nothing"]
    assert list_pictures(str(tmp_path), 1).cut


@pytest.mark.skipif(os.name == "nt", reason="links need a right on Windows")
def test_links(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside", "secret.png")
    folder = touch(tmp_path / "data", "a/1.png")
    (folder / "a" / "inside.png").symlink_to(folder / "a" / "1.png")
    (folder / "a" / "out.png").symlink_to(outside / "secret.png")
    (folder / "a" / "lost.png").symlink_to(tmp_path / "nowhere.png")
    (folder / "a" / "self.png").symlink_to(folder / "a" / "self.png")
    (folder / "a" / "round").symlink_to(folder)
    (folder / "b").symlink_to(outside)
    found = list_pictures(str(folder))
    assert found.files == ["a/1.png", "a/inside.png"]
    assert found.links == ["b", "a/lost.png", "a/out.png", "a/round", "a/self.png"]
    link = tmp_path / "link"
    link.symlink_to(folder)
    assert list_pictures(str(link)).files == found.files, "the folder itself may be a link: somebody named it"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the right is always there")
def test_closed_folder(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.png", "b/2.png")
    (tmp_path / "b").chmod(0)
    try:
        assert list_pictures(str(tmp_path)).closed == ["b/"]
    finally:
        (tmp_path / "b").chmod(0o700)


def labelled(found: Arranged) -> dict[str, str]:
    return dict(zip(found.files, found.labels, strict=True))


def test_a_folder_for_each_class() -> None:
    found = arrange_pictures(["loose.png", "cat/1.png", "cat/old/2.png", "dog/1.png"])
    assert found.layout == "classes"
    assert labelled(found) == {"cat/1.png": "cat", "cat/old/2.png": "cat", "dog/1.png": "dog"}
    assert found.left_out["class"] == ["loose.png"]
    assert not found.parts


def test_a_folder_around_all_says_nothing() -> None:
    assert labelled(arrange_pictures(["zip/flowers/a/1.png", "zip/flowers/b/1.png"])) == {
        "zip/flowers/a/1.png": "a",
        "zip/flowers/b/1.png": "b",
    }


def test_parts() -> None:
    files = ["Test/a/3.png", "train/a/1.png", "train/b/1.png", "valid/a/2.png", "more/a/9.png", "Test/b/4.png"]
    found = arrange_pictures(files)
    assert found.files == ["train/a/1.png", "train/b/1.png", "valid/a/2.png", "Test/a/3.png", "Test/b/4.png"]
    assert found.labels == ["a", "b", "a", "a", "b"]
    assert found.parts == {"training": (0, 2), "validation": (2, 3), "test": (3, 5)}
    assert found.left_out["part"] == ["more/a/9.png"]
    assert arrange_pictures(["train/1.png", "car/1.png"]).parts == {}, "a train is a class beside cars"


def test_classes_in_names() -> None:
    names = [f"{animal}.{number}.jpg" for animal in ("cat", "dog") for number in range(4)]
    found = arrange_pictures(names)
    assert found.layout == "names"
    assert found.labels == ["cat"] * 4 + ["dog"] * 4
    assert arrange_pictures(["big_dog_12.jpg", "big dog (3).jpg"], "names").labels == ["big_dog", "big dog"]
    assert arrange_pictures([f"IMG_{number}.jpg" for number in range(9)]).layout == "flat"
    assert arrange_pictures(["a.jpg", "b.jpg"]).layout == "flat"


def test_one_folder_is_no_class_unless_it_is_said() -> None:
    files = ["images/1.png", "images/2.png"]
    assert arrange_pictures(files).layout == "flat"
    assert arrange_pictures(files, "classes").labels == ["images", "images"]


@pytest.mark.parametrize("layout", [None, "masks"])
def test_masks(layout: str | None) -> None:
    files = ["images/a.jpg", "images/b.jpg", "images/c.jpg", "Masks/a.png", "Masks/b_mask.png", "Masks/z.png"]
    found = arrange_pictures([*files, "other/1.png"], layout)
    assert found.layout == "masks"
    assert dict(zip(found.files, found.masks, strict=True)) == {
        "images/a.jpg": "Masks/a.png",
        "images/b.jpg": "Masks/b_mask.png",
    }
    assert found.left_out["mask"] == ["images/c.jpg"]
    assert found.left_out["picture"] == ["Masks/z.png"]
    assert found.left_out["side"] == ["other/1.png"]


def test_masks_in_parts() -> None:
    inside = [f"{part}/{side}/1.png" for part in ("train", "val") for side in ("images", "masks")]
    around = [f"{side}/{part}/1.png" for part in ("train", "val") for side in ("images", "masks")]
    for files in (inside, around):
        found = arrange_pictures(files)
        assert found.parts == {"training": (0, 1), "validation": (1, 2)}
        assert [("train" in mask, "masks" in mask) for mask in found.masks] == [(True, True), (False, True)]


def test_chosen_folders_of_masks() -> None:
    files = ["photos of cells/1.png", "outlines/1.png", "images/1.png"]
    found = arrange_pictures(files, "masks", "photos of cells", "outlines")
    assert (found.files, found.masks) == (["photos of cells/1.png"], ["outlines/1.png"])
    assert arrange_pictures(files, "masks").files == []


def test_labels_with_pictures_are_masks_only_if_names_fit() -> None:
    assert arrange_pictures(["images/a.png", "labels/other.png"]).layout == "classes"


def test_names_are_written_in_one_way() -> None:
    apart, together = unicodedata.normalize("NFD", "사과") + "/1.png", "사과/2.png"
    assert apart[:2] != together[:2]
    found = arrange_pictures([apart, together, "🍐/1.png"])
    assert found.labels == ["사과", "사과", "🍐"]
    assert found.files[0] == apart, "the file is opened by the name that it has"
    assert as_written(os.fsdecode(b"\xff.png")).endswith("dcff.png")
