"""Large tables: a CSV of 1 GB opened for the first time and again, 20,000 columns, a Parquet described by its metadata.

The anchor of a CSV is pyarrow's own streamed reader on the same file in the same run. Each is opened in a process of
its own, whose memory is the most that it held beyond files that are mapped. `--megabytes 100` makes small files.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from tests.benchmarks._report import against_floor, machine

DESCRIBED, MEMORY, AGAIN, WIDE, PARQUET = 10.0, 1024.0, 1.0, 3.0, 1.0  # s, MB, s, s, s
ANCHOR: Final = 2.5  # times as long as the bare reader
_BLOCK: Final = 20_000  # rows
_CHILD: Final = """
import json, resource, sys, threading, time
import psutil
held, process = 0, psutil.Process()
def watch():
    global held
    while True:
        facts = process.memory_info()
        held = max(held, facts.rss - facts.shared)
        time.sleep(0.02)
kind, path, delimiter, decimal = sys.argv[1:]
import numpy, pyarrow.csv, pyarrow.parquet
from runtime.spec import DataSource
from runtime.worker.data.opening import open_source
threading.Thread(target=watch, daemon=True).start()
began, used = time.perf_counter(), time.process_time()
if kind == "anchor":
    options = pyarrow.csv.ReadOptions(block_size=2**24)
    parse = pyarrow.csv.ParseOptions(delimiter=delimiter)
    convert = pyarrow.csv.ConvertOptions(decimal_point=decimal)
    batches = pyarrow.csv.open_csv(path, read_options=options, parse_options=parse, convert_options=convert)
    rows = sum(batch.num_rows for batch in batches)
else:
    with open_source(DataSource(kind, path)) as source:
        columns = source.columns() if kind == "csv" else [source.shape(name) for name in source.names()]
        rows = source.shape(source.names()[0])[0]
print(json.dumps([time.perf_counter() - began, time.process_time() - used, held / 2**20, rows]))
"""


def opened(
    kind: str, path: Path, home: Path, delimiter: str = ",", decimal: str = "."
) -> tuple[float, float, float, int]:
    """Seconds, seconds of the processor, MB, rows."""
    environment = {**os.environ, "LAMELLA_HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", _CHILD, kind, str(path), delimiter, decimal]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    seconds, used, held, rows = json.loads(answer)
    return seconds, used, held, rows


def write_long(path: Path, size: int, delimiter: str = ",", decimal: str = ".") -> None:
    """Fourteen columns of decimals, one of them with gaps, three of whole numbers, two of words, and a label."""
    chance = np.random.default_rng(0)
    words = np.array(["red", "green", "blue", "dark blue", "서울", "부산"])
    names = [*(f"f{n}" for n in range(14)), "i0", "i1", "i2", "w0", "w1", "y"]
    columns: list[Any] = [np.char.mod("%.4f", chance.normal(size=_BLOCK) * 100) for _ in range(14)]
    columns = [np.char.replace(column, ".", decimal) for column in columns]
    columns[3] = np.where(chance.random(_BLOCK) < 0.02, "", columns[3])
    columns += [chance.integers(0, 10**digits, _BLOCK).astype(str) for digits in (2, 5, 9)]
    columns += [words[chance.integers(0, 6, _BLOCK)] for _ in range(2)]
    columns.append(chance.integers(0, 2, _BLOCK).astype(str))
    block = ("\n".join(map(delimiter.join, zip(*columns, strict=True))) + "\n").encode()
    with path.open("wb") as file:
        file.write((delimiter.join(names) + "\n").encode())
        for _ in range(max(1, size // len(block))):
            file.write(block)


def write_wide(path: Path, columns: int, rows: int) -> None:
    chance = np.random.default_rng(1)
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"p{number}" for number in range(columns)) + "\n")
        for _ in range(rows):
            file.write(",".join(np.char.mod("%.1f", chance.random(columns) * 100)) + "\n")


def write_parquet(path: Path, size: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    chance = np.random.default_rng(2)
    group = pa.table({f"x{n}": chance.random(500_000) for n in range(16)} | {"y": chance.integers(0, 9, 500_000)})
    with pyarrow.parquet.ParquetWriter(path, group.schema, compression="none", use_dictionary=False) as writer:
        for _ in range(max(1, size // group.nbytes)):
            writer.write_table(group)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--megabytes", type=int, default=1000)
    size = arguments.parse_args().megabytes * 10**6
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        for title, delimiter, decimal in (("decimal points", ",", "."), ("decimal commas", ";", ",")):
            path = folder / "long.csv"
            write_long(path, size, delimiter, decimal)
            anchor = opened("anchor", path, home, delimiter, decimal)
            first, again = opened("csv", path, home), opened("csv", path, home)
            print(f"{path.stat().st_size / 1e6:.0f} MB, {title}, {first[3]:,} rows:")
            print(
                f"  first {first[0]:.2f} s, {first[1]:.2f} s of the processor; anchor {anchor[0]:.2f}, {anchor[1]:.2f}"
            )
            print(f"  {against_floor(first[0], DESCRIBED, 's')}")
            print(f"  {against_floor(first[1] / anchor[1], ANCHOR, 'times the processor time of the anchor')}")
            print(f"  {against_floor(first[2], MEMORY, 'MB')}")
            print(f"  again: {against_floor(again[0], AGAIN, 's')}")
        write_wide(folder / "wide.csv", 20_000, 30)
        print(f"20,000 columns, 30 rows: {against_floor(opened('csv', folder / 'wide.csv', home)[0], WIDE, 's')}")
        write_wide(folder / "wide.csv", 20_000, 300)
        print(f"20,000 columns, 300 rows: {against_floor(opened('csv', folder / 'wide.csv', home)[0], WIDE, 's')}")
        write_parquet(folder / "a.parquet", 5 * size)
        found = opened("parquet", folder / "a.parquet", home)
        shown = (folder / "a.parquet").stat().st_size / 1e9
        print(f"Parquet of {shown:.1f} GB, shapes of its columns: {against_floor(found[0], PARQUET, 's')}")


if __name__ == "__main__":
    main()
