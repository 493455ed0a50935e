"""Finding lines: what comes first, Korean, and how long it takes among ten thousand."""

from __future__ import annotations

import pytest

from app.system.matching import Index

TITLES = [
    "Save",
    "Save as",
    "Duplicate",
    "Conv2D",
    "Conv2DTranspose",
    "MaxPooling2D",
    "저장",
    "다른 이름으로 저장",
    "as_saved",
]


def found(query: str, titles: list[str] = TITLES) -> list[str]:
    index = Index([(title, "") for title in titles])
    return [titles[number] for number in index.search(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("save", ["Save", "Save as", "as_saved"]),
        ("sa", ["Save", "Save as", "as_saved"]),
        ("c2d", ["Conv2D", "Conv2DTranspose"]),
        ("mp2", ["MaxPooling2D"]),
        ("dplct", ["Duplicate"]),
        ("저ㅈ", ["저장", "다른 이름으로 저장"]),
        ("ㅈㅈ", ["저장", "다른 이름으로 저장"]),
        ("다이저", ["다른 이름으로 저장"]),
        ("as save", ["Save as", "as_saved"]),
    ],
)
def test_what_is_found_and_in_which_order(query: str, first: list[str]) -> None:
    assert found(query)[: len(first)] == first


def test_nothing_is_found_for_nothing_and_for_nonsense() -> None:
    assert found("") == []
    assert found("zzzz") == []


def test_other_names_are_found_after_titles() -> None:
    index = Index([("speichern", "save"), ("save it", "")])
    assert index.search("save") == [1, 0]


def test_going_on_typing_finds_what_starting_anew_finds() -> None:
    titles = [f"{kind}_{number}" for number in range(300) for kind in ("conv", "dense", "norm")]
    lines = [(title, "Dense") for title in titles]
    typed = Index(lines)
    for length in range(1, 8):
        query = "dense_1"[:length]
        assert typed.search(query) == Index(lines).search(query)
    assert typed.search("dense_") == Index(lines).search("dense_")  # a letter taken away
