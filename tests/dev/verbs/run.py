"""Open the application on a project (the sample without one)."""

from __future__ import annotations

import argparse
import os
import subprocess
from pathlib import Path

from dev import ROOT, say
from tests.dev.steps import has_display, lamella, step

OUT = ROOT / "out"
SAMPLE = OUT / "digits.lamella"


def make_sample() -> Path:
    if not SAMPLE.exists():
        OUT.mkdir(exist_ok=True)
        step("The sample project", lamella("new", "--template", "digits", "-o", str(SAMPLE)))
    return SAMPLE


def run_headless(project: Path) -> None:
    say("There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.")
    say(f"Doing the main job without one instead; the results go to {OUT.relative_to(ROOT)}{os.sep}")
    OUT.mkdir(exist_ok=True)
    model, metrics = OUT / f"{project.stem}.keras", OUT / "metrics.jsonl"
    runs = OUT / f"{project.stem}.runs"
    train = ["train", str(project), "--runs", str(runs), "--export", str(model), "--force", "--json"]
    step("Training", lamella(*train), metrics)
    pictures = [OUT / f"{workspace}.png" for workspace in ("build", "train", "runs")]
    for picture in pictures:
        screenshot = ["screenshot", str(project), "--workspace", picture.stem, "-o", str(picture), "--force"]
        step(f"A picture of the {picture.stem.title()} workspace", lamella(*screenshot))
    for path in (model, metrics, *pictures):
        say(f"   {path.relative_to(ROOT)}  {path.stat().st_size / 1024:,.0f} kB")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py run", description=__doc__)
    parser.add_argument("project", nargs="?", type=Path)
    given: Path | None = parser.parse_args(arguments).project
    project = given.resolve() if given else make_sample()
    if not has_display():
        run_headless(project)
        return 0
    say(f"Opening {project}")
    return subprocess.call(lamella(str(project)), cwd=ROOT)
