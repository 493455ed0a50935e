"""Linters, types and import contracts only."""

from __future__ import annotations

import argparse

from dev import program
from tests.dev.steps import step
from tests.support.trees import PACKAGES

LINTED = ("dev.py", *PACKAGES, "tests")
CHECKS: dict[str, list[str]] = {
    "ruff check": ["ruff", "check", "--quiet", *LINTED],
    "ruff format": ["ruff", "format", "--check", "--quiet", *LINTED],
    "import contracts": ["lint-imports", "--no-logo"],
    "mypy --strict": ["mypy"],
}


def command(title: str) -> list[str]:
    name, *arguments = CHECKS[title]
    return [str(program(name)), *arguments]


def check() -> None:
    for title in CHECKS:
        step(title, command(title))


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="dev.py check", description=__doc__).parse_args(arguments)
    check()
    return 0
