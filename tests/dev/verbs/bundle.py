"""Build a folder that needs no Python, and start what was built (--into FOLDER, --only-build)."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from dev import ROOT, SetupError, say
from tests.dev.bundle.building import Built, build
from tests.dev.bundle.proof import prove


def report(built: Built) -> None:
    megabyte = 1_000_000
    say("== Left out of what the libraries inside are installed with, in MB")
    for why, count in sorted(built.left_out.items(), key=lambda pair: -pair[1]):
        if count:
            say(f"   {count / megabyte:7.1f}  {why}")
    say(f"== {built.folder}: {built.size() / megabyte:,.0f} MB")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bundle", description=__doc__)
    parser.add_argument(
        "--into", type=Path, default=ROOT / "out" / "bundle", metavar="FOLDER", help="where to build it"
    )
    parser.add_argument("--only-build", action="store_true", help="do not start what was built")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    built = build(options.into.resolve())
    say(f"   built in {time.monotonic() - began:.0f} s")
    if not options.only_build:
        say("== What was built, started without a Python on the path")
        home = Path(tempfile.mkdtemp(prefix="lamella-bundle-"))
        try:
            prove([str(built.program)], home / "proof")
        except SetupError:
            say(f"   What it worked with stays in {home}")
            raise
        shutil.rmtree(home)
    report(built)
    return 0
