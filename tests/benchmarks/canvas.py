"""The canvas against its floors, and against NodeGraphQt in the same run; opening of large models in the real window.

`python -m tests.benchmarks.canvas [--anchor PYTHON SCRIPT] [--model FILE...] [--rounds N]`. PYTHON is that of a place
with NodeGraphQt and PySide6-Essentials 6.9.3, SCRIPT prints its frames; both may come from LAMELLA_ANCHOR, apart by a
blank. Without them no ratio is printed. `--model` names model files to open beside a chain of 5,000 layers, which
is made here. Floors are judged by the best of the rounds: what other programs take away is not ours.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks._report import against_floor, machine

ROOT = Path(__file__).parents[2]
FLOOR_MS = {1_000: 8.0, 10_000: 16.7}  # p95 of a frame, by boxes
FLOOR_RATIO, FLOOR_MB, FLOOR_UNDO_MS, FLOOR_TURN_MS = 25.0, 500.0, 100.0, 50.0
FLOOR_OPEN_S = 1.0
FLOOR_OPEN_MANY_S, MANY = 1.5, 5_000
ACTIONS = ("pan", "zoom", "drag 1", "drag 100")
Frames = dict[tuple[str, str], dict[str, float]]


def bench(boxes: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "app", "bench", "canvas", "--boxes", str(boxes), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def anchor_frame(python: str, script: str) -> float:
    """Milliseconds of a frame of NodeGraphQt with 1,000 nodes, zoomed to fit."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    done = subprocess.run([python, script, "1000"], env=environment, capture_output=True, text=True, check=False)
    print(done.stdout.rstrip())
    found = re.search(r"repaint, fit all:\s+median ([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(done.stderr[-2000:])
    return float(found[1])


def best_frames(reports: list[dict[str, Any]]) -> Frames:
    """Of each zoom and action the smallest of each number."""
    found: Frames = {}
    for report in reports:
        for frame in report["frames"]:
            zoom = f"{frame['zoom']:g} (fit)" if frame["fitted"] else f"{frame['zoom']:g}"
            before = found.get((zoom, frame["action"]), frame)
            numbers = ("median", "p95", "max", "cpu_median", "cpu_p95")
            found[zoom, frame["action"]] = {key: min(frame[key], before[key]) for key in numbers}
    return found


def judge_frames(boxes: int, frames: Frames) -> None:
    print(f"{boxes} boxes: median / p95 / max ms a frame, and the p95 of what was computed")
    for (zoom, action), frame in frames.items():
        numbers = " / ".join(f"{frame[key]:6.2f}" for key in ("median", "p95", "max"))
        missed = "" if frame["p95"] <= FLOOR_MS[boxes] else "  MISSED"
        print(f"  {zoom:>12} {action:<9} {numbers}   {frame['cpu_p95']:6.2f}{missed if action in ACTIONS else ''}")
    worst = max((frame["p95"], place) for place, frame in frames.items() if place[1] in ACTIONS)
    print(f"  worst p95 {worst[1]}: {against_floor(worst[0], FLOOR_MS[boxes], 'ms')}")


def judge(boxes: int, reports: list[dict[str, Any]], anchor: float | None) -> None:
    frames = best_frames(reports)
    judge_frames(boxes, frames)
    if anchor is not None and boxes == 1_000:
        for (zoom, action), frame in frames.items():
            if "fit" in zoom:
                ratio = anchor / frame["median"]
                verdict = "held" if ratio >= FLOOR_RATIO else "MISSED"
                print(f"  NodeGraphQt / Lamella, {action}, fitted: {ratio:.1f}, floor {FLOOR_RATIO:g}: {verdict}")
    undo = min(report["undo_paste"]["milliseconds"] for report in reports)
    print(f"  undo of a paste of {reports[0]['pasted']}: {against_floor(undo, FLOOR_UNDO_MS, 'ms')}")
    print(f"  memory: {against_floor(max(report['memory_mb'] for report in reports), FLOOR_MB, 'MB')}")


def long_chain(folder: Path) -> Path:
    """A model of many layers in blocks with shortcuts, as Keras would write it."""
    from app.cli.canvas_bench.sample_graph import sample_document
    from graph_editor.keras_format.functional import model_json

    document = sample_document(MANY)
    document.positions = {}
    path = folder / f"{MANY}-layers.json"
    path.write_text(json.dumps(model_json(document)), "utf-8")
    return path


def open_in_window(path: Path) -> dict[str, float]:
    """In a process of its own: seconds from the click to all boxes painted, and the longest turns of the window."""
    command = [sys.executable, "-m", "tests.benchmarks.canvas_opening", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def judge_opening(path: Path, floor: float, rounds: int) -> None:
    found = [open_in_window(path) for _ in range(rounds)]
    first, whole, turn, busy = (min(one[key] for one in found) for key in ("first", "whole", "turn", "busy"))
    print(f"opening {path.name}, {found[0]['boxes']:.0f} boxes, best of {rounds}")
    print(f"  to the first paint with boxes: {against_floor(first, floor, 's')}; with all of them {whole:.2f} s")
    print(f"  longest turn: {against_floor(turn * 1e3, FLOOR_TURN_MS, 'ms')}, {busy * 1e3:.1f} ms of it computed")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--anchor", nargs=2, metavar=("PYTHON", "SCRIPT"))
    parser.add_argument("--model", nargs="*", type=Path, default=[])
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    print(machine())
    where = asked.anchor or os.environ.get("LAMELLA_ANCHOR", "").split()
    anchor = anchor_frame(*where) if where else None
    for boxes in FLOOR_MS:
        judge(boxes, [bench(boxes) for _ in range(asked.rounds)], anchor)
    with tempfile.TemporaryDirectory() as folder:
        for path in asked.model:
            judge_opening(path, FLOOR_OPEN_S, asked.rounds)
        judge_opening(long_chain(Path(folder)), FLOOR_OPEN_MANY_S, asked.rounds)


if __name__ == "__main__":
    main()
