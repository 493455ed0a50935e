"""Verbs of the command line as a shell sees them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.parsing import run_command
from tests.support.warm.starting import warm_keras

SECONDS = 900  # all processors may be taken


def status(words: Sequence[str]) -> int:
    """The exit status, also of what argparse refuses."""
    try:
        return run_command(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1


def lamella(*words: str | Path, language: str = "C", cold: bool = False) -> subprocess.CompletedProcess[str]:
    """A process of its own. Its workers begin with Keras imported; `cold`: as in use, which takes seconds."""
    if not cold and sys.platform.startswith("linux"):
        warm_keras().address()  # its address travels in the environment
    environment = {**os.environ, "LANG": language, "LANGUAGE": "", "LC_ALL": language}
    module = "app" if cold else "tests.support.warm.lamella"
    command = [sys.executable, "-m", module, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=SECONDS, check=False)
