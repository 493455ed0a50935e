"""Folders of texts: classes and parts by their folders, encodings, what is empty and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources.text import recognise


def opened(folder: Path, **options: Any) -> Source:
    return open_source(DataSource("text", str(folder), options))


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def column(source: Source, name: str) -> list[Any]:
    return list(source.read(name, slice(0, source.shape(name)[0])))


REVIEWS: dict[str, str | bytes] = {
    "train/neg/0_2.txt": "Bland.",
    "train/pos/0_9.txt": "Great!",
    "train/pos/1_7.txt": "맛있어요",
    "train/unsup/0_0.txt": "Who knows",
    "train/urls_pos.txt": "http://example.com",
    "test/neg/0_1.txt": "Cold.",
    "test/pos/0_8.txt": "Warm.",
    "README": "read me",
    "train/labeledBow.feat": "9 0:1",
}


def test_reviews_with_their_own_parts(tmp_path: Path) -> None:
    with opened(write(tmp_path / "aclImdb", REVIEWS)) as source:
        assert source.names() == ("text", "label", "name")
        assert column(source, "text") == ["Bland.", "Great!", "맛있어요", "Cold.", "Warm."]
        labels = [source.categories("label")[label] for label in column(source, "label")]
        assert labels == ["neg", "pos", "pos", "neg", "pos"]
        assert source.parts() == {"training": (slice(0, 3),), "test": (slice(3, 5),)}
        assert source.column("text").kind == "text" and source.column("label").kind == "category"
        assert str(source.place(2)) == "the file train/pos/1_7.txt"
        said = str(source.note)
    for words in ("unsup/0_0.txt. Reason: these texts have no class", "urls_pos.txt", "README", "labeledBow.feat"):
        assert words in said


def test_a_folder_of_texts_alone(tmp_path: Path) -> None:
    with opened(write(tmp_path, {"a.txt": "one", "b.txt": "two", "unsup/c.txt": "three"})) as source:
        assert source.names() == ("text", "name")
        assert sorted(column(source, "text")) == ["one", "three", "two"]


def test_encodings_of_each_file(tmp_path: Path) -> None:
    words = "좋아요 😀"
    files: dict[str, str | bytes] = {
        f"a/{name}.txt": words.encode(name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32")
    }
    files |= {
        "a/korean.txt": "좋아요".encode("cp949"),
        "b/empty.txt": "",
        "b/mark.txt": b"\xef\xbb\xbf",
        "b/x.txt": "x",
    }
    with opened(write(tmp_path, files)) as source:
        found = dict(zip(column(source, "name"), column(source, "text"), strict=True))
        assert found.pop("a/korean.txt") == "좋아요"
        assert found.pop("b/x.txt") == "x"
        assert set(found.values()) == {words} and len(found) == 4
        assert "b/empty.txt, b/mark.txt. Reason: nothing stands in them" in str(source.note)
    with opened(tmp_path, keep_empty=True) as source:
        assert column(source, "text").count("") == 2
    with opened(tmp_path, encoding="utf-8") as source:
        (bad,) = source.unreadable()
        assert (bad.name, str(bad.reason)) == ("a/korean.txt", "it is no text in the encoding utf-8")


def test_what_cannot_be_read_is_named_or_skipped(tmp_path: Path) -> None:
    write(tmp_path, {"a/1.txt": "fine", "a/2.txt": b"\xff\xfe\xff\xfd\x00", "b/1.txt": b"PK\0\0", "b/2.txt": "good"})
    with opened(tmp_path) as source:
        assert [bad.name for bad in source.unreadable()] == ["a/2.txt", "b/1.txt"]
        problem, *notes = source.doubts("text")
        assert [(note.severity, Path(note.file).relative_to(tmp_path).as_posix()) for note in notes] == [
            ("note", "a/2.txt"),
            ("note", "b/1.txt"),
        ], "each of them can be gone to"
        assert "2 files cannot be read: a/2.txt, b/1.txt" in str(problem.text) and problem.mend is not None
        with pytest.raises(DataError, match=r"b/1\.txt cannot be read: it is no text"):
            source.read("text", slice(2, 3))
    with opened(tmp_path, skip_unreadable=True) as source:
        assert column(source, "text") == ["fine", "good"]
        notes = list(source.doubts("text"))
        assert {note.severity for note in notes} == {"note"}, "nothing is wrong then, and still each can be gone to"
        assert [str(note.text).partition(":")[0] for note in notes] == ["Skipped a/2.txt", "Skipped b/1.txt"]
        assert "Skipped, because they cannot be read: a/2.txt, b/1.txt" in str(source.note)
        (tmp_path / "a" / "1.txt").unlink()
        with pytest.raises(DataError, match=r"a/1\.txt cannot be read"):
            source.read("text", slice(0, 1))


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, {"secret.txt": "secret", "in/a/1.txt": "one", "in/b/2.txt": "two"})
    (tmp_path / "in" / "a" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in" / "a" / "circle").symlink_to(tmp_path / "in")
    with opened(tmp_path / "in") as source:
        assert column(source, "text") == ["one", "two"]
        assert "they are links that lead elsewhere" in str(source.note)


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no texts"):
        opened(tmp_path)
    with pytest.raises(DataError, match="is not there any more"):
        opened(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"All texts in .* are empty"):
        opened(write(tmp_path / "x", {"a/1.txt": "", "b/1.txt": ""}))
    write(tmp_path / "x", {"a/1.txt": b"\0\0"})
    with pytest.raises(DataError, match="No file in x can be read"):
        opened(tmp_path / "x", skip_unreadable=True)
    with pytest.raises(DataError, match="Layout is roll; it must be one of"):
        opened(tmp_path / "x", layout="roll")


def test_recognition(tmp_path: Path) -> None:
    found = recognise(write(tmp_path / "자료 🌸", {"좋음/1.txt": "a", "나쁨/1.txt": "b", "나쁨/2.txt": "c"}))
    assert found is not None and found.score > 0.8
    assert (str(found.what), found.options) == ("3 texts in 2 classes", {"layout": "classes"})
    assert recognise(tmp_path / "nowhere") is None
    for number in range(9):
        (tmp_path / "자료 🌸" / f"{number}.png").write_bytes(b"png")
    assert recognise(tmp_path / "자료 🌸") is None
