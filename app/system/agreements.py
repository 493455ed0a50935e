"""What a person has agreed to: by project, in the state folder. Never stored in the project."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec

from resources.private_files import write_private
from resources.regular_files import read_regular

_MOST_BYTES: Final = 16 * 2**20
_log = logging.getLogger(__name__)
_Agreed = dict[str, dict[str, str]]  # project → thing → the state of it that was agreed to


class Agreements:
    """What was agreed to, by project, in one file of the state folder. A broken file is no yes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, project: Path) -> dict[str, str]:
        return self._read().get(str(project.absolute()), {})

    def keep(self, project: Path, agreed: dict[str, str]) -> None:
        """Remember these for the project, and forget what it had before."""
        known = self._read()
        if known.get(str(project.absolute()), {}) == agreed:
            return
        try:
            write_private(self._path, msgspec.json.encode({**known, str(project.absolute()): agreed}))
        except (OSError, UnicodeEncodeError) as error:
            _log.warning("The consent could not be kept: %s", error)

    def _read(self) -> _Agreed:
        try:
            return msgspec.json.decode(read_regular(self._path, _MOST_BYTES), type=_Agreed)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("The list of what was agreed to could not be read: %s", error)
            return {}
