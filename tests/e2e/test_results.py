"""From a trained model to a report that names its mistakes, in a real window with a real evaluator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.display import missing_programs, virtual_display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the virtual display is for X11")


def test_evaluate_look_inside_try_compare_and_report(tmp_path: Path) -> None:
    assert not missing_programs(), f"install {missing_programs()}; dev.py test does so where it may"
    home = tmp_path / "home"
    with virtual_display() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LAMELLA_HOME": str(home)}
        command = [sys.executable, "-m", "tests.e2e.results_job", str(tmp_path)]
        played = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-6000:]
    for name in ("evaluated", "inside", "tried", "compared"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    report = (tmp_path / "report.html").read_text("utf-8")
    assert report.count("Evaluated on the validation part") == 2, "of the best and of the last epoch"
    assert "image/svg+xml" in report and "Confusion matrix" in report
    assert 'src="http' not in report and "<script" not in report, "it needs nothing else"
