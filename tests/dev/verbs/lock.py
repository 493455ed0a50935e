"""Resolve the two locks again (further arguments go to uv, as --upgrade)."""

from __future__ import annotations

from dev import GPU_LOCK, LOCK, PROJECT_FILE, ROOT, program
from tests.dev.steps import step


def main(arguments: list[str]) -> int:
    """uv keeps what the files pin already, unless --upgrade is among the arguments."""
    compile_ = [str(program("uv")), "pip", "compile", str(PROJECT_FILE), "--universal", "--generate-hashes"]
    compile_ += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    compile_ += ["--extra", "dev", *arguments]
    step(f"{LOCK.name}, for every platform and Python", [*compile_, "-o", str(LOCK)], ROOT / "out" / "lock.txt")
    with_gpu = [*compile_, "--extra", "gpu", "--constraints", str(LOCK), "-o", str(GPU_LOCK)]
    step(f"{GPU_LOCK.name}, with the same versions", with_gpu, ROOT / "out" / "lock.txt")
    return 0
