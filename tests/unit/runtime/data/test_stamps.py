"""Data that changes between being looked at and being trained on is noticed."""

from __future__ import annotations

import os
from pathlib import Path

from runtime.messages.describing import DescribeData
from runtime.spec import DataSource, DataSpec
from runtime.worker.data.answering.answers import describe_data
from runtime.worker.data.opening import Sources
from runtime.worker.data.stamps import change_note, changed_since, stamps_of


def test_what_was_described_is_known_again(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("x\n1\n2\n", "utf-8")
    made_up = DataSource("random", "", {"columns": {"r": {}}, "samples": 2}, name="r")
    spec = DataSpec(
        (DataSource("csv", str(tmp_path / "a.csv")), DataSource("csv", str(tmp_path / "b.csv"), name="b"), made_up)
    )
    sources = Sources()
    stamps = describe_data(DescribeData(1, spec), sources).stamps
    sources.close()
    assert changed_since(spec, stamps) == []
    (tmp_path / "b.csv").write_text("x\n1\n2\n3\n", "utf-8")
    (changed,) = changed_since(spec, stamps)
    assert str(change_note(changed)).startswith("b.csv has changed since it was looked at in Data")
    (tmp_path / "a.csv").unlink()
    assert [source.path[-5:] for source in changed_since(spec, stamps)] == ["a.csv", "b.csv"]
    assert changed_since(spec, ()) == changed_since(spec, stamps[:1]) == [], "of other data nothing is said"


def test_a_folder_changes_with_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "고양이.png").write_bytes(b"x")
    (tmp_path / "around").symlink_to(tmp_path)
    spec = DataSpec((DataSource("pictures", str(tmp_path)),))
    stamps = stamps_of(spec)
    assert changed_since(spec, stamps) == []
    (tmp_path / "cats" / "2.png").write_bytes(b"y")
    assert changed_since(spec, stamps)
    later = stamps_of(spec)
    os.utime(tmp_path / "cats" / "2.png", ns=(2**61, 2**61))
    assert changed_since(spec, later), "a file that was written over"


def test_what_cannot_be_looked_at_says_nothing() -> None:
    spec = DataSpec((DataSource("csv", "/gone/a.csv"), DataSource("csv", "a\0b", name="n")))
    assert stamps_of(spec) == ("", "")
    assert changed_since(spec, ("", "")) == []
