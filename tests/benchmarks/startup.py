"""From the start of the process to the first painted window, and what the desktop has loaded by then.

The application reports by itself: with LAMELLA_STARTUP_PROBE=1 it prints one line after the first paint, with the heavy
modules it has loaded, and quits. The clock here starts before the process does: Python's own start counts too. Its
modules are compiled once, as an installed application's are, even where Python is told to keep nothing of that. The
processor time of the whole process is said as well: it changes little while other programs are at work.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks._report import against_floor, machine, median, milliseconds

ROOT = Path(__file__).parents[2]
ROUNDS = 7
PROBE_LINE = "first paint "  # as app/shell/gui.py prints it: milliseconds, and which heavy modules are loaded
FLOOR_MS = 1000.0


def painted_after(environment: dict[str, str]) -> tuple[float, str]:
    """Seconds until the line of the probe, and the line."""
    began = time.perf_counter()
    environment = {**environment, "LAMELLA_STARTUP_T0": str(time.time())}
    with subprocess.Popen(
        [sys.executable, "-m", "app"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(PROBE_LINE):
                seconds = time.perf_counter() - began
                process.wait(timeout=30)
                return seconds, line.strip()
    raise SystemExit(f"The application ended with {process.returncode} before it had painted a window.")


@contextlib.contextmanager
def virtual_display() -> Iterator[str | None]:
    """The name of an X display without a screen; None where there is no Xvfb."""
    if not shutil.which("Xvfb"):
        yield None
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as process:
        os.close(writer)
        try:
            with os.fdopen(reader) as stream:
                number = stream.readline().strip()
            yield f":{number}" if number else None
        finally:
            process.terminate()


def processor_seconds() -> float:
    """Of all processes that this one has waited for."""
    used = os.times()
    return used.children_user + used.children_system


def measure(title: str, environment: dict[str, str]) -> None:
    painted_after(environment)  # warms the caches of files and fonts, and compiles
    before = processor_seconds()
    results = [painted_after(environment) for _ in range(ROUNDS)]
    used = (processor_seconds() - before) / ROUNDS
    seconds = [result[0] for result in results]
    print(f"{title}: {milliseconds(seconds)}; processor, with the end of the process: {1e3 * used:.0f} ms")
    print(f"  {against_floor(median(seconds) * 1e3, FLOOR_MS, 'ms')}")
    print(f"  {results[-1][1]}")


def main() -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "LAMELLA_STARTUP_PROBE": "1", "LAMELLA_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = f"{home}/compiled"
        offscreen = {**environment, "QT_QPA_PLATFORM": "offscreen"}
        measure("offscreen", offscreen)
        with virtual_display() as display:
            if display:
                environment.pop("WAYLAND_DISPLAY", None)
                measure(f"Xvfb {display}", {**environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"})
            else:
                print("Xvfb: not installed, not measured")


if __name__ == "__main__":
    main()
