"""Each kind of data trains on JAX and on PyTorch as on TensorFlow, where these are installed."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AUGMENTED = [{"layer": "RandomFlip", "config": {}}, {"layer": "RandomRotation", "config": {"factor": 0.1}}]


@pytest.mark.parametrize("template", ["digits", "leaves", "houses", "sentences"])
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_data_of_each_kind_trains(tmp_path: Path, backend: str, template: str) -> None:
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    trains_on(backend, template, tmp_path)


def trains_on(backend: str, template: str, folder: Path) -> None:
    environment = {**os.environ, "KERAS_BACKEND": backend, "LAMELLA_HOME": str(folder), "PYTHONPATH": str(ROOT)}

    def lamella(*arguments: str) -> str:
        command = [sys.executable, "-m", "app", *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    lamella("new", "--template", template, "-o", "a.lamella")
    if template == "leaves":
        project = json.loads((folder / "a.lamella").read_text("utf-8"))
        project["data"]["augmentation"] = AUGMENTED
        (folder / "a.lamella").write_text(json.dumps(project), "utf-8")
    assert json.loads(lamella("check", "a.lamella", "--json"))["problems"] == []
    lamella("train", "a.lamella", "--epochs", "1")
