"""Turns what a program writes for a terminal into plain lines."""

import re

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?$")
_MOTIONS = re.compile(r"([\r\x08])")
LONGEST_LINE = 20_000  # characters; no view can lay out more at once, and nobody reads it
_LONGEST_ESCAPE = 4_096  # what is longer never was an escape sequence


class ConsoleText:
    """The line that is being written, and how text changes it.

    Colours and other escape sequences are dropped, also where they arrive in pieces. A carriage return goes back to
    the start of the line and what follows writes over it, as progress bars do. Of a line longer than LONGEST_LINE the
    rest is dropped.
    """

    def __init__(self) -> None:
        self.line = ""  # the line that no newline has finished yet
        self._column = 0
        self._held = ""  # the beginning of an escape sequence whose rest has not come yet

    def feed(self, text: str) -> list[str]:
        """Take more text; the lines that it finished."""
        text = self._held + text
        unfinished = _UNFINISHED.search(text)
        self._held = unfinished.group() if unfinished and len(unfinished.group()) < _LONGEST_ESCAPE else ""
        text = text[: len(text) - len(self._held)]
        finished = []
        *complete, rest = _ESCAPE.sub("", text).split("\n")
        for piece in complete:
            self._write(piece)
            finished.append(self.line.rstrip())
            self.line, self._column = "", 0
        self._write(rest)
        return finished

    def _write(self, piece: str) -> None:
        for part in _MOTIONS.split(piece):
            if part == "\r":
                self._column = 0
            elif part == "\x08":
                self._column = max(self._column - 1, 0)
            else:
                end = self._column + len(part)
                self.line = (self.line[: self._column] + part + self.line[end:])[:LONGEST_LINE]
                self._column = min(end, LONGEST_LINE)
