"""A full disk is not a lack of memory, whoever tells of it and however it is wrapped."""

import errno
import os

import pytest

from runtime.worker.process.failures import is_out_of_memory, system_reason, writing_reason


class ResourceExhaustedError(Exception):
    """Called as TensorFlow's is, which stands for a full disk, a quota, open files and memory."""


def wrapped(inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except Exception as error:
            raise RuntimeError("Can't decrement id ref count") from error
    except RuntimeError as error:
        return error


def raised_after(inner: Exception, outer: Exception) -> Exception:
    """`outer`, raised while `inner` was dealt with."""
    try:
        try:
            raise inner
        except Exception:
            raise outer  # noqa: B904 - how code of others does it
    except Exception as error:
        return error


FULL = "the disk is full"
QUOTA = "your share of the disk (quota) is used up"
LARGE = "the file would be larger than the disk or your limits allow"
OPEN = "too many files are open"
RIGHT = "permission is denied"
REFUSED = [
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), FULL),
    (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), QUOTA),
    (OSError(errno.EFBIG, os.strerror(errno.EFBIG)), LARGE),
    (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), OPEN),
    (OSError(errno.ENFILE, os.strerror(errno.ENFILE)), OPEN),
    (OSError(errno.EROFS, os.strerror(errno.EROFS)), "the disk can only be read"),
    (OSError(errno.EIO, os.strerror(errno.EIO)), "the disk reports an error"),
    (PermissionError(errno.EACCES, "Permission denied"), RIGHT),
    (
        ResourceExhaustedError(
            "{{function_node __wrapped__FlushSummaryWriter}} train/events.v2; No space left on device"
        ),
        FULL,
    ),
    (ResourceExhaustedError("train/events.v2; Disk quota exceeded [Op:FlushSummaryWriter]"), QUOTA),
    (ResourceExhaustedError("train/events.v2; Too many open files"), OPEN),
    (Exception("train/events.v2; Read-only file system"), "the disk can only be read"),
    (Exception("runs/tensorboard; Permission denied"), RIGHT),
    (wrapped(OSError(errno.ENOSPC, "No space left on device")), FULL),
    (wrapped(OSError(errno.EMFILE, "Too many open files")), OPEN),
    (raised_after(OSError(errno.EDQUOT, "x"), RuntimeError("Unable to close file")), QUOTA),
    (
        OSError(
            "Unable to synchronously write data (file write failed: errno = 28, error message = 'No space left on "
            "device')"
        ),
        FULL,
    ),
    (RuntimeError("Can't close file (file write failed: errno = 27, error message = 'File too large')"), LARGE),
    (OSError("[WinError 112] There is not enough space on the disk"), FULL),
]


@pytest.mark.parametrize(("error", "reason"), REFUSED, ids=range(len(REFUSED)))
def test_what_the_system_refused_is_told(error: Exception, reason: str) -> None:
    assert str(system_reason(error)) == reason
    assert str(writing_reason(error)) == reason
    assert not is_out_of_memory(error)


@pytest.mark.parametrize(
    "error",
    [
        ResourceExhaustedError("OOM when allocating tensor with shape[200000,200000]"),
        MemoryError(),
        MemoryError("Unable to allocate 149. GiB for an array with shape (200000, 200000) and data type float32"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried to allocate 1"),
        RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 160000000000 bytes."),
        RuntimeError("std::bad_alloc"),
        wrapped(ResourceExhaustedError("OOM when allocating tensor")),
    ],
    ids=range(9),
)
def test_a_lack_of_memory_is_called_one(error: Exception) -> None:
    assert is_out_of_memory(error)
    assert str(writing_reason(error)) == "there is not enough memory"


@pytest.mark.parametrize(
    "error",
    [
        ValueError("permission denied by the layer's licence server, ask for it"),
        raised_after(FileNotFoundError(errno.ENOENT, "No such file"), ValueError("unknown words")),
        KeyError("x"),
    ],
    ids=range(3),
)
def test_other_reasons_stay_what_they_are(error: Exception) -> None:
    assert system_reason(error) is None
    assert not is_out_of_memory(error)
    assert str(writing_reason(error)).startswith(str(error).strip("'")[:5]) or isinstance(error, KeyError)


def test_an_error_that_leads_to_itself_is_looked_at_once() -> None:
    error = ValueError("a")
    error.__context__ = error
    assert system_reason(error) is None
