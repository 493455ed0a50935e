"""The GPUs that PyTorch finds."""

import torch

from runtime.worker.devices.listing import Gpu


def hide_gpus() -> None:
    """PyTorch takes memory on a GPU only when something is put there; Keras must be told not to."""
    from keras.src.backend.common import global_state

    global_state.set_global_attribute("torch_device", "cpu")


def list_gpus() -> list[Gpu]:
    properties = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
    return [Gpu(str(gpu.name), int(gpu.total_memory)) for gpu in properties]


def cuda_installed() -> bool:
    return torch.version.cuda is not None
