"""What came from somewhere else, fit to be shown."""

from __future__ import annotations

import pytest

from resources.plain import NAME_LENGTH, TEXT_LENGTH, shown_name, shown_text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("dense", "dense"),
        ("합성곱 층 ①", "합성곱 층 ①"),
        ("👩‍🚀 naïve", "👩‍🚀 naïve"),
        ("a\nb\r\nc\td", "a\\nb\\r\\nc\\td"),
        ("bell\x07 and \x1b[31mred", "bell\\x07 and \\x1b[31mred"),
        ("\u202eexe.gpj", "\\u202eexe.gpj"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("half \ud800", "half \\ud800"),
        ("<b>&amp;", "<b>&amp;"),
        ("", ""),
    ],
)
def test_a_name_stands_in_one_line_with_nothing_unseen(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    shown_name(name).encode()


def test_a_text_keeps_its_lines() -> None:
    assert shown_text("one\ttwo\r\nthree\nfour\x00") == "one\ttwo\nthree\nfour\\x00"


def test_what_is_long_ends_in_dots() -> None:
    assert shown_name("x" * 100_000) == "x" * (NAME_LENGTH - 1) + "…"
    assert shown_text("x" * 100_000) == "x" * (TEXT_LENGTH - 1) + "…"
    assert len(shown_name("\u202e" * 100_000)) == NAME_LENGTH
    assert shown_name("x" * NAME_LENGTH) == "x" * NAME_LENGTH
