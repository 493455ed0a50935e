"""The project's own code as it lies on the disk: read, hashed and shown, never run here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from resources.os_reasons import os_reason
from resources.regular_files import FileTooLargeError, read_regular, shown_path
from resources.text import Text
from runtime.spec import CodeFile

MAX_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class CodeSource:
    """A file of code. `sha256` is that of `text`'s very bytes; `error` says why there are none."""

    path: Path
    text: str = ""
    sha256: str = ""
    error: Text | None = None

    @property
    def agreed(self) -> CodeFile:
        """What consent to this file is consent to."""
        return CodeFile(str(self.path), self.sha256)


def read_code(paths: Iterable[Path]) -> tuple[CodeSource, ...]:
    return tuple(_read(path.absolute()) for path in paths)


def _read(path: Path) -> CodeSource:
    file = shown_path(path.name)
    try:
        if path.suffix != ".py":
            raise FileNotFoundError
        content = read_regular(path, MAX_BYTES)
    except FileNotFoundError:
        return CodeSource(path, error=Text("The project's code {file} is not there.", {"file": shown_path(path)}))
    except FileTooLargeError:
        return CodeSource(path, error=Text.of("{file} is too large for code.", file=file))
    except OSError as error:
        return CodeSource(
            path, error=Text.of("{file} could not be read: {reason}.", file=file, reason=os_reason(error))
        )
    return CodeSource(path, content.decode("utf-8", "replace"), hashlib.sha256(content).hexdigest())
