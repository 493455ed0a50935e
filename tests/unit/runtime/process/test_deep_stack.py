"""Recursions that end the process elsewhere."""

import pytest

from tests.support.fresh_python import run_python

THROUGH_C = """
from runtime.worker.process.deep_stack import CALLS, run_deep
import sys

class Deep:
    def __init__(self, left): self.left = left
    def __repr__(self): return repr(Deep(self.left - 1)) if self.left else "the ground"

def work():
    text = repr(Deep({depth}))
    print(text)
    return 7

try:
    print(run_deep(work))
except RecursionError:
    print("RecursionError", CALLS)
"""


@pytest.mark.parametrize(
    ("depth", "printed"),
    [(3_000, ["the", "ground", "7"]), (10**9, ["RecursionError", "12000"])],
    ids=["deep", "without end"],
)
def test_a_deep_recursion_through_c_is_run_or_told(depth: int, printed: list[str]) -> None:
    assert run_python("-c", THROUGH_C.format(depth=depth)).split() == printed
