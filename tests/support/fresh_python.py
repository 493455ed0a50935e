"""Programs in a Python of their own: those that import Keras, as the tests do not, and those that are looked at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support.trees import ROOT

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


def answer_of(*arguments: str | Path, given: str | None = None) -> dict[str, Any]:
    """Return the JSON object in the last line that a Python with these arguments prints."""
    answer: dict[str, Any] = json.loads(run_python(*arguments, given=given).splitlines()[-1])
    return answer
