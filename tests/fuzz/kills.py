"""A process that saves, copies and begins runs is killed at random moments: `python -m tests.fuzz.kills [--kills N]`.

After each kill the project is one of the two that were written, each copy and run is whole, and the next start finds
nothing half-written any more.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app.project.unsaved_copies import abandoned, read_copy
from app.system.leftovers import sweep_beside
from resources.temporaries import is_temporary, sweep
from runtime.store import read_run

ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from app.project.project_questions import run_spec
from app.project.templates import TEMPLATES
from app.project.unsaved_copies import Copy, CopyWriter
from graph_editor.document.files.file_format import dumps, save
from runtime.store import RunStore
folder = Path(sys.argv[1])
first, second = (template.open() for template in TEMPLATES[:2])
spec, writer = run_spec(first, folder, "a run"), CopyWriter(folder / "copies")
for document in (first, second):
    save(document, folder / f"{document.name}.expected")
print("ready", flush=True)
while True:
    for document in (first, second):
        save(document, folder / "p.lamella")
        writer.write(Copy("", "p", 1.0, 1, 0.0, dumps(document).decode()))
        RunStore(folder / "p.runs").new_run(spec, dumps(document))
"""


def kill_once(folder: Path, chance: random.Random) -> tuple[list[str], int]:
    """What is wrong after a kill, and how many half-written things there were to sweep."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None and child.stdout.readline() == b"ready\n"
    time.sleep(chance.uniform(0.0, 0.2))
    child.kill()
    child.wait()
    child.stdout.close()
    wrong = []
    expected = {path.read_bytes() for path in folder.glob("*.expected")}
    project = folder / "p.lamella"
    if project.exists() and project.read_bytes() not in expected:
        wrong.append("the project is not whole")
    copies = list((folder / "copies").glob("*.json"))
    if any(read_copy(path) is None for path in copies) or len(abandoned(folder / "copies")) < bool(copies):
        wrong.append("a copy is not whole")
    runs = list((folder / "p.runs").glob("[0-9]*"))
    if any(read_run(path) is None or (path / "project.lamella").read_bytes() not in expected for path in runs):
        wrong.append("a run is not whole")
    swept = sweep_beside([project]) + sweep([folder / "copies"])
    left = [str(path) for path in folder.rglob("*") if is_temporary(path.name)]
    return wrong + [f"left after the sweep: {path}" for path in left], swept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    args = parser.parse_args()
    chance, wrong, swept = random.Random(args.seed), [], 0
    for _ in range(args.kills):
        with tempfile.TemporaryDirectory() as name:
            found, gone = kill_once(Path(name), chance)
        wrong += found
        swept += gone
    print(f"seed {args.seed}: {args.kills} kills, {swept} half-written things swept, wrong: {len(wrong)}")
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
