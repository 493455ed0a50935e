"""Every model of keras.applications: config -> document -> config, the identical JSON, and how long opening takes.

Then models of today's Keras that are out of the ordinary, through every kind of file and the script: what differs.

`python -m tests.benchmarks.roundtrip [NAME...]`. Keras runs in one process beside this one, which never imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.files import file_format
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from tests.benchmarks._report import against_floor, machine

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "unit" / "graph_editor" / "import_files" / "applications.py"
TODAYS = ROOT / "tests" / "unit" / "graph_editor" / "import_files" / "todays_side.py"
FLOOR_MS = 5000.0


def make(folder: Path, names: list[str]) -> None:
    command = [sys.executable, str(SCRIPT), str(folder), *names]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(path: Path, catalog: Catalog) -> tuple[float, int, str]:
    """Milliseconds to open, boxes, and what differs."""
    began = time.perf_counter()
    document = open_model(path, catalog).document
    spent = (time.perf_counter() - began) * 1e3
    original = json.loads(path.read_text("utf-8"))
    stored = file_format.loads(file_format.dumps(document))
    wrong = []
    if json.dumps(model_json(document)) != json.dumps(original):
        wrong.append("config differs" if model_json(document) != original else "the order of keys differs")
    if model_json(stored) != original:
        wrong.append("the project file differs")
    found = problems(document, catalog)
    if found:
        wrong.append(f"{len(found)} problems, first: {found[0].text.english()}")
    return spent, sum(len(graph.calls) for graph in document.graphs.values()), "; ".join(wrong)


def todays(folder: Path) -> dict[str, dict[str, str]]:
    """Model -> way -> what differs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, str(TODAYS), str(folder)], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    answer: dict[str, dict[str, str]] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def print_todays(folder: Path) -> None:
    for name, ways in todays(folder).items():
        told = [f"{way}: {found or 'same'}" for way, found in ways.items()]
        print(f"{name:26s} {'  '.join(told)}")


def main() -> None:
    print(machine())
    catalog = Catalog.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, sys.argv[1:])
        files = sorted(folder.glob("*.json"))
        measure(files[0], catalog)  # imports and caches
        results = {path.stem: measure(path, catalog) for path in files}
        if not sys.argv[1:]:
            print_todays(folder)
    for name, (spent, boxes, wrong) in results.items():
        print(f"{name:20s} {boxes:5d} boxes {spent:7.0f} ms  {wrong or 'identical'}")
    print(f"{sum(not wrong for _, _, wrong in results.values())} of {len(results)} identical")
    print(against_floor(max(spent for spent, _, _ in results.values()), FLOOR_MS, "ms"))


if __name__ == "__main__":
    main()
