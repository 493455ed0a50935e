"""How a worker ended, in a sentence: by itself, by a signal, or because the machine had run out of something."""

import contextlib
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.os_reasons import DISK_FULL
from resources.text import Text

_COUNTERS: Final = Path("/proc/vmstat")
# What libraries print before they give up; the end of the output is looked at, as earlier words may be of another day.
_MEMORY_WORDS: Final = re.compile(r"std::bad_alloc|bad allocation|[Oo]ut of memory|OOM when|[Cc]annot allocate memory")
_DISK_WORDS: Final = re.compile(r"No space left on device|not enough space on the disk", re.IGNORECASE)
_LAST_WORDS: Final = 2_000  # characters
_NO_MEMORY_CODES: Final = {0xC0000017, 0xC000012D, -1073741801, -1073741523}  # of Windows
_STACK_CODES: Final = {0xC00000FD, -1073741571}
_OUT_OF_MEMORY: Final = Text(
    "Keras' process was ended because the memory ran out: a smaller batch size or a smaller model needs less."
)


@dataclass(frozen=True, slots=True)
class ProcessEnd:
    """How a worker ended. `code` is None if it never started or if a signal ended it; `text` says it in a sentence."""

    code: int | None
    signal: str | None
    last_output: str
    text: Text


def memory_kills() -> int | None:
    """How often the kernel has ended a process for lack of memory since it started; None: it does not say."""
    with contextlib.suppress(OSError, ValueError):
        for line in _COUNTERS.read_text("ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return None


def describe_end(code: int | None, last_output: str, problem: Text | None, kills_before: int | None) -> ProcessEnd:
    """`problem` is what is known already; `kills_before` what `memory_kills` said when the worker was started."""
    name = (
        _signal_name(-code) if code is not None and code < 0 and code not in _NO_MEMORY_CODES | _STACK_CODES else None
    )
    text = problem or _sentence(code or 0, name, last_output[-_LAST_WORDS:], kills_before)
    return ProcessEnd(None if name else code, name, last_output, text)


def _sentence(code: int, name: str | None, last_words: str, kills_before: int | None) -> Text:
    if name is None and code == 0:
        return Text("Keras' process has ended.")
    if name == "SIGKILL":  # what Linux does to the largest process when the memory runs out
        kills = memory_kills()
        if kills is not None and kills_before is not None and kills > kills_before:
            return _OUT_OF_MEMORY
        return Text("Keras' process was killed: by somebody, or because the memory ran out.")
    if code in _NO_MEMORY_CODES or _MEMORY_WORDS.search(last_words):
        return _OUT_OF_MEMORY
    if code in _STACK_CODES:
        return Text("Keras' process was ended because functions called each other too deep.")
    if _DISK_WORDS.search(last_words):
        return Text.of("Keras' process was ended: {reason}.", reason=DISK_FULL)
    if name == "SIGBUS":
        return Text("Keras' process was ended by SIGBUS: a file became shorter while it was read, or a disk was full.")
    if name is not None:
        return Text("Keras' process was ended by {signal}.", {"signal": name})
    return Text("Keras' process broke off with exit status {code}.", {"code": code})


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
