"""Folders that a person does not want any more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFile

from app.system.waiting import wait_for
from resources.os_reasons import os_reason
from resources.text import tr


def throw_away(folder: Path, for_good: Callable[[], bool]) -> str:
    """Put the folder into the trash, or, where there is none and `for_good` says so, delete it.

    The answer is empty, or a sentence about what kept it. The window goes on painting meanwhile.
    """
    if wait_for(lambda: QFile.moveToTrash(str(folder))) or not for_good():
        return ""
    try:
        wait_for(lambda: shutil.rmtree(folder))
    except OSError as error:
        reason = os_reason(error)
        return tr("{file} was not deleted: {reason}.", file=folder.name, reason=reason)
    return ""
