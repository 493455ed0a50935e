"""Every model of keras.applications: config -> document -> config, the identical JSON, and how long opening takes.

Then a table of models like those of keras.io's examples and KerasHub's backbones, and of some that are out of the
ordinary: opened from .keras, JSON and .h5, written as .keras, JSON, .h5 and Python, and held against what Keras wrote.

`python -m tests.benchmarks.roundtrip [NAME...]`, where "examples" stands for the table alone. Keras runs in one process
beside this one, which never imports it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.files import file_format
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from tests.benchmarks._report import against_floor, machine

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "unit" / "graph_editor" / "import_files" / "applications.py"
EXAMPLES = SCRIPT.with_name("examples_side.py")
FLOOR_MS = 5000.0
PARTS = ("check", "config", "weights", "outputs", "python")

Json = Any


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


def rows(folder: Path) -> Iterator[Json]:
    """What came of each model, as soon as it is known."""
    command = [sys.executable, str(EXAMPLES), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as side:
        assert side.stdout is not None
        for line in side.stdout:
            yield json.loads(line)
    if side.returncode:
        print(f"the table ended early: status {side.returncode}")


def print_table(folder: Path) -> None:
    """A number in a cell counts what differs; the lines below a row say what that is, and what Keras cannot."""
    print(f"{'model':26s} {'boxes':>5s} {'parameters':>10s} {''.join(f'{part:9s}' for part in PARTS)} seconds")
    same = count = 0
    seconds = 0.0
    for row in rows(folder):
        cells = "".join(f"{len(row[part]) or 'same':<9}" for part in PARTS)
        print(f"{row['name']:26s} {row['boxes']:5d} {row['parameters']:10,d} {cells} {row['seconds']:7.1f}")
        for note in (*(f"{part}: {told}" for part in PARTS for told in row[part]), *row["notes"]):
            print(f"    {note}")
        same, count, seconds = same + (not any(row[part] for part in PARTS)), count + 1, seconds + row["seconds"]
    print(f"{same} of {count} the same in everything, in {seconds:.0f} seconds")


def main() -> None:
    print(machine())
    catalog = Catalog.load()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not sys.argv[1:] or sys.argv[1:] == ["examples"]:
            (folder / "examples").mkdir()
            print_table(folder / "examples")
        if sys.argv[1:] == ["examples"]:
            return
        make(folder, sys.argv[1:])
        files = sorted(folder.glob("*.json"))
        measure(files[0], catalog)  # imports and caches
        results = {path.stem: measure(path, catalog) for path in files}
    for name, (spent, boxes, wrong) in results.items():
        print(f"{name:20s} {boxes:5d} boxes {spent:7.0f} ms  {wrong or 'identical'}")
    print(f"{sum(not wrong for _, _, wrong in results.values())} of {len(results)} identical")
    print(against_floor(max(spent for spent, _, _ in results.values()), FLOOR_MS, "ms"))


if __name__ == "__main__":
    main()
