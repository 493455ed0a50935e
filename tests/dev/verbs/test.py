"""Linters, types, import contracts, tests (further arguments go to pytest; --fast: only what changed)."""

from __future__ import annotations

from dev import say
from tests.dev.fast import fast
from tests.dev.steps import python, step
from tests.dev.suite import all_tests, test_processes
from tests.dev.verbs.check import check
from tests.dev.verbs.soak import soak


def main(arguments: list[str]) -> int:
    wanted = [argument for argument in arguments if argument not in ("--only-pytest", "--fast")]
    if "--fast" in arguments:
        fast(wanted)
        return 0
    if "--only-pytest" not in arguments:
        check()
    if wanted:  # some tests are wanted, not all
        step("pytest", python("-m", "pytest", *wanted))
    else:
        all_tests(test_processes())
        soak(["--minutes", "1", "--seed", "1"])
    say("All passed.")
    return 0
