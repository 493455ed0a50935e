"""End to end, in a real window on a virtual display, with real X events, a real engine and real trainers."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.e2e.display import missing_programs, virtual_display

DIGITS = Path(__file__).parents[2] / "resources" / "samples" / "digits.h5"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the virtual display is for X11")

PLAIN_KERAS = """
import json, sys
import h5py, keras
model = keras.saving.load_model(sys.argv[1])
with h5py.File(sys.argv[2]) as file:
    image, digit = file["image"][1437:], file["digit"][1437:]
names = [layer.name for layer in model.layers]
loss, accuracy = model.evaluate(image, digit, verbose=0)
print("ANSWER", json.dumps({"layers": names, "accuracy": accuracy, "steps": int(model.optimizer.iterations)}))
"""


def test_from_an_empty_canvas_to_a_model_in_plain_keras(tmp_path: Path) -> None:
    assert not missing_programs(), f"install {missing_programs()}; dev.py test does so where it may"
    home = tempfile.mkdtemp(dir=tmp_path)
    with virtual_display() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "LAMELLA_HOME": home}
        command = [sys.executable, "-m", "tests.e2e.main_job", str(tmp_path)]
        played = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-6000:]
    answer = load_in_plain_keras(tmp_path / "model.keras")
    assert answer["layers"] == ["input", "rescaling", "flatten", "dense", "dense_1"]
    assert answer["steps"] == 12 * 45  # the state of the optimizer came along
    assert float(str(answer["accuracy"])) > 0.8
    for name in ("built", "data", "trained", "died", "runs"):
        assert (tmp_path / f"{name}.png").stat().st_size > 10_000


def load_in_plain_keras(model: Path) -> dict[str, object]:
    """What a process that knows nothing of Lamella finds in the file."""
    command = [sys.executable, "-c", PLAIN_KERAS, str(model), str(DIGITS)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("ANSWER ")]
    found: dict[str, object] = json.loads(line.removeprefix("ANSWER "))
    return found
