"""The process that reads one file of a stranger, says what is in it, and ends. No window, no Keras, no second file.

A file made to do harm may crash the libraries that read HDF5 and zip, or eat what they can get: here that costs a
process which holds nothing. Limits hold from before the file is opened: memory, time, no file of more than no bytes.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from app.model_files.answers import Answer, ReadModel, Refused, encoded, sendable
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.files.file_format import FileError, to_json
from graph_editor.keras_format.files.opening import open_model
from resources.text import Text

MEMORY_BYTES: Final = 2 * 2**30  # beyond what the program itself takes
CPU_SECONDS: Final = 60
T = TypeVar("T")
_LONGEST_QUESTION: Final = 64 * 1024
_WHY: Final = Text("reading it needs more memory than {megabytes} MB.", {"megabytes": MEMORY_BYTES // 2**20})


def main() -> int:
    return answer_one(Catalog.load, lambda path, catalog: encoded(answer_about(path, catalog)))


def answer_one(prepare: Callable[[], T], answer: Callable[[Path, T], bytes]) -> int:
    """Reads a line {"path": …} from stdin and answers on stdout, which nothing else here writes to.

    `prepare` may read files of ours: limits hold from then on.
    """
    with os.fdopen(os.dup(1), "wb") as out:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        ready = prepare()
        line = sys.stdin.buffer.readline(_LONGEST_QUESTION)
        if not line:
            return 0  # it was made ready, and then not needed
        path = Path(json.loads(line)["path"])
        _limit()
        out.write(answer(path, ready))
    return 0


def answer_about(path: Path, catalog: Catalog) -> Answer:
    """Return what is in the file, or why it is not opened."""
    try:
        model = open_model(path, catalog)
        content = json.dumps(to_json(model.document), ensure_ascii=False, separators=(",", ":")).encode()
        return ReadModel(content, model.weights, tuple(map(sendable, model.notes)))
    except FileError as error:
        return Refused(sendable(error.text))
    except MemoryError:
        return Refused(sendable(Text.of("{file} cannot be opened: {reason}", file=path.name, reason=_WHY)))
    except Exception as error:  # the last door: whatever the file has made of our readers stays in this process
        reason = Text("it makes no sense ({reason}).", {"reason": type(error).__name__})
        text = Text.of("{file} cannot be opened: {reason}", file=path.name, reason=reason)
        return Refused(sendable(text), traceback.format_exc()[-4000:])


def _limit() -> None:
    """Limit what this process may take from now on. Where there are no such limits, the window watches it alone."""
    try:
        import resource
    except ImportError:
        return
    cpu_seconds = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    limits = {
        "RLIMIT_AS": _address_space() + MEMORY_BYTES,
        "RLIMIT_CPU": int(cpu_seconds) + CPU_SECONDS,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
    }
    for name, limit in limits.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        most = resource.getrlimit(kind)[1]
        limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
        try:
            resource.setrlimit(kind, (limit, limit))
        except (OSError, ValueError):  # macOS has no limit of addresses: the window counts what is in use instead
            continue


def _address_space() -> int:
    """Bytes of addresses that this process has already, most of them never used."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 2**30
    return pages * os.sysconf("SC_PAGE_SIZE")
