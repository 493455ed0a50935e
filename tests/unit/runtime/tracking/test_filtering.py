"""The line that says which runs are wanted."""

from __future__ import annotations

from datetime import datetime

import pytest

from runtime.tracking.filtering import Fields, FilterError, Get, Value, number_of, parse

RUNS: dict[int, dict[str, Value]] = {
    1: {"val_loss": 0.2, "tag": ("baseline", "wide"), "name": "first try", "optimizer": "Adam", "size": 2e6},
    2: {"val_loss": 0.5, "tag": (), "name": "second", "optimizer": "SGD", "size": 5e3, "time": 600.0},
    3: {"tag": ("wide",), "name": "Third try", "optimizer": "AdamW", "started": datetime(2026, 3, 4, 5).timestamp()},
}


def find(key: str) -> Get | None:
    known = {name for run in RUNS.values() for name in run}
    return (lambda number: RUNS[number].get(key)) if key in known else None


FIELDS = Fields(find, lambda number: str(RUNS[number]["name"]))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", [1, 2, 3]),
        ("try", [1, 3]),
        ("TRY first", [1]),
        ('"first try"', [1]),
        ("val_loss < 0.3", [1]),
        ("val_loss<0.3", [1]),
        ("val_loss >= .5", [2]),
        ("val_loss<=5e-1", [1, 2]),
        ("val_loss = 0.5", [2]),
        ("val_loss != 0.5", [1, 3]),
        ("tag:wide", [1, 3]),
        ("tag:wid", []),
        ("-tag:wide", [2]),
        ("not tag:wide", [2]),
        ("! tag:wide", [2]),
        ("tag:baseline or second", [1, 2]),
        ("tag:wide and -first", [3]),
        ("(tag:baseline or second) val_loss > 0.3", [2]),
        ("tag:baseline or second val_loss > 0.9", [1]),
        ("optimizer:adam", [1, 3]),
        ("optimizer = adam", [1]),
        ("has:val_loss", [1, 2]),
        ("-has:tag", [2]),
        ("size > 1MB", [1]),
        ("size <= 5kB", [2]),
        ("time = 10min", [2]),
        ("started > 2026-03-01", [3]),
        ("started = 2026-03-04", [3]),
        ("started:2026-03", [3]),
        ("started < 2026-03-04", []),
        ("val_loss > -1", [1, 2]),
    ],
)
def test_lines(line: str, expected: list[int]) -> None:
    wanted = parse(line, FIELDS)
    assert [number for number in RUNS if wanted(number)] == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nothing < 3", "There is no column “nothing”."),
        ("val_loss < much", "is no number"),
        ("val_loss <", "a value is missing"),
        ("< 3", "the name of a column is missing"),
        ("(try", "is not closed"),
        ("try)", "never opened"),
        ("()", "A condition is missing."),
        ("try or", "A condition is missing."),
        ("not", "A condition is missing."),
        ('"try', "A quotation mark is missing."),
        ("(" * 50, "too long"),
        ("x" * 3000, "too long"),
    ],
)
def test_what_is_not_understood_is_said(line: str, said: str) -> None:
    with pytest.raises(FilterError) as error:
        parse(line, FIELDS)
    assert said in str(error.value.text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("5min", 300), ("2h", 7200), ("1.5GB", 1.5e9), ("1KiB", 1024), ("20%", 0.2), ("-3", -3), ("3 x", None),
     ("1parsec", None), ("2026-99-99", None)],
)  # fmt: skip
def test_units(text: str, number: float | None) -> None:
    assert number_of(text) == (pytest.approx(number) if number is not None else None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("loss = 5", [3]),
        ("loss != 5", [1, 2]),
        ("loss = 2026-12-31", []),
        ("loss > 5", [1]),
        ('")"', [1]),
        ('"(try"', []),
    ],
)
def test_metrics_that_have_gone_astray_and_brackets_in_quotation_marks(line: str, expected: list[int]) -> None:
    """Infinity is not near to 5, and neither it nor NaN is a day; a quoted bracket is a word."""
    losses = {1: float("inf"), 2: float("nan"), 3: 5.0}
    names = {1: "try :)", 2: "second", 3: "third"}
    fields = Fields(lambda key: losses.get if key == "loss" else None, lambda number: names[number])
    chosen = parse(line, fields)
    assert [number for number in losses if chosen(number)] == expected
