"""Use the window at random, and watch it (--minutes N, --seed S, --keras)."""

from __future__ import annotations

from collections.abc import Sequence

from tests.dev.steps import python, step


def soak(arguments: Sequence[str]) -> None:
    step("soak", python("-m", "tests.soak", *arguments))


def main(arguments: list[str]) -> int:
    soak(arguments)
    return 0
