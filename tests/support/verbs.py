"""Verbs of the command line as a shell sees them."""

from __future__ import annotations

from collections.abc import Sequence

from app.cli.parsing import run_command


def status(words: Sequence[str]) -> int:
    """The exit status, also of what argparse refuses."""
    try:
        return run_command(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
