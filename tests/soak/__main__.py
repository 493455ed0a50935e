"""`python -m tests.soak [--minutes N] [--seed S]`: uses the window at random, and fails when anything goes wrong.

The window runs in a process of its own, so that its death is seen; this one watches that it goes on, and judges.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.e2e.display import missing_programs, virtual_display
from tests.soak.levels import LAP_ACTIONS, LIMITS, SEASON_LAPS, Level, complaints

_ROOT = Path(__file__).parents[2]
_HANG_SECONDS = 120.0  # without an action; a busy machine takes a few for the slowest
_LAST_ACTIONS = 25
_PLACES = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_CACHE_HOME": "home/.cache",
    "LAMELLA_HOME": "lamella",
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py soak", description="Uses the window at random and watches it.")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, help="the same seed does the same things, as far as time lets it")
    parser.add_argument("--keras", action="store_true", help="with the real engine and real trainers")
    parser.add_argument("--keep", type=Path, help="an empty folder for journal, report and state")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lamella-soak-")))
        folder.mkdir(parents=True, exist_ok=True)
        environment = stack.enter_context(_environment(folder))
        print(f"soak: seed {seed}, {options.minutes:g} min, {environment['QT_QPA_PLATFORM']}", flush=True)
        least = SEASON_LAPS * LAP_ACTIONS
        command = [sys.executable, "-X", "faulthandler", "-m", "tests.soak.usage", str(folder), str(seed)]
        command += [str(options.minutes * 60), str(least), "keras" if options.keras else "quick"]
        status = _watch(command, folder, environment)
        return _judge(folder, status, seed)


@contextmanager
def _environment(folder: Path) -> Iterator[dict[str, str]]:
    """A home of its own, and a screen: a virtual one where there is one, else none."""
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "QT_ACCESSIBILITY": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    for name, place in _PLACES.items():
        (folder / place).mkdir(parents=True, exist_ok=True)
        environment[name] = str(folder / place)
    environment.pop("WAYLAND_DISPLAY", None)
    if missing_programs():
        environment["QT_QPA_PLATFORM"] = "offscreen"
        yield environment
        return
    with virtual_display() as display:
        environment.update(DISPLAY=display, QT_QPA_PLATFORM="xcb")
        yield environment


def _watch(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Until the window's process ends. Why it failed, or nothing."""
    told = (folder / "journal.txt", folder / "report.jsonl")
    with (
        (folder / "stderr.txt").open("wb") as errors,
        subprocess.Popen(command, env=environment, cwd=_ROOT, stdout=errors, stderr=errors) as process,
    ):
        seen, since = -1, time.monotonic()
        try:
            while process.poll() is None:
                time.sleep(0.5)
                size = sum(file.stat().st_size for file in told if file.exists())
                if size != seen:
                    seen, since = size, time.monotonic()
                elif time.monotonic() - since > _HANG_SECONDS:
                    process.send_signal(signal.SIGABRT)  # faulthandler tells where it stands
                    process.wait(30)
                    return f"The window hung: nothing happened in {_HANG_SECONDS:.0f} s"
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode < 0:
        return f"The window died: {signal.Signals(-process.returncode).name}"
    return f"The window ended with status {process.returncode}" if process.returncode not in (0, 1) else ""


def _judge(folder: Path, failure: str, seed: int) -> int:
    report = folder / "report.jsonl"
    lines = report.read_text("utf-8").splitlines() if report.exists() else []
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    levels: list[Level] = [entry["level"] for entry in entries if "level" in entry]
    failures = [failure] if failure else []
    failures += [f"After action {entry['action']}: {entry['fault']}" for entry in entries if "fault" in entry]
    if not failure and not any("done" in entry for entry in entries):
        failures.append("The window ended before its time")
    printed = (folder / "stderr.txt").read_text("utf-8", errors="replace").strip()
    if printed:
        failures.append(f"Printed:\n{printed[-6000:]}")
    failures += complaints(levels)
    _tell_levels(levels)
    done = next((entry for entry in entries if "done" in entry), None)
    if done:
        print(f"{done['done']} actions in {done['seconds']:.0f} s", flush=True)
    if not failures:
        return 0
    _tell_classes([Counter(entry["census"]) for entry in entries if "census" in entry])
    print("The last actions:\n  " + "\n  ".join(_last_actions(folder)))
    print("\n".join(failures))
    print(f"FAILED. The same again: python3 dev.py soak --seed {seed}", flush=True)
    return 1


def _tell_classes(laps: list[Counter[str]]) -> None:
    """What there is more of at the end than after the first lap ("py": known to Python)."""
    if len(laps) > 1:
        more = (laps[-1] - laps[0]).most_common(16)
        print("More than at first: " + ", ".join(f"{name} {number}" for name, number in more))


def _last_actions(folder: Path) -> list[str]:
    journal = folder / "journal.txt"
    return journal.read_text("utf-8", errors="replace").splitlines()[-_LAST_ACTIONS:] if journal.exists() else []


def _tell_levels(levels: list[Level]) -> None:
    for name in LIMITS:
        values = [level[name] for level in levels]
        if values:
            shown = values if len(values) <= 12 else values[:: len(values) // 12 + 1] + values[-1:]
            print(f"  {name:<12}" + " ".join(f"{value:.0f}" for value in shown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
