"""The process that reads one log of another program, with the limits of the one that reads models."""

from __future__ import annotations

import traceback
from importlib import import_module
from pathlib import Path

import msgspec

from app.model_files.answers import sendable
from app.model_files.process import MEMORY_BYTES, answer_one
from resources.os_reasons import os_reason
from resources.text import Text
from runtime.tracking.log_reader import read_log
from runtime.tracking.read_log import Answer, LogError, LogRefused


def main() -> int:
    return answer_one(_libraries, lambda path, _: msgspec.msgpack.encode(answer_about(path)))


def _libraries() -> None:
    """Those of the readers, which take memory of their own."""
    for name in ("google.protobuf.message", "tensorboard.compat.proto.event_pb2"):
        import_module(name)


def answer_about(path: Path) -> Answer:
    try:
        return read_log(path)
    except LogError as error:
        return _refused(path, error.text)
    except OSError as error:
        return _refused(path, Text("it cannot be read: {reason}.", {"reason": os_reason(error)}))
    except MemoryError:
        text = Text("reading it needs more memory than {megabytes} MB.", {"megabytes": MEMORY_BYTES // 2**20})
        return _refused(path, text)
    except Exception as error:  # the last door: whatever the log has made of our readers stays in this process
        reason = Text("it makes no sense ({reason}).", {"reason": type(error).__name__})
        return _refused(path, reason, traceback.format_exc()[-4000:])


def _refused(path: Path, reason: Text, detail: str = "") -> LogRefused:
    text = Text("{file} was not imported: {reason}", {"file": path.name, "reason": reason})
    return LogRefused(sendable(text), detail)
