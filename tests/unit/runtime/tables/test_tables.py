"""Numbers in tables: what people write is read as they mean it, or told, and never becomes places in an alphabet."""

from __future__ import annotations

import dataclasses
import math
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.python_code.in_scripts import tables
from resources.python_code.in_scripts.tables import DELIMITERS, read_columns
from runtime.messages.checking import DataProblem, Endpoint
from runtime.spec import Binding, DataSource
from runtime.worker.data.checks import check
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import Source

NAN = math.nan


def table(path: Path, lines: list[str], delimiter: str = ",", **options: str) -> Source:
    """A column `x` of these fields, quoted where the delimiter asks for it, beside a column of words."""
    rows = [f'"{line}"' if delimiter in line else line for line in lines]
    path.write_text("\n".join([f"x{delimiter}w", *(f"{row}{delimiter}word" for row in rows)]), "utf-8")
    return open_source(DataSource("csv", str(path), dict(options)))


def said(source: Source, name: str = "x") -> list[tuple[str, str]]:
    return [(problem.severity, str(problem.text).partition(": ")[2]) for problem in source.doubts(name)]


CERTAIN = [
    # decimal commas, by one that cannot be a mark of thousands
    (["0,000", "-0,500", "1,500"], "\t", [0, -0.5, 1.5]),
    (["1,5", "2,25", ""], ";", [1.5, 2.25, NAN]),
    (["1,5", "2,25"], "|", [1.5, 2.25]),
    (["1,5", "2,25"], ",", [1.5, 2.25]),
    (["1.234,50", "5"], ";", [1234.5, 5]),
    (["1,125", "5,375"], ";", [1.125, 5.375]),
    (["1,125", "1500"], "\t", [1.125, 1500]),
    # marks of thousands
    (["500", "990", "1,200"], ",", [500, 990, 1200]),
    (["500", "990", "1,234"], ",", [500, 990, 1234]),
    (["500", "990", "1,200"], "\t", [500, 990, 1200]),
    (["1,234,567", "5"], "|", [1234567, 5]),
    (["1,234.5", "5"], "\t", [1234.5, 5]),
    (["1.234.567", "5"], ";", [1234567, 5]),
    (["1,00,000", "5"], "\t", [100000, 5]),
    (["1 200", "12"], ",", [1200, 12]),
    (["1\u00a0200,5", "12"], ";", [1200.5, 12]),
    (["1\u202f200", "12"], ";", [1200, 12]),
    (["1'200.50", "12"], ",", [1200.5, 12]),
    (["1’200", "12"], ",", [1200, 12]),
    # signs
    (["12%", "5 %"], ",", [0.12, 0.05]),
    (["12,5 %", "5 %"], ";", [0.125, 0.05]),
    (["$5", "$1,200.50"], ",", [5, 1200.5]),
    (["5 €", "1.234,50 €"], ";", [5, 1234.5]),
    (["1,000원", "500원"], ",", [1000, 500]),
    (["−1", "−2.5", "3"], ",", [-1, -2.5, 3]),
    (["- 5", "+3"], ",", [-5, 3]),
    (["１２", "３．５", "－１"], ",", [12, 3.5, -1]),
    (["٣٫٥", "١٬٢٠٠", "-٧"], ";", [3.5, 1200, -7]),
    (["۳٫۵٪", "۱۲٪"], ",", [0.035, 0.12]),
    (["\ufeff1", "2\u200b", " 3\u00a0"], ",", [1, 2, 3]),
    # no value
    (["1", "-", "3"], ",", [1, NAN, 3]),
    (["1.5", "?", "n/a", "#N/A", "null", "–"], ",", [1.5, NAN, NAN, NAN, NAN, NAN]),
    (["1", "2", "x"], ",", [1, 2, NAN]),
    # plain numbers stay what they are
    (["1.125", "5.375"], ",", [1.125, 5.375]),
    (["0.125", "2", "3.375"], ";", [0.125, 2, 3.375]),
    (["1e3", "2E-1", ".5", "5."], ",", [1000, 0.2, 0.5, 5]),
    (["007", "12"], ",", [7, 12]),
]


@pytest.mark.parametrize(("lines", "delimiter", "values"), CERTAIN)
def test_what_is_certain_is_read(tmp_path: Path, lines: list[str], delimiter: str, values: list[float]) -> None:
    source = table(tmp_path / "a.csv", lines, delimiter)
    assert source.categories("x") == ()
    np.testing.assert_array_equal(source.read("x", slice(0, len(lines))), values)
    assert [severity for severity, _ in said(source) if severity != "note"] == []


def test_what_python_would_read_otherwise_is_noted(tmp_path: Path) -> None:
    assert said(table(tmp_path / "a.csv", ["12%", "5%"])) == [("note", "“12%” in x is read as 0.12.")]
    assert said(table(tmp_path / "a.csv", ["500", "1,200"])) == [("note", "“1,200” in x is read as 1200.")]
    assert said(table(tmp_path / "a.csv", ["500", "1.25"])) == []


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_thousands_with_a_dot_beside_whole_numbers_are_read_and_asked_about(tmp_path: Path, delimiter: str) -> None:
    """500, 990, 1.000: 990 was followed by 1."""
    source = table(tmp_path / "a.csv", ["500", "990", "1.000", "1.010"], delimiter)
    assert source.read("x", slice(0, 4)).tolist() == [500, 990, 1000, 1010]
    (found,) = source.doubts("x")
    assert (found.severity, str(found.text)) == (
        "warning",
        "a.csv: “1.000” in x at line 4 is read as 1000, but may be 1.",
    )
    assert found.mend is not None and str(found.mend.text) == "Read it as 1"
    again = table(tmp_path / "a.csv", ["500", "990", "1.000", "1.010"], delimiter, decimal=decimal_of(found))
    assert again.read("x", slice(0, 4)).tolist() == [500, 990, 1.0, 1.01]
    assert said(again) == []


def decimal_of(found: DataProblem) -> str:
    assert found.mend is not None
    (change,) = found.mend.changes
    assert (change.source, change.option) == (0, "decimal")  # type: ignore[union-attr]
    return str(change.value)  # type: ignore[union-attr]


def test_three_decimals_beside_whole_numbers_are_asked_about(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", ["1.125", "2", "3.375"])
    assert source.read("x", slice(0, 3)).tolist() == [1.125, 2, 3.375]
    assert said(source) == [("warning", "“1.125” in x at line 2 is read as 1.125, but may be 1125.")]


@pytest.mark.parametrize(("delimiter", "value", "other"), [("\t", "1.132", "1132"), (",", "1132", "1.132")])
def test_a_comma_with_two_meanings_is_a_problem_until_somebody_says(
    tmp_path: Path, delimiter: str, value: str, other: str
) -> None:
    source = table(tmp_path / "a.csv", ["1,132", "5,764"], delimiter)
    (found,) = source.doubts("x")
    sentence = f"a.csv: “1,132” in x at line 2 may be {value} or {other}: write it in one way."
    assert (found.severity, str(found.text)) == ("error", sentence)
    chosen = table(tmp_path / "a.csv", ["1,132", "5,764"], delimiter, decimal=decimal_of(found))
    assert chosen.read("x", slice(0, 1)).tolist() == [float(value)]
    assert [severity for severity, _ in said(chosen)] == ["note"]


@pytest.mark.parametrize(("beside", "value"), [("0,5", 1.132), ("0.5", 1132), ("1.234,5", 1.132)])
def test_another_column_may_tell_what_a_comma_means(tmp_path: Path, beside: str, value: float) -> None:
    (tmp_path / "a.csv").write_text(f"x\ty\n1,132\t{beside}\n5,764\t{beside}\n", "utf-8")
    source = open_source(DataSource("csv", str(tmp_path / "a.csv")))
    assert source.read("x", slice(0, 1)).tolist() == [value]
    assert [severity for severity, _ in said(source)] == ["note"]


@pytest.mark.parametrize(
    ("lines", "line"), [(["12%", "5"], 3), (["$5", "€4"], 3), (["5", "6", "7 %"], 4), (["$5", "5", "£1"], 4)]
)
def test_numbers_with_different_units_are_a_problem(tmp_path: Path, lines: list[str], line: int) -> None:
    found = [text for severity, text in said(table(tmp_path / "a.csv", lines)) if severity == "error"]
    assert found == [f"at line {line} the numbers of x have another unit than before it (% or a currency)."]


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (["cat", "dog", "7"], 2),
        (["5 kg", "10 kg"], 0),
        (["01.02.2020", "02.02.2020"], 0),
        (["1_000", "2_000"], 0),
        (["(5)", "(6)"], 0),
        (["cat", "dog"], None),
        (["1st", "2nd", "3rd"], None),
        (["20-30", "30-40"], None),
    ],
)
def test_numbers_in_a_column_of_words_are_seen(tmp_path: Path, lines: list[str], row: int | None) -> None:
    source = table(tmp_path / "a.csv", lines)
    assert len(source.categories("x")) == len(lines)
    assert source.number_among_words("x") == row


def test_missing_words_are_no_classes(tmp_path: Path) -> None:
    source = table(tmp_path / "a.csv", ["dog", "", "NA", "cat", "None", "-", "?"])
    assert source.categories("x") == ("cat", "dog")
    assert source.read("x", slice(0, 7)).tolist() == [1, -1, -1, 0, -1, -1, -1]
    assert source.column("x").missing == 5


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_decimal_commas_do_not_cut_a_table_without_a_header(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["1,5", "2,5", "3,5"], ["4,5", "5,5", "6,5"]))
    (tmp_path / "a.csv").write_text(text, "utf-8")
    source = open_source(DataSource("csv", str(tmp_path / "a.csv")))
    assert [source.read(name, slice(0, 2)).tolist() for name in source.names()] == [[1.5, 4.5], [2.5, 5.5], [3.5, 6.5]]


SIGNS = "1 12 500 1.000 1,000 1.5 0,125 - NA ? % $ € ' _ x kg 1e5 ١ ² ½ １ ， − ( inf nan 1.234,5 1,234.5 . , + e ९"
PIECES = st.sampled_from([*SIGNS.split(), "", " ", "\u00a0", "\ufeff", "1 200", "9" * 30, "9" * 5000])
FIELDS = st.lists(PIECES, min_size=1, max_size=3).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda rows: st.lists(st.lists(FIELDS, min_size=rows, max_size=rows), min_size=1, max_size=3)
    ),
    st.sampled_from(DELIMITERS),
    st.sampled_from((None, ".", ",")),
)
def test_any_fields_are_read_and_what_is_no_number_is_known(
    columns: list[list[str]], delimiter: str, decimal: str | None
) -> None:
    readings = read_columns(lambda: zip(*columns, strict=True), len(columns), delimiter, decimal)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "BLOCK_FIELDS", 1)
        patch.setattr(tables, "TEXT_FIELDS", 1)
        by_row = read_columns(lambda: zip(*columns, strict=True), len(columns), delimiter, decimal)
    for fields, reading, again in zip(columns, readings, by_row, strict=True):
        np.testing.assert_array_equal(again.values, reading.values, strict=True)
        assert dataclasses.replace(again, values=None) == dataclasses.replace(reading, values=None)
        assert len(reading.values) == len(fields)
        if reading.words:
            assert reading.values.dtype == np.int64 and reading.values.max() < len(reading.words)
        elif reading.values.dtype.kind == "f":
            assert set(np.flatnonzero(np.isnan(reading.values))[:1]) <= reading.odd.keys()


@pytest.mark.parametrize("field", ["{}.25", "word {}"])
def test_fields_are_not_held_as_text_all_at_once(monkeypatch: pytest.MonkeyPatch, field: str) -> None:
    monkeypatch.setattr(tables, "BLOCK_FIELDS", 2**9)
    monkeypatch.setattr(tables, "TEXT_FIELDS", 2**9)
    row = ";".join(field.format(number) for number in range(10))
    text = "\n".join([";".join(f"x{n}" for n in range(10)), *[row] * 2000])
    tables.read_table(text, ";")  # once before, for what is imported
    tracemalloc.start()
    try:
        tables.read_table(text, ";")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 10 * 2000 * 8  # of what the numbers take


@pytest.mark.parametrize(("word", "severity"), [("{}:30", "warning"), ("<{}", "warning"), ("v{}", "note")])
def test_signs_around_digits_in_an_input_are_remarked(tmp_path: Path, word: str, severity: str) -> None:
    source = table(tmp_path / "a.csv", [word.format(number) for number in (1, 2, 3, 1, 2, 3)], ";")
    (found,) = check(source, [Binding("in", ("x",))], [Endpoint("in", (None, 1), "float32")], [])
    assert (found.severity, found.kind) == (severity, "words")
    assert "The words of x are read as numbers: 0 = " in str(found.text)
