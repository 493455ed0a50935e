"""What a person has agreed to run: by project and by the exact contents of each file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.system.agreements import Agreements
from runtime.spec import CodeFile

FILE: Final = "agreed_code.json"


class ConsentStore:
    """Code that may run. A project without a file is agreed to until the program ends."""

    def __init__(self, folder: Path) -> None:
        self._agreements = Agreements(folder / FILE)
        self._unsaved: dict[str, str] = {}

    def is_agreed(self, project: Path | None, files: Sequence[CodeFile]) -> bool:
        """Whether each of the files was agreed to as it is."""
        known = self._unsaved if project is None else self._agreements.of(project)
        return all(file.sha256 and known.get(file.path) == file.sha256 for file in files)

    def agree(self, project: Path | None, files: Sequence[CodeFile]) -> None:
        """From now on; what the project had before is forgotten."""
        agreed = {file.path: file.sha256 for file in files}
        if project is None:
            self._unsaved = agreed
        else:
            self._agreements.keep(project, agreed)

    def forget_unsaved(self) -> None:
        """Another project is open now."""
        self._unsaved = {}
