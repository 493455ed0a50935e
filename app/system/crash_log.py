"""Errors of our own: into a log file in full, into the window as one friendly sentence."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from app.system.places import state_dir
from resources.private_files import private_folder, private_opener
from resources.text import tr

LOG_NAME = "lamella.log"
_log = logging.getLogger("lamella")


class _PrivateLog(RotatingFileHandler):
    """A log may name files and hold values: it is for its owner alone."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=private_opener)


def install_crash_log(notify: Callable[..., None]) -> Path:
    """From now on nothing that goes wrong in Python is lost, and nothing ends the program. Returns the log's path."""
    path = state_dir() / LOG_NAME
    root = logging.getLogger()
    try:
        private_folder(path.parent)
        handler = _PrivateLog(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        root.addHandler(handler)
    except OSError as error:
        root.warning("There is no log file: %s", error)

    def report(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, value, trace)
            return
        _log.error("Unexpected error", exc_info=(kind, value, trace))
        if threading.current_thread() is threading.main_thread():
            sentence = tr(
                "Something went wrong inside Lamella; your work is still here. Details: {path}", path=str(path)
            )
            notify(sentence, "error")

    sys.excepthook = report
    threading.excepthook = lambda args: report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    return path
