"""Renew the pictures in docs/pictures: all, or architecture, build, train, data, results, or one of these two."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

from dev import ROOT, say
from tests.dev.architecture import PICTURES, pictures
from tests.dev.steps import lamella, python, step

WINDOWS: Final = ("build", "train")  # workspaces, shown on the sample project after a training
DATA: Final = (
    "data-drop",
    "data-classes",
    "data-table",
    "data-inside",
    "data-augmented",
    "data-health",
    "data-split",
    "data-start",
)  # of tests/dev/data_pictures.py
RESULTS: Final = (
    "results-evaluate",
    "results-inside",
    "results-try",
    "results-runs",
)  # of tests/dev/results_pictures.py
THEMES: Final = ("dark", "light")
SIZE: Final = "1280x900"


def files() -> list[Path]:
    """What docs/pictures should hold."""
    shown = (PICTURES / f"{name}-{theme}.webp" for name in (*WINDOWS, *DATA, *RESULTS) for theme in THEMES)
    return sorted([*pictures(), *shown])


def draw_architecture() -> None:
    for path, svg in pictures().items():
        path.write_text(svg, "utf-8", newline="\n")


def compress(picture: Path, out: Path) -> None:
    """The same pixels as WebP, which takes a third of the room; fewer colours would take them from the small marks."""
    with Image.open(picture) as image:
        image.convert("RGB").save(out, "WEBP", lossless=True, quality=100, method=6)


def photograph(workspaces: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "digits.lamella"
        step("The sample project", lamella("new", "--template", "digits", "-o", str(project)))
        if "train" in workspaces:
            step("Training", lamella("train", str(project)), Path(place) / "said.txt")
        for workspace in workspaces:
            for theme in THEMES:
                shot = Path(place) / f"{workspace}-{theme}.png"
                options = ["--workspace", workspace, "--theme", theme, "--size", SIZE, "-o", str(shot)]
                step(f"The {workspace} workspace, {theme}", lamella("screenshot", str(project), *options))
                compress(shot, PICTURES / f"{shot.stem}.webp")


def photograph_data(scenes: list[str]) -> None:
    for name in scenes:
        with tempfile.TemporaryDirectory() as place:
            step(f"Of Data: {name}", python("-m", "tests.dev.data_pictures", name, place))
            for theme in THEMES:
                compress(Path(place) / f"{name}-{theme}.png", PICTURES / f"{name}-{theme}.webp")


def photograph_results(scenes: list[str]) -> None:
    """Of one project with two runs, the second of which takes smaller batches."""
    if not scenes:
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        project = folder / "digits.lamella"
        step("The sample project", lamella("new", "--template", "digits", "-o", str(project)))
        for number, options in enumerate(((), ("--batch-size", "16")), 1):
            step(f"Training, run {number}", lamella("train", str(project), *options), folder / "said.txt")
        for name in scenes:
            command = python("-m", "tests.dev.results_pictures", name, str(project), place)
            step(f"Of results: {name}", command)
            for theme in THEMES:
                compress(folder / f"{name}-{theme}.png", PICTURES / f"{name}-{theme}.webp")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py pictures", description=__doc__)
    every = ("architecture", *WINDOWS, *DATA, *RESULTS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*every, "data", "results")))
    names: list[str] = parser.parse_args(arguments).names or list(every)
    names += DATA if "data" in names else ()
    names += RESULTS if "results" in names else ()
    if unknown := set(names) - {*every, "data", "results"}:
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    PICTURES.mkdir(exist_ok=True)
    if "architecture" in names:
        draw_architecture()
    if workspaces := [str(name) for name in WINDOWS if name in names]:
        photograph(workspaces)
    photograph_data([name for name in DATA if name in names])
    photograph_results([name for name in RESULTS if name in names])
    for path in files():
        if path.exists():
            say(f"   {path.relative_to(ROOT)}  {path.stat().st_size / 1024:,.0f} kB")
    return 0
