"""A picture that is damaged in its middle is told of before the first step, wherever it lies in the folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.messages.checking import OptionChange
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
from runtime.worker.data.sample_files import read_through
from runtime.worker.data.source import DataError, Source
from tests.support.pictures import fill, pixels, save

COUNT = 300  # more than are decoded to look at their values


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return fill(tmp_path / "shapes", [f"{label}/{number:03}.png" for label in "ab" for number in range(COUNT // 2)])


def damage(file: Path) -> Path:
    """Only decoding tells it: the file begins and ends as it should."""
    whole = file.read_bytes()
    middle = whole.index(b"IDAT") + 12
    file.write_bytes(whole[:middle] + bytes(20) + whole[middle + 20 :])
    return file


def opened(folder: Path, **options: object) -> Source:
    return open_source(DataSource("pictures", str(folder), options))


def errors(source: Source) -> list[str]:
    return [str(problem.text) for problem in source.doubts("image") if problem.severity == "error"]


def silent(_part: float) -> None:
    return


def test_the_check_names_it_and_offers_to_leave_it_out(folder: Path) -> None:
    damage(folder / "b" / "149.png")
    with opened(folder) as source:
        (problem,) = (problem for problem in source.doubts("image") if problem.severity == "error")
        assert "b/149.png cannot be read" in str(problem.text) and problem.row == COUNT - 1
        assert problem.mend is not None
        (change,) = problem.mend.changes
        assert isinstance(change, OptionChange)
    with opened(folder, **{change.option: change.value}) as source:
        assert errors(source) == []
        source.read_through("image", silent)
        assert source.read("image", slice(0, COUNT)).shape[0] in (COUNT - 1, COUNT)


def test_what_a_check_has_no_time_for_is_read_before_training(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(folder / "b" / "149.png")
    monkeypatch.setattr(read_through.ReadThrough.go_on, "__defaults__", (0.0, silent))
    told: list[float] = []
    with opened(folder) as checked, opened(folder) as trained:
        assert errors(checked) == []
        with pytest.raises(DataError, match=r"b/149\.png cannot be read"):
            trained.read_through("image", told.append)
        assert told[0] == 0 and len(told) > 1
        (said,) = errors(checked)
        assert "b/149.png" in said, "the check knows what training has found"


def test_a_folder_is_read_once_as_long_as_it_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(folder) as source:
        source.read_through("image", silent)
    told: list[float] = []
    with opened(folder) as source:
        source.read_through("image", told.append)
        assert told == [], "another process has done it"
    save(folder / "a" / "new.png", pixels(7))
    with opened(folder) as source:
        source.read_through("image", told.append)
        assert told


def test_a_damaged_mask_is_named_and_not_its_picture(tmp_path: Path) -> None:
    fill(tmp_path / "both" / "images", ["a.png", "b.png"])
    fill(tmp_path / "both" / "masks", ["a.png", "b.png"], channels=1)
    damage(tmp_path / "both" / "masks" / "b.png")
    with opened(tmp_path / "both") as source:
        (said,) = errors(source)
        assert "masks/b.png" in said


def test_who_stops_the_run_does_not_wait(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_part: float) -> None:
        raise InterruptedError

    with opened(folder) as source, pytest.raises(InterruptedError):
        source.read_through("image", stop)
