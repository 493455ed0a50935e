"""A full disk is not a lack of memory, whoever tells of it and however it is wrapped."""

import errno
import os

import pytest

from runtime.worker.process.failures import DISK_FULL, OUT_OF_MEMORY, failure_text, is_disk_full, writing_reason


class ResourceExhaustedError(Exception):
    """Called as TensorFlow's is, which stands for both."""


def wrapped(inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except Exception as error:
            raise RuntimeError("Can't decrement id ref count") from error
    except RuntimeError as error:
        return error


FULL = [
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
    ResourceExhaustedError("{{function_node __wrapped__FlushSummaryWriter}} train/events.v2; No space left on device"),
    wrapped(OSError(errno.ENOSPC, "No space left on device")),
    OSError(
        "Unable to synchronously write data (file write failed: errno = 28, error message = 'No space left on device')"
    ),
    OSError("[WinError 112] There is not enough space on the disk"),
]


@pytest.mark.parametrize("error", FULL, ids=range(len(FULL)))
def test_a_full_disk_is_called_one(error: Exception) -> None:
    assert is_disk_full(error)
    assert failure_text(error) == DISK_FULL
    assert str(writing_reason(error)) == "the disk is full"


@pytest.mark.parametrize(
    "error",
    [
        ResourceExhaustedError("OOM when allocating tensor with shape[200000,200000]"),
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        wrapped(ResourceExhaustedError("OOM when allocating tensor")),
    ],
)
def test_a_lack_of_memory_is_called_one(error: Exception) -> None:
    assert not is_disk_full(error)
    assert failure_text(error) == OUT_OF_MEMORY


def test_other_reasons_stay_what_they_are() -> None:
    error = PermissionError(errno.EACCES, "Permission denied")
    assert writing_reason(error) == "Permission denied"
    assert str(failure_text(ValueError("Graph execution error:\nno class 7"))) == "Training failed: no class 7"


def test_an_error_that_leads_to_itself_is_looked_at_once() -> None:
    error = ValueError("a")
    error.__context__ = error
    assert not is_disk_full(error)
