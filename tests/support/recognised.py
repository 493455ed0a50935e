"""What a fake engine says of a path: the kind that its suffix belongs to."""

from pathlib import Path

from resources.text import Text
from runtime.data_kinds import data_kinds
from runtime.messages.connection import Failed
from runtime.messages.describing import DataRecognized, RecognizeData
from runtime.messages.protocol import Answer


def by_suffix(message: RecognizeData) -> Answer:
    path = Path(message.path)
    for kind in data_kinds():
        if path.suffix.lower() in kind.suffixes:
            return DataRecognized(message.id, kind.key, kind.title)
    return Failed(message.id, Text("{file} is nothing that can be read as data.", {"file": path.name}))
