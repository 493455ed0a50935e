"""Programs in a Python of their own: those that import Keras, as the tests do not, and those that are looked at.

Those with Keras begin with it imported where that can be (`tests/support/warm`): else it takes 3 seconds each time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.trees import ROOT
from tests.support.warm.starting import run_warm

SECONDS = 1800  # an import of Keras alone takes several, and all processors may be taken


def run_python(*arguments: str | Path, given: str | None = None) -> str:
    """Return what a Python with these arguments prints. `given` is its standard input. Fails the test if it fails."""
    ended = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ended.stdout


def run_keras(*arguments: str | Path, given: str = "") -> str:
    """Like run_python, in a process that may have imported Keras before."""
    if not sys.platform.startswith("linux"):
        return run_python(*arguments, given=given)
    status, said, errors = run_warm([str(argument) for argument in arguments], given, SECONDS)
    assert status == 0, errors[-4000:]
    return said


def answer_of(*arguments: str | Path, given: str = "") -> dict[str, Any]:
    """Return the JSON object in the last line that a Python with these arguments prints; it has Keras."""
    answer: dict[str, Any] = json.loads(run_keras(*arguments, given=given).splitlines()[-1])
    return answer
