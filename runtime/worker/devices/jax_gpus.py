"""The GPUs that JAX finds."""

import os

import jax

from runtime.worker.devices.listing import Gpu, memory_of


def hide_gpus() -> None:
    """JAX would take three quarters of the GPU's memory with its first array."""
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    jax.config.update("jax_default_device", jax.devices("cpu")[0])


def list_gpus() -> list[Gpu]:
    try:
        devices = jax.devices("gpu")
    except RuntimeError:  # JAX' way to say that there is none
        return []
    return [Gpu(str(device.device_kind), memory_of(str(device.device_kind), device.id)) for device in devices]


def cuda_installed() -> bool:
    return "cuda" in jax.lib.xla_bridge.get_backend().platform_version.lower()
