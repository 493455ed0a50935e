"""Measure against the floors (all benchmarks, or those named)."""

from __future__ import annotations

import argparse

from dev import ROOT
from tests.dev.steps import python, step


def main(arguments: list[str]) -> int:
    scripts = sorted(path.stem for path in (ROOT / "tests" / "benchmarks").glob("[!_]*.py"))
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(scripts))
    names: list[str] = parser.parse_args(arguments).names
    if unknown := set(names) - set(scripts):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(scripts)}")
    for script in scripts:
        if not names or script in names:
            step(f"benchmark: {script}", python("-m", f"tests.benchmarks.{script}"))
    return 0
