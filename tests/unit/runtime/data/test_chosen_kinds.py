"""The kind of a column that a person has chosen, and what follows from it when the data is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.panels.data.looking.kind_menu import kinds_of
from runtime.messages.describing import Column, DescribeData
from runtime.messages.looking import PreviewData
from runtime.messages.profiling import Bars, ColumnProfile, Histogram, ProfileData, ProfilePart
from runtime.spec import ColumnKind, ColumnSpec, DataSource, DataSpec, Step
from runtime.worker.data.answering.answers import describe_data, preview_data, profile_data
from runtime.worker.data.opening import Sources
from runtime.worker.data.source import Source

TABLE = "floor,town\n" + "".join(f"{row % 3}.0,{('Seoul in winter', 'Busan')[row % 2]}\n" for row in range(40))


@pytest.fixture
def table(tmp_path: Path) -> DataSource:
    (tmp_path / "flats.csv").write_text(TABLE, "utf-8")
    return DataSource("csv", str(tmp_path / "flats.csv"))


def chosen(table: DataSource, **kinds: ColumnKind) -> DataSpec:
    steps = (Step("squeeze"),)  # there is no such step: who looks at what lies before it is not told so
    return DataSpec((table,), {name: ColumnSpec(kind, steps) for name, kind in kinds.items()})


def described(data: DataSpec, sources: Sources) -> dict[str, Column]:
    return {column.name: column for column in describe_data(DescribeData(1, data), sources).columns}


def profile(data: DataSpec, name: str, sources: Sources) -> ColumnProfile:
    return profile_data(ProfileData(1, data, (name,)), sources, lambda: True).columns[0]


def titles(parts: tuple[ProfilePart, ...], kind: type) -> list[str]:
    return [part.title.english() for part in parts if isinstance(part, kind)]


def test_it_is_told_wherever_a_column_is_described(table: DataSource) -> None:
    sources = Sources()
    found = described(DataSpec((table,)), sources)
    assert [found[name].kind for name in ("floor", "town")] == ["number", "category"]
    data = chosen(table, floor="category", town="text")
    anew = described(data, sources)
    assert [anew[name].kind for name in ("floor", "town")] == ["category", "text"]
    assert (found["town"].categories, anew["town"].categories) == (("Busan", "Seoul in winter"), ()), (
        "texts: no classes"
    )
    assert described(chosen(table, town="date"), sources)["town"].categories, "still words"
    (preview,) = preview_data(PreviewData(1, data, ("floor",), 2), sources, lambda: True).columns
    assert preview.kind == "category"


def test_what_is_drawn_of_a_column_follows_it(table: DataSource) -> None:
    sources = Sources()
    before, after = DataSpec((table,)), chosen(table, floor="category", town="text")
    assert titles(profile(before, "floor", sources).parts, Bars) == []
    assert titles(profile(after, "floor", sources).parts, Bars) == ["Classes"]
    assert titles(profile(before, "town", sources).parts, Histogram) == []
    assert titles(profile(after, "town", sources).parts, Histogram) == ["Words in a text"]


def test_a_column_is_not_read_again_for_another_kind(table: DataSource, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = Sources()
    described(DataSpec((table,)), sources)
    monkeypatch.setattr(Source, "_describe", lambda _source, name: pytest.fail(f"{name} was read again"))
    assert described(chosen(table, floor="category"), sources)["floor"].kind == "category"


def test_free_texts_are_offered_as_what_texts_can_be() -> None:
    assert kinds_of(Column("text", (), "object", 9, "text")) == ("text", "category", "date")
