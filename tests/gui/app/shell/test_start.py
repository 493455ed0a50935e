"""The real program: it paints its window before anything heavy is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from app.project.templates import TEMPLATES

ROOT = Path(__file__).parents[4]
NOT_YET = {"numpy", "fast_sugiyama", "h5py", "psutil", "pyqtgraph", "multiprocessing", "subprocess"}


def test_the_first_frame_comes_without_keras(tmp_path: Path) -> None:
    environment = os.environ | {
        "LAMELLA_STARTUP_PROBE": "1",
        "LAMELLA_STARTUP_T0": str(time.time()),
        "LAMELLA_HOME": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "app", str(TEMPLATES[0].path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"first paint \d+ ms, heavy modules: none\n", done.stdout), done.stdout + done.stderr
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "PySide6" in loaded, "the modules are not listed"
    assert not loaded & NOT_YET, "needed only after the first paint"
