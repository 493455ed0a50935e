"""What is told of a folder of pictures before it trains."""

from __future__ import annotations

from pathlib import Path

from runtime.messages.checking import DataProblem, Endpoint, OptionChange
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.worker.data.checks import check
from runtime.worker.data.opening import open_source
from tests.support.pictures import fill, pixels, save


def checked(folder: Path, size: tuple[int, int] = (6, 8), **options: object) -> list[DataProblem]:
    truth = OutputTraining("out", KerasObject("SparseCategoricalCrossentropy"))
    ends = [Endpoint("in", (None, *size, 3), "float32")], [Endpoint("out", (None, 2), "float32", truth)]
    with open_source(DataSource("pictures", str(folder), options)) as source:
        return list(check(source, [Binding("in", ("image",)), Binding("out", ("label",))], *ends))


def test_pictures_fit(tmp_path: Path) -> None:
    found = checked(fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png", "b/2.png"]))
    assert not [problem.text for problem in found if problem.severity != "note"]


def test_copies_with_different_labels(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
    save(tmp_path / "a" / "3.png", pixels(2))
    save(tmp_path / "a" / "4.png", pixels(0))
    (remark,) = (problem for problem in checked(tmp_path) if problem.severity == "warning")
    assert remark.kind == "differing_copies" and remark.target == "out"
    assert "2 samples" in str(remark.text) and "b/1.png" in str(remark.text) and "a/3.png" in str(remark.text)


def test_unreadable_pictures_stop_before_training(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
    (tmp_path / "b" / "2.png").write_bytes(b"")
    (error,) = (problem for problem in checked(tmp_path) if problem.severity == "error")
    assert error.kind == "unreadable" and error.target == "in"
    skipping = checked(tmp_path, skip_unreadable=True)
    assert not [problem for problem in skipping if problem.severity == "error"]


def test_each_picture_that_cannot_be_read_is_named_with_where_it_lies(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "a/3.png", "b/1.png", "b/2.png"])
    for name in ("a/3.png", "b/2.png"):
        (tmp_path / name).write_bytes(b"")
    found = [problem for problem in checked(tmp_path) if problem.file]
    assert [(each.severity, each.row, each.file) for each in found] == [
        ("note", 2, str(tmp_path / "a/3.png")),
        ("note", 4, str(tmp_path / "b/2.png")),
    ]
    skipped = [problem for problem in checked(tmp_path, skip_unreadable=True) if problem.file]
    assert [(each.row, each.file) for each in skipped] == [(None, each.file) for each in found]
    assert str(skipped[0].text).startswith("Skipped a/3.png: ")


def test_pictures_of_another_size_are_read_as_the_model_takes_them(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png", "b/2.png"], channels=1)
    (error,) = (problem for problem in checked(tmp_path, (12, 10)) if problem.severity == "error")
    assert error.mend is not None and str(error.mend.text) == "Read the pictures as 12×10×3"
    options = {change.option: change.value for change in error.mend.changes if isinstance(change, OptionChange)}
    assert options == {"height": 12, "width": 10, "colour": "rgb"}
    assert not [problem for problem in checked(tmp_path, (12, 10), **options) if problem.severity == "error"]


def test_unequal_sizes_are_remarked_on(tmp_path: Path) -> None:
    fill(tmp_path, ["a/1.png", "a/2.png", "b/1.png", "b/2.png"])
    save(tmp_path / "b" / "2.png", pixels(3, (60, 60)))
    assert not [problem for problem in checked(tmp_path, height=6, width=8) if problem.severity == "warning"]
    assert "mixed_sizes" in [problem.kind for problem in checked(tmp_path, (32, 32))]


def test_copies_among_those_that_validate(tmp_path: Path) -> None:
    names = [f"{part}/{label}/{number}.png" for part in ("train", "val") for label in "ab" for number in range(2)]
    fill(tmp_path, names)
    assert "leak" not in [problem.kind for problem in checked(tmp_path)]
    (tmp_path / "val" / "b" / "1.png").write_bytes((tmp_path / "train" / "b" / "0.png").read_bytes())
    (remark,) = (problem for problem in checked(tmp_path) if problem.kind == "leak")
    assert "val/b/1.png" in str(remark.text) and "train/b/0.png" in str(remark.text)
