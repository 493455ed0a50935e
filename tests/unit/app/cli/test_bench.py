"""`lamella bench canvas`: that it measures, not how fast it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from app.cli.canvas_bench.sample_graph import sample_displays, sample_document, sample_problems
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems

ROOT = Path(__file__).parents[4]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "bench", "canvas", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "LAMELLA_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


def test_it_prints_one_json_value_with_all_that_was_measured() -> None:
    done = bench("--boxes", "40", "--frames", "2", "--zoom", "1.5", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["boxes"] == 40 and report["wires"] > 39 and report["unit"] == "ms"
    seen = {(frame["fitted"], frame["action"]) for frame in report["frames"]}
    actions = ("still", "hover", "pan", "zoom", "drag 1", "drag 100")
    assert seen == {(fitted, action) for fitted in (True, False) for action in actions}
    for frame in report["frames"]:
        assert 0 < frame["median"] <= frame["p95"] <= frame["max"] and frame["frames"] == 2
    for once in ("open", "paste", "undo_paste"):
        assert report[once]["milliseconds"] > 0
    assert report["pasted"] == 40 and report["memory_mb"] > 10


def test_it_prints_a_table_for_people() -> None:
    done = bench("--boxes", "7", "--frames", "1", "--zoom", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].split()[:3] == ["zoom", "action", "median"]


def test_a_number_of_boxes_that_is_none_is_wrong_usage() -> None:
    assert bench("--boxes", "0").returncode == 2


def test_the_graph_that_it_draws_is_a_sound_model() -> None:
    document = sample_document(200)
    assert len(document.graph.calls) == len(document.positions) == len(set(document.positions.values())) == 200
    assert problems(document, Catalog.load()) == []
    marked = sample_problems(document)
    assert {problem.severity for problem in marked} == {"error", "warning"}
    assert sample_displays(document).keys() == document.graph.calls.keys() >= {problem.call for problem in marked}
