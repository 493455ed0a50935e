"""The list of devices is true, and says why something is missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from runtime.clients.engine import Engine
from runtime.messages.devices import Devices, ListDevices
from tests.support.trees import ROOT
from tests.unit.runtime.asking import SECONDS

# Keras is a stand-in here: these answers depend on the machine, which the tests describe.
SCRIPT = """
import json, sys, types
from pathlib import Path
facts = json.loads(sys.argv[1])
keras = types.ModuleType("keras")
keras.backend = types.SimpleNamespace(backend=lambda: facts["backend"])
sys.modules["keras"] = keras
from runtime.worker.devices import listing as devices
gpus = types.ModuleType("runtime.worker.devices.tensorflow_gpus")
gpus.list_gpus = lambda: [devices.Gpu(name, devices.memory_of(name, i)) for i, name in enumerate(facts["gpus"])]
gpus.cuda_installed = lambda: facts["cuda"]
sys.modules["runtime.worker.devices.tensorflow_gpus"] = sys.modules["runtime.worker.devices.jax_gpus"] = gpus
devices.nvidia_driver_found = lambda: facts["driver"]
devices.sys = types.SimpleNamespace(platform=facts["platform"])
devices.os = types.SimpleNamespace(cpu_count=lambda: 4, sched_getaffinity=lambda _: {0, 1})
print(json.dumps([[d.id, str(d.title), d.available, str(d.reason), d.memory] for d in devices.list_devices()]))
"""


def devices(tmp_path: Path, smi: str = "", **facts: Any) -> dict[str, list[Any]]:
    """Title, available, reason and memory of each device on such a machine, by id."""
    known = {"backend": "tensorflow", "gpus": [], "cuda": True, "driver": True, "platform": "linux", **facts}
    environment = {**os.environ, "PATH": str(tmp_path)}
    if smi:
        program = tmp_path / "nvidia-smi"
        program.write_text(f"#!{sys.executable}\nprint({smi!r})\n")
        program.chmod(0o755)
    command = [sys.executable, "-c", SCRIPT, json.dumps(known)]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert ended.returncode == 0, ended.stderr
    return {row[0]: row[1:] for row in json.loads(ended.stdout)}


def test_the_cpu_of_this_machine_is_listed(engine: Engine) -> None:
    answer = engine.ask(ListDevices(0), SECONDS)
    assert isinstance(answer, Devices)
    cpu = answer.devices[0]
    assert (cpu.id, cpu.available, cpu.reason) == ("cpu", True, None)
    assert str(cpu.title).startswith("CPU: ")
    assert cpu.memory == psutil.virtual_memory().total
    assert all(device.available == (device.reason is None) for device in answer.devices)
    assert answer.devices[-1].id == "all"


def test_no_driver(tmp_path: Path) -> None:
    found = devices(tmp_path, driver=False)
    assert list(found) == ["cpu", "gpu:0", "all"]
    assert found["gpu:0"][1:3] == [False, "No NVIDIA driver was found on this machine."]
    assert found["all"][1:3] == [False, "This needs at least two GPUs; there are 0."]


def test_a_driver_but_no_cuda(tmp_path: Path) -> None:
    reason = devices(tmp_path, cuda=False)["gpu:0"][2]
    assert reason == (
        "There is an NVIDIA driver, but TensorFlow was installed without CUDA: run “python3 dev.py setup --gpu”."
    )


def test_everything_there_and_still_no_gpu(tmp_path: Path) -> None:
    assert "messages are in the console" in devices(tmp_path)["gpu:0"][2]


def test_windows_and_mac(tmp_path: Path) -> None:
    assert "no GPU support on Windows" in devices(tmp_path, platform="win32")["gpu:0"][2]
    mac = devices(tmp_path, platform="darwin", driver=False) if sys.platform == "darwin" else None
    assert mac is None or "GPU of a Mac" in mac["gpu:0"][2]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for nvidia-smi is a script")
def test_gpus_have_names_and_memory(tmp_path: Path) -> None:
    found = devices(tmp_path, "Card A, 24576\nCard B, 81920", gpus=["Card B", "Card A"])
    assert found["gpu:0"] == ["GPU 0: Card B", True, "None", 80 * 2**30]  # by name: the orders differ
    assert found["gpu:1"] == ["GPU 1: Card A", True, "None", 24 * 2**30]
    assert found["all"] == ["All GPUs", True, "None", 104 * 2**30]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for nvidia-smi is a script")
def test_one_gpu_is_not_several(tmp_path: Path) -> None:
    found = devices(tmp_path, "garbage", gpus=["Card"])
    assert found["gpu:0"][1:] == [True, "None", None]
    assert found["all"][1:3] == [False, "This needs at least two GPUs; there are 1."]


def test_other_backends_train_on_one_gpu(tmp_path: Path) -> None:
    found = devices(tmp_path, backend="jax", gpus=["Card", "Card"])
    assert found["all"][2] == "Training on several GPUs needs TensorFlow as Keras backend."
