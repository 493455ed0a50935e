"""Whatever goes wrong in the window during a soak, in one list: errors of Python, lines of Qt, lines of the log."""

from __future__ import annotations

import logging
import sys
import threading
import tomllib
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_PROJECT_FILE = Path(__file__).parents[2] / "pyproject.toml"
# What QTest says, not Qt, of a key or a click that nobody wanted: a person may press Enter where it does nothing, or in
# what this very key closes, and click where a widget was before the window became smaller.
_NOT_WANTED = ("not accepted by receiving widget", "occurs outside target window", "occurs outside of target window")


class Faults:
    """`tell` is called with every new fault, on whatever thread it happens. The same words count once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._known: set[str] = set()
        self._listener: Callable[[str], None] | None = None
        settings = tomllib.loads(_PROJECT_FILE.read_text("utf-8"))["tool"]["pytest"]["ini_options"]
        self._harmless = tuple(settings["qt_log_ignore"])  # the same as in the tests

    @property
    def count(self) -> int:
        return len(self._known)

    def note(self, text: str) -> None:
        if text not in self._known:
            self._known.add(text)
            self._tell(text)

    def install(self) -> None:
        """After the application's own handlers, which go on to work."""
        qInstallMessageHandler(self.hear_qt)
        handler = _Handler(self.note)
        handler.setLevel(logging.WARNING)
        logging.getLogger().addHandler(handler)
        own = sys.excepthook

        def raised(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
            self.note("".join(traceback.format_exception(kind, value, trace)))
            own(kind, value, trace)

        sys.excepthook = raised
        sys.unraisablehook = lambda args: self.note(
            f"{args.err_msg or 'Unraisable'}: {args.object!r}\n"
            + "".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback))
        )
        threads = threading.excepthook

        def raised_in_thread(args: threading.ExceptHookArgs) -> None:
            self.note("".join(traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)))
            threads(args)

        threading.excepthook = raised_in_thread

    def lines_of(self, action: Callable[[], None]) -> list[str]:
        """What Qt writes during `action`, which is meant to write."""
        lines: list[str] = []
        self._listener = lines.append
        try:
            action()
        finally:
            self._listener = None
        return lines

    def _is_harmless(self, message: str) -> bool:
        of_qtest = message.startswith(("Keyboard event", "Mouse event")) and any(
            said in message for said in _NOT_WANTED
        )
        return of_qtest or message.startswith(self._harmless)

    def hear_qt(self, kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if self._listener is not None and kind == QtMsgType.QtDebugMsg:
            self._listener(message)
        elif kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not self._is_harmless(message):
            where = "".join(traceback.format_stack(limit=12)[:-1])
            self.note(f"Qt says: {message}\n{where}")


class _Handler(logging.Handler):
    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__()
        self._note = note

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is None:  # an error with its trace is noted where it is raised
            self._note(f"Logged by {record.name}: {record.getMessage()}")
