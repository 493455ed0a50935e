"""Tables with thousands of columns: opening, describing and checking them, and making the arrays that train.

The anchor is Python itself on the same file in the same run: `csv.reader`, and `float` of each field. What is timed is
the processor time of the thread, the best of a few rounds, so that a busy machine changes little. Twice as many columns
may take twice as long: a last line holds the time for a column of the widest table against that of the narrowest.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from runtime.messages.checking import Endpoint
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.splits import SplitSpec
from runtime.worker.data.answering.view import describe
from runtime.worker.data.checks import check
from runtime.worker.data.fitting import fit
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import Source
from tests.benchmarks._report import against_floor, machine

ROWS, COLUMNS = 30, (2_500, 5_000, 10_000, 20_000)
ROUNDS = 3
FLOOR_RATIO, FLOOR_GROWTH = 15.0, 1.5


def write(path: Path, columns: int) -> None:
    numbers = random.Random(columns)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join([*(f"p{number}" for number in range(columns)), "y\n"]))
        for row in range(ROWS):
            fields = (str(numbers.randrange(1000) / 10) for _ in range(columns))
            file.write(",".join([*fields, f"{row % 2}\n"]))


def anchor(path: Path) -> int:
    """How many numbers there are."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        return sum(len([float(field) for field in row]) for row in rows)


def lamella(path: Path) -> int:
    """All that is done with a table from its choice to the first step."""
    with open_source(DataSource("csv", str(path))) as source:
        describe(source)
        return _checked(source)


def _checked(source: Source) -> int:
    *names, label = source.names()
    entry = Endpoint("x", (None, len(names)), "float32")
    truth = Endpoint("y", (None, 1), "float32", OutputTraining("y", KerasObject("BinaryCrossentropy")))
    bindings = [Binding("x", tuple(names)), Binding("y", (label,))]
    problems = check(source, bindings, [entry], [truth], SplitSpec(validation_percent=20))
    if problems:
        raise SystemExit(f"The table has problems: {[str(problem.text) for problem in problems]}")
    return int(fit(source, names, entry).read(source, slice(0, ROWS)).size)


def seconds(work: Callable[[Path], int], path: Path) -> float:
    spent = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        work(path)
        spent.append(time.thread_time() - began)
    return min(spent)


def main() -> None:
    print(machine())
    each: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for columns in COLUMNS:
            path = Path(folder) / f"{columns}.csv"
            write(path, columns)
            plain, ours = seconds(anchor, path), seconds(lamella, path)
            each.append(ours / columns)
            print(f"{columns:6,} columns, {ROWS} rows: {ours:6.3f} s, csv and float alone {plain:6.3f} s")
            print(f"  {against_floor(ours / plain, FLOOR_RATIO, 'times the anchor')}")
    print("time for a column, widest to narrowest:")
    print(f"  {against_floor(each[-1] / each[0], FLOOR_GROWTH, 'times')}")


if __name__ == "__main__":
    main()
