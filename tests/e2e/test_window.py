"""What only a real X server shows: stray windows, the first size, the keyboard, random edits with real focus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.display import missing_programs, virtual_display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the virtual display is for X11")


@pytest.mark.parametrize("screen", ["1440x900x24", "1024x700x24"])
def test_one_window_that_fits_its_screen_and_one_tab_that_looks_chosen(tmp_path: Path, screen: str) -> None:
    assert not missing_programs(), f"install {missing_programs()}; dev.py test does so where it may"
    with virtual_display(screen) as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LAMELLA_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "tests.e2e.window_job", str(tmp_path)]
        played = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-6000:]
    told = json.loads(played.stdout.splitlines()[-1])
    left, top, width, height = told["first"]
    assert left >= 0 and top >= 0 and left + width <= told["screen"][2] and top + height <= told["screen"][3]
    assert told["tabs"] == ["train"]
    assert told["cards"] > 1
    assert told["strays"] == [] and told["stale"] == []
