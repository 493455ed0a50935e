"""What the operating system refused, read out of whatever a library made of it.

TensorFlow calls a full disk, a used-up quota, too many open files and a lack of memory "resource exhausted", all four.
HDF5 tells of the system's errors in words alone. What is asked here first decides what people read.
"""

import errno
import os
import re
from collections.abc import Iterator
from typing import Final

from resources.os_reasons import os_reason, os_reason_of_number
from resources.text import Text

# What the machine has run out of: the cause of whatever was raised on top of it.
_RUN_OUT: Final = ("ENOSPC", "EDQUOT", "EFBIG", "EMFILE", "ENFILE")
_OTHERS: Final = ("EACCES", "EPERM", "EROFS", "EIO", "ESTALE", "ENAMETOOLONG", "ENOENT", "ENOTDIR", "EISDIR")
_WORDS: Final = {
    "no space left on device": errno.ENOSPC,
    "not enough space on the disk": errno.ENOSPC,
    "disk quota exceeded": getattr(errno, "EDQUOT", errno.ENOSPC),
    **{os.strerror(number).lower(): number for name in (*_RUN_OUT, *_OTHERS) if (number := getattr(errno, name, 0))},
}
_AT_END: Final = re.compile(r"[ .')\"]+$")
_NUMBERS_RUN_OUT: Final = {number for name in _RUN_OUT if (number := getattr(errno, name, 0))}
_MEMORY_WORDS: Final = re.compile(
    r"RESOURCE_EXHAUSTED|ResourceExhausted|OutOfMemory|OOM when|[Oo]ut of memory|not enough memory|Unable to allocate"
    r"|[Cc]annot allocate memory|std::bad_alloc|bad allocation|Failed to allocate|failed to allocate memory"
)


def system_error(error: BaseException) -> OSError | int | None:
    """The system's error behind an exception, as an OSError or its bare number; None: it was something else.

    That something has run out counts wherever it lies behind the exception, anything else only if it was raised itself
    or is named as the cause: code may have looked for a file, not found it, and gone on.
    """
    found: OSError | int | None = None
    for place, link in enumerate(chain(error)):
        number = _number(link)
        if number in _NUMBERS_RUN_OUT or _ran_out_on_windows(link):
            return link if isinstance(link, OSError) and link.errno == number else number
        if found is None and number is not None and (place == 0 or link is error.__cause__):
            found = link if isinstance(link, OSError) and link.errno is not None else number
    return found


def system_reason(error: BaseException) -> str | Text | None:
    """What the system refused, as the end of a sentence; None: it was something else."""
    found = system_error(error)
    if isinstance(found, OSError):
        return os_reason(found)
    return None if found is None else os_reason_of_number(found)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the memory of the machine or of the device was too small. A full disk is none of that."""
    found = system_error(error)
    if found is not None:
        return (found.errno if isinstance(found, OSError) else found) == errno.ENOMEM
    return any(_tells_of_memory(link) for link in chain(error))


def writing_reason(error: BaseException) -> str | Text:
    """Why a file could not be written, as a part of a sentence."""
    if reason := system_reason(error):
        return reason
    if is_out_of_memory(error):
        return os_reason_of_number(errno.ENOMEM)
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return first[:300].rstrip(".") or type(error).__name__


def _number(error: BaseException) -> int | None:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    message = str(error)
    if found := re.search(r"errno = (\d+)", message):  # HDF5
        return int(found[1])
    # The system's own words end the message, or a line of it: "train/events.v2; No space left on device".
    for line in message.lower().splitlines():
        for words, number in _WORDS.items():
            if words in line and (number in _NUMBERS_RUN_OUT or _AT_END.sub("", line).endswith(words)):
                return number
    return None


def _ran_out_on_windows(error: BaseException) -> bool:
    return getattr(error, "winerror", None) in (39, 112, 1295)  # a full disk, twice; a quota


def _tells_of_memory(error: BaseException) -> bool:
    return isinstance(error, MemoryError) or bool(_MEMORY_WORDS.search(f"{type(error).__name__}: {error}"))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from."""
    visited: set[int] = set()
    while error is not None and id(error) not in visited:
        visited.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
