"""The GPUs that TensorFlow finds."""

from importlib.util import find_spec

import tensorflow as tf

from runtime.worker.devices.listing import Gpu, memory_of


def hide_gpus() -> None:
    """Must come before TensorFlow computes anything: it would take most of the GPU's memory then."""
    if tf.config.list_physical_devices("GPU"):
        tf.config.set_visible_devices([], "GPU")


def list_gpus() -> list[Gpu]:
    gpus = []
    for index, device in enumerate(tf.config.list_physical_devices("GPU")):
        name = str(tf.config.experimental.get_device_details(device).get("device_name", device.name))
        gpus.append(Gpu(name, memory_of(name, index)))
    return gpus


def cuda_installed() -> bool:
    """Whether the CUDA libraries that `tensorflow[and-cuda]` brings are there."""
    return bool(tf.test.is_built_with_cuda()) and find_spec("nvidia") is not None
