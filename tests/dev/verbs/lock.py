"""Resolve the two locks again (further arguments go to uv, as --upgrade)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from dev import GPU_LOCK, LOCK, PROJECT_FILE, program
from tests.dev.steps import step

NOWHERE: Final = Path(os.devnull)  # uv prints what it writes


def main(arguments: list[str]) -> int:
    """uv keeps what the files pin already, unless --upgrade is among the arguments."""
    compile_ = [str(program("uv")), "pip", "compile", str(PROJECT_FILE), "--universal", "--generate-hashes"]
    compile_ += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    compile_ += ["--extra", "dev", *arguments]
    step(f"{LOCK.name}, for every platform and Python", [*compile_, "-o", str(LOCK)], NOWHERE)
    with_gpu = [*compile_, "--extra", "gpu", "--constraints", str(LOCK), "-o", str(GPU_LOCK)]
    step(f"{GPU_LOCK.name}, with the same versions", with_gpu, NOWHERE)
    return 0
