"""Opens one file in a process of its own and tells what came of it: `python probe.py FILE`, a JSON object on stdout."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import problems
from graph_editor.document.files.file_format import FileError
from graph_editor.keras_format.files.opening import open_model

UNIT = 2**10 if sys.platform != "darwin" else 2**20  # of ru_maxrss, in a megabyte
STATUS = Path("/proc/self/status")


def peak_megabytes() -> float:
    """Of this program alone: where there is /proc, ru_maxrss also remembers the parent that started it."""
    if STATUS.exists():
        (line,) = [line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT


def main() -> None:
    catalog = Catalog.load()
    before, began = peak_megabytes(), time.process_time()
    answer: dict[str, object] = {"message": None}
    try:
        document = open_model(Path(sys.argv[1]), catalog).document
    except FileError as error:
        answer["message"] = error.text.english()
    else:
        answer["layers"] = {op.name: op.class_name for op in document.graph.operations.values()}
        answer["problems"] = [[problem.kind, problem.text.english()] for problem in problems(document, catalog)]
    answer["seconds"] = time.process_time() - began
    answer["growth"] = peak_megabytes() - before
    answer["modules"] = sorted({name.split(".")[0] for name in sys.modules})
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
