"""What a run has written down, all of it at once."""

from pathlib import Path

from runtime.event_file import EventReader
from runtime.events import TrainingEvent


def read_events(folder: Path, after_seq: int = 0) -> list[TrainingEvent]:
    """The events of a run with a higher sequence number (they start at 1)."""
    return [event for event in EventReader(folder).read() if event.seq > after_seq]
