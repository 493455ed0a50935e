"""Why a run failed, in one sentence. A full disk and a lack of memory are told apart: TensorFlow calls both
"resource exhausted"."""

import errno
from collections.abc import Iterator
from typing import Final

from resources.text import Text

OUT_OF_MEMORY: Final = Text("There was not enough memory: a smaller batch size needs less.")
DISK_FULL: Final = Text("The disk is full.")

_DISK_ERRORS: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_DISK_WINDOWS: Final = {39, 112}  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
_DISK_WORDS: Final = ("no space left on device", "disk quota exceeded", "not enough space on the disk")
_MEMORY_WORDS: Final = ("RESOURCE_EXHAUSTED", "ResourceExhausted", "out of memory", "OutOfMemory", "OOM when")
_WHERE_WORDS: Final = ("Graph execution error", "Detected at node", "Detected unsupported", "File ", "<stack", "[[")


def is_disk_full(error: BaseException) -> bool:
    """Whether a disk (or what one person may have of it) was full; libraries wrap that in errors of their own."""
    return any(_tells_of_disk(link) for link in _chain(error))


def failure_text(error: BaseException) -> Text:
    """Return what to say of an exception that ended a run and that no rule knows better."""
    message = str(error).strip()
    if is_disk_full(error):
        return DISK_FULL
    if any(_tells_of_memory(link) for link in _chain(error)):
        return OUT_OF_MEMORY
    return Text("Training failed: {reason}", {"reason": first_telling_line(message) or type(error).__name__})


def writing_reason(error: BaseException) -> str | Text:
    """Why a file could not be written, as a part of a sentence."""
    if is_disk_full(error):
        return Text("the disk is full")
    return getattr(error, "strerror", None) or first_telling_line(str(error)) or type(error).__name__


def first_telling_line(message: str) -> str:
    """TensorFlow begins with where in its graph something happened; the reason comes after that."""
    lines = [line.strip() for line in message.splitlines()]
    telling = [line for line in lines if line and not line.startswith(_WHERE_WORDS)]
    return telling[0][:300] if telling else ""


def _tells_of_disk(error: BaseException) -> bool:
    if isinstance(error, OSError) and (error.errno in _DISK_ERRORS or _windows_number(error) in _DISK_WINDOWS):
        return True
    message = str(error).lower()
    return any(words in message for words in _DISK_WORDS)


def _tells_of_memory(error: BaseException) -> bool:
    words = f"{type(error).__name__}: {error}"
    return isinstance(error, MemoryError) or any(word in words for word in _MEMORY_WORDS)


def _windows_number(error: OSError) -> int | None:
    return getattr(error, "winerror", None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from."""
    visited: set[int] = set()
    while error is not None and id(error) not in visited:
        visited.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
