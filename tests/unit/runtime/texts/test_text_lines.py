"""Files with a text in each line: layouts, labels, encodings, empty lines, large files read by pieces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.recognising.recognise import recognise as recognise_kinds
from runtime.worker.data.source import DataError, Source
from runtime.worker.data.sources.text import recognise
from runtime.worker.data.texts import line_index
from tests.unit.graph_editor.exporters.test_reading_data import require_same
from tests.unit.runtime.texts.test_text_files import REVIEWS, column, write

SENTENCES = [f"Sentence {number}, which is not the same as another one." for number in range(100)]


def opened(path: Path, data: str | bytes, **options: Any) -> Source:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return open_source(DataSource("text", str(path), options))


def test_lines_and_their_places(tmp_path: Path) -> None:
    lines = [line for number, line in enumerate(SENTENCES) for line in ([line, ""] if number % 7 == 0 else [line])]
    with opened(tmp_path / "a.txt", "\r\n".join(lines)) as source:
        assert source.names() == ("text",) and source.column("text").kind == "text"
        assert column(source, "text") == SENTENCES
        assert [str(source.place(row)) for row in (0, 1, 8, 40)] == ["line 1", "line 3", "line 11", "line 47"]
        assert str(source.note) == "15 empty lines are left out, the first is line 2."
        rows = np.array([99, 3, 3, 50])
        assert source.take("text", rows).tolist() == [SENTENCES[row] for row in rows]
    with opened(tmp_path / "a.txt", "\n".join(lines), keep_empty=True) as source:
        assert column(source, "text") == lines[: len(column(source, "text"))]
        assert source.shape("text") == (len(lines),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp949"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    lines = ["좋아요", "별로예요", "plain"]
    with opened(tmp_path / "a.txt", "\n".join(lines).encode(encoding)) as source:
        assert column(source, "text") == lines


def test_an_encoding_that_shows_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.worker.data.texts.text_lines.LOOKED_AT", 100)
    monkeypatch.setattr(line_index, "_CHUNK", 100)
    with opened(tmp_path / "a.txt", "\n".join([*SENTENCES, "늦게"]).encode("cp949")) as source:
        assert column(source, "text") == [*SENTENCES, "늦게"]


@pytest.mark.parametrize("layout", ["label_first", "label_last"])
def test_labels_beside_texts(tmp_path: Path, layout: str) -> None:
    pairs = [("spam" if number % 3 else "ham", text) for number, text in enumerate(SENTENCES)]
    written = "\n".join("\t".join(pair if layout == "label_first" else pair[::-1]) for pair in pairs)
    with opened(tmp_path / "a.txt", written) as source:
        assert source.names() == ("text", "label")
        assert column(source, "text") == SENTENCES
        assert source.categories("label") == ("ham", "spam")
        assert column(source, "label") == [1 if number % 3 else 0 for number in range(100)]
    found = recognise(tmp_path / "a.txt")
    assert found is not None and found.options == {"layout": layout} and found.score > 0.8


def test_labels_that_are_numbers_or_missing(tmp_path: Path) -> None:
    written = "".join(f"{number % 2}\t{text}\n" for number, text in enumerate(SENTENCES))
    with opened(tmp_path / "a.txt", written) as source:
        assert source.column("label").kind == "category" and source.dtype("label") == np.int64
    with opened(tmp_path / "a.txt", "no label here\n" + written, layout="label_first") as source:
        assert np.isnan(source.read("label", slice(0, 1))[0])
        assert source.written("label", 0) == ""
        assert column(source, "text")[0] == "no label here"


def test_a_file_of_labels_beside_one_of_texts(tmp_path: Path) -> None:
    with opened(tmp_path / "labels.txt", "good\nbad\n" * 30) as source:
        assert source.names() == ("label",)
        assert source.categories("label") == ("bad", "good")


def test_lines_that_cannot_be_read_are_named_or_skipped(tmp_path: Path) -> None:
    data = "\n".join(SENTENCES[:20]).encode() + "\n가\n".encode() + b"\xff broken\nlast"
    with opened(tmp_path / "a.txt", data, encoding="utf-8") as source:
        (bad,) = source.unreadable()
        assert (bad.row, bad.name) == (21, "line 22")
        (problem,) = source.doubts("text")
        assert "1 lines cannot be read, the first is line 22" in str(problem.text) and problem.mend is not None
        with pytest.raises(DataError, match="line 22 cannot be read: it is no text in the encoding utf-8"):
            source.read("text", slice(16, 23))
    with opened(tmp_path / "a.txt", data, encoding="utf-8", skip_unreadable=True) as source:
        assert column(source, "text")[19:] == [SENTENCES[19], "가", "last"]
        assert "lines 22" in str(source.note)


def test_what_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="is no text"):
        opened(tmp_path / "a.txt", b"a\nb\0c\n")
    for empty in (b"", b"\xef\xbb\xbf", b"\n\n"):
        with pytest.raises(DataError, match="holds no texts: it is empty"):
            opened(tmp_path / "a.txt", empty)
    with pytest.raises(DataError, match="not there any more"):
        open_source(DataSource("text", str(tmp_path / "b.txt")))
    monkeypatch.setattr(line_index, "LONGEST", 50)
    monkeypatch.setattr(line_index, "_CHUNK", 10)
    with pytest.raises(DataError, match="a line is longer than"):
        opened(tmp_path / "a.txt", "x" * 100)


def test_a_file_that_is_written_anew_is_told(tmp_path: Path) -> None:
    with opened(tmp_path / "a.txt", "\n".join(SENTENCES)) as source:
        with (tmp_path / "a.txt").open("a") as file:
            file.write("more\n")
        with pytest.raises(DataError, match="was changed while it was read"):
            column(source, "text")


def test_large_files_are_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_index, "_CHUNK", 1 << 16)
    lines = [f"{number} {'x' * (number % 50)}" for number in range(20_000)]
    with opened(tmp_path / "a.txt", "\n".join(lines) + "\n") as source:
        assert not source.in_memory() and source.run_rows("text") > 1
        assert source.shape("text") == (20_000,)
        assert source.read("text", slice(19_990, 20_000)).tolist() == lines[19_990:]
        assert str(source.place(12_345)) == "line 12346"


def test_scripts_read_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n\n".join(SENTENCES))
    require_same(DataSource("text", str(tmp_path / "a.txt")))
    labelled = "\n".join(f"{'가나'[number % 2]}\t{text}" for number, text in enumerate(SENTENCES))
    (tmp_path / "b.txt").write_bytes(labelled.encode("cp949"))
    require_same(DataSource("text", str(tmp_path / "b.txt"), {"layout": "label_first"}))
    (tmp_path / "c.txt").write_bytes(b"one\n\xff\n\ntwo\n")
    require_same(DataSource("text", str(tmp_path / "c.txt"), {"encoding": "utf-8", "skip_unreadable": True}))
    write(tmp_path / "reviews", REVIEWS | {"train/pos/3.txt": "", "train/neg/4.txt": "뭐".encode("cp949")})
    require_same(DataSource("text", str(tmp_path / "reviews")))
    write(tmp_path / "reviews", {"test/pos/5.txt": b"\0"})
    require_same(DataSource("text", str(tmp_path / "reviews"), {"layout": "classes", "skip_unreadable": True}))


def test_recognition_of_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for written, kind in (("\n".join(SENTENCES), "text"), ("a;b\n1;2\n3;4\n", "csv"), ("x, y\n1, 2\n3, 4\n", "csv")):
        path.write_text(written)
        assert recognise_kinds(path)[0].kind.key == kind
    path.write_bytes(b"\0\1\2")
    assert recognise(path) is None
    assert recognise(tmp_path / "a.csv") is None
