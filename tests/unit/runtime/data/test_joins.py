"""Several sources of one project: side by side by their order, or found by a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from runtime.messages.checking import OptionChange, SettingChange
from runtime.messages.looking import PreviewData
from runtime.spec import DataSource, DataSpec, Join
from runtime.worker.data.answering.view import preview
from runtime.worker.data.checks import check
from runtime.worker.data.join_keys import MISSING, Keys, matched
from runtime.worker.data.opening import Sources, open_data
from runtime.worker.data.source import DataError, Source

PEOPLE = "file,age\nb.png,20\na.png,30\nd.png,40\n"


def table(folder: Path, name: str, text: str, **more: Any) -> DataSource:
    (folder / f"{name}.csv").write_text(text, "utf-8")
    return DataSource("csv", str(folder / f"{name}.csv"), name=name, **more)


def by_key(column: str, to: str, **more: Any) -> Join:
    return Join("key", column, to, **more)


def opened(*sources: DataSource) -> Source:
    return Sources().open(DataSpec(sources))


def problems(source: Source) -> list[str]:
    return [str(problem.text) for problem in check(source, (), (), ()) if problem.severity == "error"]


def test_columns_stand_side_by_side_by_their_order(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.arange(6).reshape(3, 2))
    first = DataSource("npz", str(tmp_path / "a.npz"))
    with open_data(DataSpec((first, table(tmp_path, "people", PEOPLE)))) as source:
        assert source.names() == ("x", "people/file", "people/age")
        assert source.read("people/age", slice(1, 3)).tolist() == [30, 40]
        assert source.take("people/age", np.array([2, 0])).tolist() == [40, 20]
        assert source.categories("people/file") == ("a.png", "b.png", "d.png")
        assert (source.title, problems(source)) == ("a.npz + people.csv", [])
        with pytest.raises(DataError, match=r"has no column age\. It has: x, people/file"):
            source.read("age", slice(0, 1))


def test_other_numbers_of_samples_are_a_problem(tmp_path: Path) -> None:
    (found,) = problems(opened(table(tmp_path, "a", "x\n1\n2\n"), table(tmp_path, "people", PEOPLE)))
    assert found == "a.csv has 2 samples, but people.csv has 3: to be joined by their order, they need as many."


def test_samples_are_found_by_a_key(tmp_path: Path) -> None:
    source = opened(
        table(tmp_path, "pictures", "name,size\na.png,1\nb.png,2\nd.png,3\na.png,4\n"),
        table(tmp_path, "people", PEOPLE, join=by_key("file", "name")),
    )
    assert source.shape("people/age") == (4,)
    assert source.read("people/age", slice(0, 4)).tolist() == [30, 20, 40, 30]
    assert source.take("people/age", np.array([1, 1, 3])).tolist() == [20, 20, 30]
    shown = preview(source, PreviewData(0, DataSpec(()), source.names(), 2))
    assert [column.name for column in shown] == list(source.names())
    assert problems(source) == []


def test_files_find_each_other_by_the_end_of_their_names(tmp_path: Path) -> None:
    for written in (".\\\\img\\\\{}.png", "img/{}.png", "/elsewhere/{}.png", "{}"):
        text = "path,age\n" + "".join(f"{written.format(name)},{age}\n" for name, age in (("고양이", 1), ("b", 2)))
        source = opened(
            table(tmp_path, "a", "name\nimg/b.png\nimg/고양이.png\n"),
            table(tmp_path, "people", text.replace("\\\\", "\\"), join=by_key("path", "name")),
        )
        assert source.read("people/age", slice(0, 2)).tolist() == [2, 1], written


def test_words_find_numbers(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", id=np.array([3, 1, 2]))
    other = table(tmp_path, "people", "id,age\n1,10\nnone,0\nx,9\n3,30\n2,20\n", join=by_key("id", "id"))
    source = opened(DataSource("npz", str(tmp_path / "a.npz")), other)
    assert source.read("people/age", slice(0, 3)).tolist() == [30, 10, 20]


def test_a_key_that_is_missing(tmp_path: Path) -> None:
    first = table(tmp_path, "a", "name\nb.png\nx.png\ny.png\n")
    source = opened(first, table(tmp_path, "people", PEOPLE, join=by_key("file", "name")))
    (problem,) = check(source, (), (), ())
    assert str(problem.text) == (
        "2 samples of a.csv have no match in people.csv; the first at line 3, whose name is “x.png”."
    )
    assert problem.mend is not None
    assert problem.mend.changes == (SettingChange("data", ("sources", "1", "join", "missing"), "leave_out"),)
    ages = source.read("people/age", slice(0, 3))
    assert ages[0] == 20 and np.isnan(ages[1:]).all(), "what is missing is no number"
    assert source.read("people/file", slice(0, 3)).tolist() == [1, -1, -1]
    assert source.column("people/age").missing == 2

    left = opened(first, table(tmp_path, "people", PEOPLE, join=by_key("file", "name", missing="leave_out")))
    assert problems(left) == []
    assert (left.shape("name"), left.shape("people/age")) == ((1,), (1,))
    assert left.read("people/age", slice(0, 1)).tolist() == [20]
    assert str(left.place(0)) == "line 2"


def test_samples_behind_a_hole_keep_their_places(tmp_path: Path) -> None:
    source = opened(
        table(tmp_path, "a", "name,n\nx,1\nb.png,2\nd.png,3\n"),
        table(tmp_path, "people", PEOPLE, join=by_key("file", "name", missing="leave_out")),
        table(tmp_path, "more", "m\n7\n8\n9\n"),
    )
    assert source.read("n", slice(0, 2)).tolist() == [2, 3]
    assert source.read("more/m", slice(0, 2)).tolist() == [8, 9]
    assert str(source.place(1)) == "line 4"


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    first = table(tmp_path, "a", "name\nb.png\na.png\n")
    text = PEOPLE + "b.png,99\nd.png,98\n"
    source = opened(first, table(tmp_path, "people", text, join=by_key("file", "name")))
    (problem,) = check(source, (), (), ())
    assert str(problem.text) == (
        "2 samples of people.csv share their people/file with another one; the first at line 2."
    ), "d.png stands twice, too, but nobody asks for it"
    sure = opened(first, table(tmp_path, "people", text, join=by_key("file", "name", double="first")))
    assert (problems(sure), sure.read("people/age", slice(0, 2)).tolist()) == ([], [20, 30])


def test_nothing_is_found(tmp_path: Path) -> None:
    other = table(tmp_path, "people", PEOPLE, join=by_key("age", "name", missing="leave_out"))
    (found,) = problems(opened(table(tmp_path, "a", "name\nb\nc\n"), other))
    assert found == "No value of name in a.csv is found in age of people.csv: the first is “b”."


def test_columns_that_are_no_keys(tmp_path: Path) -> None:
    first = table(tmp_path, "a", "name\nb\nc\n")
    with pytest.raises(DataError, match=r"people\.csv has no column nothing\. It has: file, age"):
        opened(first, table(tmp_path, "people", PEOPLE, join=by_key("nothing", "name")))
    np.savez(tmp_path / "a.npz", x=np.zeros((3, 2)))
    with pytest.raises(DataError, match=r"x of a\.npz cannot be joined by: it has more than one value a sample"):
        opened(DataSource("npz", str(tmp_path / "a.npz")), table(tmp_path, "p", PEOPLE, join=by_key("file", "x")))


def test_pictures_of_a_missing_key_are_zeros_until_the_problem_is_mended(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["id"], file["picture"] = [1, 2], np.full((2, 4, 4), 7, np.uint8)
    pictures = DataSource("hdf5", str(tmp_path / "a.h5"), name="p", join=by_key("id", "n"))
    source = opened(table(tmp_path, "a", "n\n2\n5\n"), pictures)
    assert source.read("p/picture", slice(0, 2)).max((1, 2)).tolist() == [7, 0]
    assert source.thumbnail("p/picture", 1, 8) is None
    assert len(problems(source)) == 1


def test_doubts_of_a_source_name_it(tmp_path: Path) -> None:
    source = opened(table(tmp_path, "a", "x\n1\n2\n"), table(tmp_path, "b", "n;m\n500;1\n1.010;1\n"))
    (doubt, *_) = source.doubts("b/n")
    assert doubt.column == "b/n"
    assert doubt.mend is not None
    assert isinstance(doubt.mend.changes[0], OptionChange)
    assert doubt.mend.changes[0].source == 1


def test_only_a_source_that_has_changed_is_read_again(tmp_path: Path) -> None:
    spec = DataSpec((table(tmp_path, "a", "x\n1\n"), table(tmp_path, "b", "n\n1\n")))
    sources = Sources()
    first = sources.open(spec)
    assert sources.open(spec) is first
    table(tmp_path, "b", "n\n17\n")
    second = sources.open(spec)
    assert second is not first
    assert second.read("b/n", slice(0, 1)).tolist() == [17]
    assert sources.open(DataSpec(spec.sources[:1])).names() == ("x",)
    sources.close()


def test_many_keys_take_moments() -> None:
    count = 300_000
    order = np.random.default_rng(0).permutation(count)
    names = [f"{number}.png" for number in range(count)]
    found = matched(Keys(order, names), Keys(np.arange(count), names))
    assert (found.rows == order).all() and len(found.double) == 0
    numbers = np.arange(count) * 2.0
    half = matched(Keys(order, np.arange(count)), Keys(np.arange(count), numbers))
    assert (half.rows == MISSING).sum() == count // 2
