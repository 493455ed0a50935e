"""Logs of other programs (TensorBoard, Keras' CSVLogger), read by a process of their own, and stored as runs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec

from app.model_files.answers import AnswerError, check_text
from app.model_files.reader import ModelReader, reader_command
from graph_editor.document.files.file_format import FileError
from resources.text import Text
from runtime.store import RunStore
from runtime.tracking.imported import store_imported
from runtime.tracking.read_log import MOST_RUNS, Answer, LogRefused, ReadRuns

VERB: Final = "read-log"  # not one that people are told of
_decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
_log = logging.getLogger(__name__)


class LogFileReader(ModelReader):
    """`read_log` reads one file, or a folder."""

    def __init__(self) -> None:
        super().__init__(reader_command(VERB))

    def read_log(self, path: Path) -> ReadRuns:
        """Return the runs in it. Raises FileError with one sentence, and CancelledError."""
        content = self.said_of(path)
        try:
            answer = _decoder.decode(content)
            if isinstance(answer, LogRefused):
                check_text(answer.text)
        except (msgspec.MsgspecError, AnswerError, UnicodeDecodeError, RecursionError) as error:
            _log.warning("No answer about %s: %s", path, error)
            reason = Text("the process that read it gave no sensible answer.")
            raise FileError(Text("{file} was not imported: {reason}", {"file": path.name, "reason": reason})) from error
        if isinstance(answer, LogRefused):
            if answer.detail:
                _log.warning("%s was not imported: %s", path, answer.detail)
            raise FileError(answer.text)
        return msgspec.structs.replace(answer, runs=answer.runs[:MOST_RUNS])


def import_log(reader: LogFileReader, path: Path, runs: Path) -> tuple[list[Path], int]:
    """Read `path` and store what is in it in the folder `runs`; the folders, and how much was left out.

    Raises FileError, StoreError and CancelledError.
    """
    read = reader.read_log(path)
    return store_imported(RunStore(runs), read.runs), read.left_out
