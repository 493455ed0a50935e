"""The devices that training can use here, and why others cannot be used. Never a guess: Keras' backend is asked."""

import importlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import keras

from resources.text import Text
from runtime.messages.devices import Device
from runtime.worker.devices.cores import cpu_cores

_BACKENDS: Final = ("tensorflow", "jax", "torch")


@dataclass(frozen=True, slots=True)
class Gpu:
    """`memory` is in bytes."""

    name: str
    memory: int | None = None


def hide_gpus() -> None:
    """Keeps this process off the GPUs; they are still listed."""
    module = _backend_module()
    if module is not None:
        module.hide_gpus()


def list_devices() -> tuple[Device, ...]:
    """CPU first, then GPUs, then all GPUs together."""
    module = _backend_module()
    gpus: Sequence[Gpu] = module.list_gpus() if module is not None else ()
    devices = [
        Device(f"gpu:{index}", Text("GPU {index}: {name}", {"index": index, "name": gpu.name}), True, None, gpu.memory)
        for index, gpu in enumerate(gpus)
    ]
    if not devices:
        devices = [Device("gpu:0", Text("GPU"), False, missing_gpu_reason())]
    return (_cpu(), *devices, _all_gpus(gpus))


def missing_gpu_reason() -> Text:
    """Why there is no GPU to train on."""
    backend = keras.backend.backend()
    if sys.platform == "darwin":
        return Text("{backend} cannot use the GPU of a Mac here.", {"backend": _title(backend)})
    if not nvidia_driver_found():
        return Text("No NVIDIA driver was found on this machine.")
    if backend == "tensorflow" and sys.platform == "win32":
        return Text("TensorFlow has no GPU support on Windows; PyTorch as Keras backend has.")
    module = _backend_module()
    if module is not None and not module.cuda_installed():
        return Text(
            "There is an NVIDIA driver, but {backend} was installed without CUDA: run “{command}”.",
            {"backend": _title(backend), "command": "python3 dev.py setup --gpu"},
        )
    return Text("{backend} finds no GPU it can use; its messages are in the console.", {"backend": _title(backend)})


def nvidia_driver_found() -> bool:
    if Path("/proc/driver/nvidia/version").exists() or any(Path("/dev").glob("nvidia[0-9]*")):
        return True
    return shutil.which("nvidia-smi") is not None and bool(nvidia_smi())


def nvidia_smi() -> list[Gpu]:
    """Every NVIDIA GPU by the driver's own account; none where there is no driver."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    try:
        output = subprocess.run(
            [program, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return []
    return [gpu for line in output.splitlines() if (gpu := _gpu(line)) is not None]


def memory_of(name: str, index: int) -> int | None:
    """The memory of the GPU that a backend calls `index`: orders may differ, so the name decides where it can."""
    gpus = nvidia_smi()
    same = [gpu for gpu in gpus if gpu.name == name]
    if same and len({gpu.memory for gpu in same}) == 1:
        return same[0].memory
    return gpus[index].memory if index < len(gpus) and gpus[index].name == name else None


def _gpu(line: str) -> Gpu | None:
    name, comma, megabytes = line.rpartition(",")
    if not comma:
        return None
    size = megabytes.strip()
    return Gpu(name.strip(), int(size) * 1024 * 1024 if size.isdigit() else None)


def _all_gpus(gpus: Sequence[Gpu]) -> Device:
    title = Text("All GPUs")
    if keras.backend.backend() != "tensorflow":
        return Device("all", title, False, Text("Training on several GPUs needs TensorFlow as Keras backend."))
    if len(gpus) < 2:
        return Device(
            "all", title, False, Text("This needs at least two GPUs; there are {count}.", {"count": len(gpus)})
        )
    memory = sum(gpu.memory for gpu in gpus if gpu.memory is not None)
    return Device("all", title, True, None, memory or None)


def _cpu() -> Device:
    import psutil

    title = Text("CPU: {name}, {cores} cores", {"name": cpu_name(), "cores": cpu_cores()})
    return Device("cpu", title, True, None, psutil.virtual_memory().total)


def cpu_name() -> str:
    name = ""
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    elif sys.platform == "darwin":
        result = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        )
        name = result.stdout.strip()
    return name or platform.processor() or platform.machine()


def _backend_module() -> ModuleType | None:
    """runtime.worker.<backend>_gpus: what only one backend can tell."""
    backend = keras.backend.backend()
    if backend not in _BACKENDS:
        return None
    return importlib.import_module(f"runtime.worker.devices.{backend}_gpus")


def _title(backend: str) -> str:
    return {"tensorflow": "TensorFlow", "jax": "JAX", "torch": "PyTorch"}.get(backend, backend)
