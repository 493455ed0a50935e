"""What a person has agreed to run: by project and by the exact contents of each file. Never stored in the project."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from resources.private_files import write_private
from runtime.spec import CodeFile

FILE: Final = "agreed_code.json"
_log = logging.getLogger(__name__)
_Agreed = dict[str, dict[str, str]]  # project → file → SHA-256


class ConsentStore:
    """Remembers in `folder`. A project without a file is agreed to until the program ends; a broken file is no yes."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._unsaved: dict[str, str] = {}

    def is_agreed(self, project: Path | None, files: Sequence[CodeFile]) -> bool:
        """Whether each of the files was agreed to as it is."""
        known = self._unsaved if project is None else self._read().get(str(project.absolute()), {})
        return all(file.sha256 and known.get(file.path) == file.sha256 for file in files)

    def agree(self, project: Path | None, files: Sequence[CodeFile]) -> None:
        """From now on; what the project had before is forgotten."""
        agreed = {file.path: file.sha256 for file in files}
        if project is None:
            self._unsaved = agreed
            return
        try:
            write_private(self._path, msgspec.json.encode({**self._read(), str(project.absolute()): agreed}))
        except OSError as error:
            _log.warning("The consent could not be kept: %s", error)

    def forget_unsaved(self) -> None:
        """Another project is open now."""
        self._unsaved = {}

    def _read(self) -> _Agreed:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Agreed)
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            _log.warning("The list of agreed code could not be read: %s", error)
            return {}
